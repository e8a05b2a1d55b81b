"""The viewer of a web request, built once from the person and the session's company or the API token."""

from __future__ import annotations

from typing import Any

from .cache_versions.queries import Versions
from .viewer import Viewer
from .viewers import viewer_for

#: Where the session keeps the company that the person acts for.
COMPANY_SESSION_KEY = "qudao_company_id"


def get_viewer(request: Any) -> Viewer:
    """The viewer of a Django or DRF request; the first call builds it, the others return the same one."""
    http_request = getattr(request, "_request", request)
    viewer: Viewer | None = getattr(http_request, "_qudao_viewer", None)
    if viewer is None:
        user = getattr(request, "user", None)
        viewer = viewer_for(user, company_id=_company_id(request), versions=get_versions(request))
        http_request._qudao_viewer = viewer
    return viewer


def set_viewer(request: Any, viewer: Viewer) -> None:
    """Let everything this request still does be done for ``viewer``: a preview."""
    http_request = getattr(request, "_request", request)
    http_request._qudao_viewer = http_request.viewer = viewer


def get_versions(request: Any) -> Versions:
    """The fact versions of a request, read once."""
    http_request = getattr(request, "_request", request)
    versions: Versions | None = getattr(http_request, "_qudao_versions", None)
    if versions is None:
        versions = http_request._qudao_versions = Versions.read()
    return versions


def choose_company(request: Any, company_id: int) -> None:
    """Let the session act for `company_id` from now on. Whether the person may is asked at every request."""
    http_request = getattr(request, "_request", request)
    http_request.session[COMPANY_SESSION_KEY] = company_id
    forget_viewer(request)


def forget_viewer(request: Any) -> None:
    """Let the next :func:`get_viewer` build anew: the person or the company of the request has changed."""
    http_request = getattr(request, "_request", request)
    http_request._qudao_viewer = http_request._qudao_versions = None


def _company_id(request: Any) -> int | None:
    token = getattr(request, "auth", None)
    if token is not None:
        return token.company_id if hasattr(token, "company_id") else None
    session = getattr(request, "session", None)
    return session.get(COMPANY_SESSION_KEY) if session is not None else None
