"""The Celery application of the scheduler process: it only sends the names of tasks at their times.

``celery --app qudao_site.scheduler beat``. It reads the settings and loads no Django app, so it needs a third
of the memory of a worker.
"""

import os
from typing import Any

from celery import Celery

from qudao_site import settings

os.environ.pop("DJANGO_SETTINGS_MODULE", None)  # Celery would load every app

app: Any = Celery("qudao-scheduler", fixups=[])
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    timezone=settings.CELERY_TIMEZONE,
    beat_schedule=getattr(settings, "CELERY_BEAT_SCHEDULE", {}),
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
)
