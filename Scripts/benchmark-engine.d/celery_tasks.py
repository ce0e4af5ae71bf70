"""The peer: Celery with prefork workers, RabbitMQ (a durable queue, persistent messages) and its results in PostgreSQL.

Everything else is Celery's default: acknowledgement before the task runs (acks_late off), prefetch 4 a process, JSON.
"""
import os
import time

from celery import Celery

app = Celery("peer", broker=os.environ["PEER_BROKER_URL"], backend=os.environ["PEER_RESULT_URL"])
app.conf.update(task_default_queue="celery-peer", worker_send_task_events=False, broker_connection_retry_on_startup=True)


@app.task
def no_operation(sent):
    """Seconds from the call of the client to the start here; one machine, one clock."""
    return time.time() - sent
