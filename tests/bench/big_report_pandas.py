"""The figures of a report by pandas, for tests/bench/big_report.ts: `big_report_pandas.py FILE`."""
import sys

import pandas as pd

COLUMNS = ["timestamp", "cpu_percent", "memory_rss", "tool_name", "event", "status", "duration_ms",
           "child_cpu_seconds", "tool_use_id"]
rows = pd.read_csv(sys.argv[1], usecols=COLUMNS)
is_start = rows.event == "start"
key = ["tool_use_id", "tool_name"]
calls = rows[is_start].merge(rows[~is_start], on=key, suffixes=("_start", ""))
calls["duration"] = calls.duration_ms / 1000
calls["wait"] = calls.timestamp - calls.timestamp_start - calls.duration
calls["cpu"] = calls.child_cpu_seconds - calls.child_cpu_seconds_start
calls["failed"] = calls.status == "error"
tools = calls.groupby("tool_name")
print(tools.duration.agg(["count", "mean", "max", "sum"]).to_string())
print(tools.duration.quantile([0.5, 0.95, 0.99]).to_string())
print(tools[["wait", "cpu", "failed"]].sum().to_string())
print(rows.groupby("tool_name")[["memory_rss", "cpu_percent"]].agg(["mean", "max"]).to_string())
