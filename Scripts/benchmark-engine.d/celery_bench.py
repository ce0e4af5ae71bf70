"""Measures the peer like `columna benchmark engine` measures us; prints the same JSON."""
import json
import os
import sys
import time

import psycopg2

from celery_tasks import app, no_operation

jobs, rate, seconds = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
database = psycopg2.connect(os.environ["PEER_DATABASE_URL"])
database.autocommit = True
cursor = database.cursor()


def finished():
    cursor.execute("SELECT count(*) FROM celery_taskmeta WHERE status = 'SUCCESS'")
    return cursor.fetchone()[0]


def wait(count):
    end = time.monotonic() + 300
    while finished() < count:
        if time.monotonic() > end:
            sys.exit(f"celery finished {finished()} of {count} tasks within 300 s")
        time.sleep(0.05)


def percentile(values, share):
    return values[min(len(values) - 1, int(share * len(values)))]


no_operation.delay(time.time()).get(timeout=60)
cursor.execute("DELETE FROM celery_taskmeta")

begin = time.monotonic()
for _ in range(jobs):
    no_operation.delay(time.time())
enqueued = time.monotonic() - begin
wait(jobs)
elapsed = time.monotonic() - begin
cursor.execute("DELETE FROM celery_taskmeta")

count = int(rate * seconds)
begin = time.monotonic()
for number in range(count):
    time.sleep(max(0, begin + number / rate - time.monotonic()))
    no_operation.delay(time.time())
wait(count)
cursor.execute("SELECT result FROM celery_taskmeta")
latencies = sorted(1000 * json.loads(bytes(row[0])) for row in cursor.fetchall())
cursor.execute("DELETE FROM celery_taskmeta")
print(json.dumps({
    "jobs": jobs,
    "jobs_per_second": jobs / elapsed,
    "enqueued_per_second": jobs / enqueued,
    "start_p50_ms": percentile(latencies, 0.5),
    "start_p95_ms": percentile(latencies, 0.95),
    "start_p99_ms": percentile(latencies, 0.99),
}))
