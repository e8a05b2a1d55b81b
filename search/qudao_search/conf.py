"""Settings of the search. Read lazily, so that tests and hosts may change them."""

from __future__ import annotations

from typing import Any

from django.conf import settings


def engine() -> str:
    """``QUDAO_SEARCH_ENGINE``: ``embedded`` (the site's own database) or ``elasticsearch``.

    Default ``embedded``.
    """
    return str(getattr(settings, "QUDAO_SEARCH_ENGINE", "embedded"))


def elasticsearch() -> dict[str, Any]:
    """``QUDAO_SEARCH_ELASTICSEARCH``: arguments of the client, such as ``hosts`` and ``basic_auth``."""
    return dict(getattr(settings, "QUDAO_SEARCH_ELASTICSEARCH", {}))


def index_name() -> str:
    """``QUDAO_SEARCH_INDEX``: the alias in the cluster; indices are called after it. Default ``qudao``."""
    return str(getattr(settings, "QUDAO_SEARCH_INDEX", "qudao"))


def analyzers() -> dict[str, str]:
    """``QUDAO_SEARCH_ANALYZERS``: further analyzers the cluster has, for ``zh`` and ``pinyin``.

    Such as ``{"zh": "smartcn"}``. Default none.
    """
    return dict(getattr(settings, "QUDAO_SEARCH_ANALYZERS", {}))


def longest_text() -> int:
    """``QUDAO_SEARCH_LONGEST_TEXT``: characters of a document's text that are indexed. Default 200,000."""
    return int(getattr(settings, "QUDAO_SEARCH_LONGEST_TEXT", 200_000))


def page_size() -> int:
    """``QUDAO_SEARCH_PAGE_SIZE``: hits on a page. Default 20."""
    return int(getattr(settings, "QUDAO_SEARCH_PAGE_SIZE", 20))


def log_days() -> int:
    """``QUDAO_SEARCH_LOG_DAYS``: how long queries are kept for reports and recent searches. Default 90."""
    return int(getattr(settings, "QUDAO_SEARCH_LOG_DAYS", 90))


def cluster_timeout() -> float:
    """``QUDAO_SEARCH_TIMEOUT``: seconds a search waits for the cluster before the embedded index answers. Default 2."""
    return float(getattr(settings, "QUDAO_SEARCH_TIMEOUT", 2.0))


def most_hidden() -> int:
    """``QUDAO_SEARCH_MOST_HIDDEN``: hidden entries the cluster need not know yet, told with each query.

    With more of them waiting, the embedded index answers. Default 5,000.
    """
    return int(getattr(settings, "QUDAO_SEARCH_MOST_HIDDEN", 5_000))
