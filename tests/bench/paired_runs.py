"""Runs programs one after the other, each round beginning with another one, and prints the median wall
time of each. What they print is thrown away.

Reads from stdin a JSON object: "runs", "warmup" and "commands", each with "argv", "env", "stdin" (text)
and, where something is to be done before each run, "before" (argv). Prints a list of milliseconds.
Python, because what starts a program of 1 ms must cost nothing itself: posix_spawn from a small process.
"""
import json
import os
import statistics
import subprocess
import sys
import time

plan = json.load(sys.stdin)
times = [[] for _ in plan["commands"]]
for run in range(-plan["warmup"], plan["runs"]):
    pairs = list(zip(plan["commands"], times))
    first = run % len(pairs)
    for command, taken in pairs[first:] + pairs[:first]:
        if "before" in command:
            subprocess.run(command["before"], check=True)
        reader, writer = os.pipe()
        os.set_inheritable(reader, True)
        actions = [
            (os.POSIX_SPAWN_DUP2, reader, 0),
            (os.POSIX_SPAWN_CLOSE, writer),
            (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
        ]
        begin = time.perf_counter()
        pid = os.posix_spawn(command["argv"][0], command["argv"], command["env"], file_actions=actions)
        os.close(reader)
        os.write(writer, command["stdin"].encode())
        os.close(writer)
        _, status = os.waitpid(pid, 0)
        end = time.perf_counter()
        assert status == 0, command["argv"]
        if run >= 0:
            taken.append(1000 * (end - begin))
json.dump([statistics.median(each) for each in times], sys.stdout)
