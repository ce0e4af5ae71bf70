"""Prints the median of each figure over the repeats, ours beside the peer's, with the ratio."""
import json
import os
import statistics
import sys

rows = [
    ("jobs_per_second", "no-op jobs per second", True),
    ("enqueued_per_second", "enqueued per second, one at a time", True),
    ("enqueued_in_batches_per_second", "enqueued per second, 100 at a time", True),
    ("start_p50_ms", "enqueue to start at 50 jobs/s, p50, ms", False),
    ("start_p95_ms", "p95, ms", False),
    ("start_p99_ms", "p99, ms", False),
]
with open(sys.argv[1]) as file:
    runs = [json.loads(line) for line in file]
columns = list(dict.fromkeys(run["system"] for run in runs))
medians = {
    system: {key: statistics.median(values) for key, _, _ in rows if (values := [run[key] for run in runs if run["system"] == system and key in run])}
    for system in columns
}
width = max(len(title) for _, title, _ in rows)
print(" " * width, *(f"{name:>20}" for name in columns), f"{'ratio to Celery':>16}")
for key, title, more_is_better in rows:
    cells = [f"{medians[name][key]:20.1f}" if key in medians[name] else f"{'-':>20}" for name in columns]
    ours, peer = medians[columns[0]].get(key), medians[columns[-1]].get(key)
    ratio = f"{ours / peer if more_is_better else peer / ours:15.1f}x" if ours and peer else f"{'-':>16}"
    print(f"{title:<{width}}", *cells, ratio)
repeats = len(runs) // len(columns)
load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
print(f"\nMedian of {repeats} alternating runs of {runs[0]['jobs']} jobs; the ratio is how many times better the first column is.")
print(f"Load average now (1, 5, 15 min): {load} on {os.cpu_count()} cores.")
