"""How the web server runs in production: ``gunicorn --config python:qudao_site.gunicorn qudao_site.wsgi``.

The number of workers is ``WEB_CONCURRENCY``, the port is ``PORT``. The application is loaded once and shared
by the workers: two of them need little more memory than one.
"""

import gc
from typing import Any

preload_app = True
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 30
max_requests = 5000
max_requests_jitter = 500
keepalive = 65  # longer than the proxy keeps its connections
forwarded_allow_ips = (
    "*"  # only the proxy can reach us; QUDAO_TRUSTED_PROXIES decides whom the application believes
)
# Longer addresses are answered by the application, in words; the proxy sets the bound (deploy/nginx.conf).
limit_request_line = 0
limit_request_field_size = 32 * 1024
accesslog = None  # the application logs one event a request


def when_ready(server: Any) -> None:
    """Build what every worker would build for itself, then tell the collector to leave it alone.

    Pages of memory untouched after the fork stay shared; a garbage collection would touch them all.
    """
    _warm()
    gc.collect()
    gc.freeze()


def _warm() -> None:
    """Import every view, read the translations, compile the page frame."""
    from django.conf import settings  # noqa: PLC0415 - the application is loaded by now, not at import
    from django.db import connections  # noqa: PLC0415 - as above
    from django.template.loader import get_template  # noqa: PLC0415 - as above
    from django.urls import reverse  # noqa: PLC0415 - as above
    from django.utils import translation  # noqa: PLC0415 - as above

    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Sign in")
    reverse("account_login")
    get_template("account/login.html")
    connections.close_all()
