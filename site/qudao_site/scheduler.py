"""The Celery application of the scheduler process: it only sends the names of tasks at their times.

``python -m qudao_site.scheduler``. It loads neither settings nor apps nor Celery's command line, so it needs a
quarter of the memory of a worker. When a task was last sent is kept in ``QUDAO_SCHEDULE_FILE``.
"""

import os
from typing import Any

from celery import Celery

from qudao_site.environment import secret

os.environ.pop("DJANGO_SETTINGS_MODULE", None)  # Celery would load every app

app: Any = Celery("qudao-scheduler", fixups=[])
app.conf.update(
    broker_url=secret("QUDAO_BROKER_URL"),
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 5},
    beat_schedule={
        "deliver events": {"task": "qudao_core.tasks.dispatch_events", "schedule": 10.0},
        "periodic work": {"task": "qudao_core.tasks.run_periodic_work", "schedule": 60.0},
    },
)

if __name__ == "__main__":
    app.Beat(
        schedule=os.environ.get("QUDAO_SCHEDULE_FILE", "/tmp/qudao-schedule"),
        loglevel=os.environ.get("QUDAO_LOG_LEVEL", "INFO"),
    ).run()
