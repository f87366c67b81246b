#!/usr/bin/env python3
"""The seed's pandas analysis for either layout: python3 examples/analyze.py [performance.csv]"""
import os
import sys

import pandas as pd

BASIC = ["timestamp", "cpu_percent", "memory_rss", "tool_name", "event"]

path = sys.argv[1] if len(sys.argv) > 1 else os.path.expanduser("~/.claude/performance.csv")
with open(path) as log:
    has_header = log.readline().startswith("timestamp,")
df = pd.read_csv(path, names=None if has_header else BASIC)

# Pair by the call's id; without one only the order of rows tells, and parallel calls mix.
if has_header:
    key = ["session_id", "tool_use_id"]
    starts = df[df["event"] == "start"].set_index(key)["timestamp"]
    ends = df[df["event"] == "end"].set_index(key)
    ends["seconds"] = ends["timestamp"] - starts
    print(ends.groupby("tool_name")["seconds"].agg(["count", "median", "max", "sum"]))

print(df.groupby("tool_name").agg({"cpu_percent": ["mean", "max"], "memory_rss": ["mean", "max"]}))
