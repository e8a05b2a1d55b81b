"""The home page: what waits for the viewer first, then what moves, then news. Plugins fill it with tiles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from qudao_core import conf as core_conf
from qudao_core.pages import Page
from qudao_core.viewer import Viewer

from ..companies.queries import setup_gaps
from ..hooks import NavItem, Tile, tiles
from .queries import company_state


class HomePage(Page):
    """For guests only where the host opened its catalogue; else they are sent to sign in."""

    in_previews = True

    @property
    def guests(self) -> bool:  # type: ignore[override]
        return core_conf.open_catalogue()

    def get(self, request: HttpRequest) -> HttpResponse:
        viewer = self.viewer
        found = [tile for provider in tiles for tile in provider(viewer, request)]
        found.sort(
            key=lambda tile: not tile.waiting
        )  # stable: what waits comes first, in the registered order
        tiles_shown = [_rendered(tile, request) for tile in found]
        context = {
            "tiles": tiles_shown,
            "parts": [
                [tile for tile in tiles_shown if (tile["place"] == "side") == side] for side in (False, True)
            ],
            "waiting": sum(tile.waiting for tile in found),
            "company_state": company_state(viewer),
        }
        return render(request, "qudao_partner_portal/home.html", context)


def _rendered(tile: Tile, request: HttpRequest) -> dict[str, Any]:
    html = render_to_string(tile.template, {**tile.context, "tile": tile}, request)
    return {"key": tile.key, "html": html, "waiting": tile.waiting, "place": tile.place}


def setup_tile(viewer: Viewer, request: HttpRequest) -> Iterable[Tile]:
    """For administrators: what their company still lacks to order smoothly."""
    if not viewer.is_member or "admin" not in viewer.roles or viewer.is_seller:
        return
    if not viewer.shows("qudao_partner_portal.view_company"):
        return
    gaps = setup_gaps(viewer)
    steps = {
        "address": (_("Add a delivery address"), reverse("portal:address-add"), "map-pin"),
        "invoice_title": (_("Add billing details"), reverse("portal:invoice-title-add"), "receipt-text"),
        "colleague": (_("Invite colleagues"), reverse("portal:people"), "user-plus"),
    }
    todo = [
        {"label": label, "href": href, "icon": icon} for label, href, icon in map(steps.__getitem__, gaps)
    ]
    if todo:
        yield Tile("setup", "qudao_partner_portal/tiles/setup.html", {"todo": todo}, waiting=len(todo))


def home_navigation(viewer: Viewer, request: HttpRequest) -> Iterable[NavItem]:
    yield NavItem("home", _("Home"), reverse("portal:home"), "house", phone_tab=True)


def company_navigation(viewer: Viewer, request: HttpRequest) -> Iterable[NavItem]:
    if viewer.is_member:
        yield NavItem("company", _("My company"), reverse("portal:company"), "building-2")


def user_menu(viewer: Viewer, request: HttpRequest) -> list[dict[str, str]]:
    """Entries of the menu behind the person's name; addresses that the host has not mounted are left out."""
    entries = [
        (_("Profile"), "portal:profile", "user-round"),
        (_("Sign-in and security"), "mfa_index", "shield"),
    ]
    if viewer.is_member:
        entries.append((_("API access"), "portal:tokens", "key-round"))
    if viewer.may("wagtailadmin.access_admin"):
        entries.append((_("Back office"), "wagtailadmin_home", "panels-top-left"))
    return [
        {"label": label, "url": url, "icon": icon}
        for label, name, icon in entries
        for url in [_address(name)]
        if url
    ]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
