"""The peer: Celery with prefork workers, RabbitMQ (a durable queue, persistent messages) and its results in PostgreSQL.

Everything else is Celery's default: acknowledgement before the task runs (acks_late off), publishing unconfirmed, prefetch 4 a
process, JSON. With PEER_SAFE=1 a crash of broker or worker loses no task, as with us: a quorum queue, confirmed publishing, acks_late.
"""
import os
import time

from celery import Celery

app = Celery("peer", broker=os.environ["PEER_BROKER_URL"], backend=os.environ["PEER_RESULT_URL"])
app.conf.update(task_default_queue="celery-peer", worker_send_task_events=False, broker_connection_retry_on_startup=True)
if os.environ.get("PEER_SAFE") == "1":
    app.conf.update(
        task_default_queue="celery-peer-safe", task_default_queue_type="quorum", worker_detect_quorum_queues=True,
        broker_transport_options={"confirm_publish": True}, task_acks_late=True, task_reject_on_worker_lost=True)


@app.task
def no_operation(sent):
    """Seconds from the call of the client to the start here; one machine, one clock."""
    return time.time() - sent
