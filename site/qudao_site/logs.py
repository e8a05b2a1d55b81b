"""Logs: one line an event, with the request's id on each; JSON in production."""

from __future__ import annotations

from typing import Any

import structlog

_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure_logs(*, style: str, level: str) -> dict[str, Any]:
    """Set structlog up and return Django's ``LOGGING``; `style` is ``json`` or ``plain``."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_PROCESSORS,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": formatter, "processors": _json(), "foreign_pre_chain": _PROCESSORS},
            "plain": {"()": formatter, "processor": _plain(), "foreign_pre_chain": _PROCESSORS},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": style}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"propagate": True, "handlers": []},
            "django.server": {"propagate": True, "handlers": []},
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},  # one warning for each property that paper does not know
            # The same is said once more, with the request's id, by django-structlog.
            "django.request": {"level": "CRITICAL"},
        },
    }


def _json() -> list[Any]:
    """Tracebacks without local variables: they hold passwords, tokens and prices."""
    traceback = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.ExceptionRenderer(traceback),
        structlog.processors.JSONRenderer(),
    ]


def _plain() -> Any:
    return structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
