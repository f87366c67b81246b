#!/usr/bin/python3
"""The figures of tests/bench/big_log.ts by pandas, for comparison with `perfmon report --all --json`.

    deno run -A tests/bench/big_log.ts /tmp/big.csv 100000
    /usr/bin/python3 tests/binary/report/report_big_log_figures.py /tmp/big.csv > tests/testdata/big_log_figures.json

Nothing of perfmon is used. Each call is one row of a join of starts and ends by tool_use_id; sums are
exact (fsum), quantiles pandas' own (type 7), figures rounded half up to six decimals.
"""
import json
import math
import sys

import pandas as pd

rows = pd.read_csv(sys.argv[1], float_precision="round_trip")
key = ["session_id", "tool_use_id"]
starts = rows[rows.event == "start"].set_index(key)
ends = rows[rows.event == "end"].set_index(key)
calls = starts.join(ends, lsuffix="_start", rsuffix="_end", validate="1:1").reset_index()
assert len(calls) * 2 == len(rows), "every call has a start and an end"

calls["tool"] = calls.tool_name_start
is_mcp = calls.tool.str.startswith("mcp__")
calls["group"] = calls.tool.where(~is_mcp, calls.tool.str.split("__").str[1])
calls["duration"] = calls.duration_ms_end / 1000
calls["wait"] = (calls.timestamp_end - calls.timestamp_start - calls.duration).clip(lower=0)
calls = calls.sort_values("timestamp_start", kind="stable")


def rounded(value):
    return math.floor(value * 1e6 + 0.5) / 1e6


def overlapping(group, by, begin, end):
    """Numbers the clusters of rows that overlap from `begin` to `end`."""
    latest = group.groupby(by)[end].cummax()
    before = latest.groupby(group[by]).shift()
    return (before.isna() | (group[begin] >= before)).groupby(group[by]).cumsum()


def cpu(group):
    """The column is cumulative: calls of a process that overlap are one, from the first start to the last end."""
    known = group[~group.tool.str.startswith("mcp__")]
    if known.empty:
        return None
    cluster = overlapping(known, "pid_start", "timestamp_start", "timestamp_end")
    clusters = known.groupby(["pid_start", cluster])
    used = clusters.child_cpu_seconds_end.max() - clusters.child_cpu_seconds_start.first()
    return rounded(math.fsum(used))


def shared(group, everything):
    """Whether a call overlaps another one of its process."""
    known = group[~group.tool.str.startswith("mcp__")]
    cluster = overlapping(everything, "pid_start", "timestamp_start", "timestamp_end")
    size = cluster.groupby([everything.pid_start, cluster]).transform("size")
    return bool((size.loc[known.index] > 1).any())


def union(group):
    """The time in which any of the calls ran."""
    spans = pd.DataFrame({"all": 0, "begin": group.timestamp_end - group.duration,
                          "end": group.timestamp_end}).sort_values("begin")
    cluster = overlapping(spans, "all", "begin", "end")
    merged = spans.groupby(cluster).agg(begin=("begin", "min"), end=("end", "max"))
    return rounded(math.fsum(merged.end - merged.begin))


def figures(name, kind, group):
    rss = pd.concat([group.memory_rss_start, group.memory_rss_end])
    percent = pd.concat([group.cpu_percent_start, group.cpu_percent_end])
    return {
        "name": name,
        "kind": kind,
        "calls": len(group),
        "failed": int((group.status_end == "error").sum()),
        "interrupted": int((group.status_end == "interrupted").sum()),
        "background": 0,
        "timed": len(group),
        "mean_seconds": rounded(math.fsum(group.duration) / len(group)),
        "p50_seconds": rounded(group.duration.quantile(0.5)),
        "p95_seconds": rounded(group.duration.quantile(0.95)),
        "p99_seconds": rounded(group.duration.quantile(0.99)),
        "max_seconds": rounded(group.duration.max()),
        "total_seconds": union(group) if kind == "all" else rounded(math.fsum(group.duration)),
        "wait_seconds": rounded(math.fsum(group.wait)),
        "cpu_seconds": cpu(group),
        "cpu_shared": shared(group, calls),
        "rss_mean_kib": rounded(math.fsum(rss) / len(rss)),
        "rss_max_kib": int(rss.max()),
        "cpu_percent_mean": rounded(math.fsum(percent) / len(percent)),
        "cpu_percent_max": rounded(percent.max()),
    }


groups = [
    figures(name, "mcp" if group.tool.str.startswith("mcp__").any() else "tool", group)
    for name, group in calls.groupby("group")
]
groups.sort(key=lambda group: -group["total_seconds"])
json.dump(
    {
        "sessions": int(rows.session_id.nunique()),
        "projects": int(rows.project.nunique()),
        "mcp_tools": int(calls.tool[is_mcp].nunique()),
        "first_timestamp": calls.timestamp_start.min(),
        "last_timestamp": calls.timestamp_start.max(),
        "all": figures("All", "all", calls),
        "groups": groups,
    },
    sys.stdout,
    indent=2,
)
print()
