"""The catalogue's entry in the portal's navigation."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from qudao_core import api as core
from qudao_core import conf as core_conf
from qudao_partner_portal.hooks import NavItem


def navigation(viewer: core.Viewer, request: HttpRequest) -> Iterable[NavItem]:
    """The catalogue, for everybody who is signed in, and for guests where it is open."""
    if not viewer.is_guest or core_conf.open_catalogue():
        yield NavItem("catalogue", _("Products"), reverse("catalog:catalogue"), "store", phone_tab=True)
