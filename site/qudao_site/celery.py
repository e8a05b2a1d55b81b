"""The Celery application, for sites that set QUDAO_BROKER_URL. ``app`` is None where Celery is missing."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qudao_site.settings")

app: Any = None

try:
    from celery import Celery
except ImportError:
    pass
else:
    app = Celery("qudao")
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.autodiscover_tasks()
