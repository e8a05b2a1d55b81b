"""The viewers that everything is done for: of a user, of the system. Who a user is, a registered builder decides."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from . import hooks
from .cache_versions.queries import Versions
from .errors import Forbidden
from .viewer import Viewer


def viewer_for(
    user: Any, *, company_id: int | None = None, language: str | None = None, versions: Versions | None = None
) -> Viewer:
    """The viewer for ``user`` acting for ``company_id`` (or the preferred company, or the first).

    A company the person does not (or no longer) belong to is ignored, never an error: a switched-off membership
    takes effect at once. ``versions`` saves one statement when the caller has read them.
    """
    build = next(iter(hooks.viewer_builders), person_viewer)
    return build(user, company_id=company_id, language=language, versions=versions)


def person_viewer(
    user: Any, *, company_id: int | None = None, language: str | None = None, versions: Versions | None = None
) -> Viewer:
    """A viewer without a company: the person (or a guest) with Django's permissions."""
    language = language or get_language() or settings.LANGUAGE_CODE
    if not getattr(user, "is_authenticated", False):
        return Viewer(language=language)
    return Viewer(**person_facts(user), language=language)


def person_facts(user: Any) -> dict[str, Any]:
    """What a viewer holds of the person, whichever company is acted for."""
    return {
        "user_id": user.pk,
        "user_name": user.get_full_name() or user.email or user.get_username(),
        "is_staff": user.is_staff,
        "is_superuser": user.is_superuser,
        "permissions": frozenset(user.get_all_permissions()) if user.is_staff else frozenset(),
    }


def system_viewer(language: str | None = None) -> Viewer:
    """A viewer for jobs, commands and demo data: no person, no company, every permission. Never for a request."""
    return Viewer(
        user_name="system", is_staff=True, is_superuser=True, language=language or settings.LANGUAGE_CODE
    )


def require_permission(viewer: Viewer, permission: str) -> None:
    """:raises Forbidden: ``permission_required``: the viewer is no back-office person with ``permission``."""
    if not viewer.may(permission):
        raise Forbidden(
            "permission_required",
            _("You do not have permission to do this."),
            remedy=_("Ask a channel manager."),
            params={"permission": permission},
        )
