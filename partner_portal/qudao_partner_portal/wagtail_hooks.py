"""What the portal adds to Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from qudao_core.events.admin import DeliveryViewSet, EventViewSet
from wagtail import hooks as wagtail_hooks
from wagtail.admin.viewsets.model import ModelViewSetGroup

from .audience import admin as audience_admin
from .companies.admin import (
    AddressViewSet,
    CompanyViewSet,
    InvoiceTitleViewSet,
    TierViewSet,
    company_chooser,
)
from .content.guard import guard as guard_page
from .documents import admin as documents_admin
from .documents.guard import guard as guard_document
from .documents.registration import note_bulk_move
from .people import admin_session
from .people.admin import (
    InvitationViewSet,
    MembershipViewSet,
    keep_an_admin,
    keep_an_admin_in_bulk,
    note_bulk_activity,
)
from .previewing import admin as previewing_admin
from .territories.admin import TerritoryViewSet

wagtail_hooks.register("insert_global_admin_js", admin_session.script)
wagtail_hooks.register("insert_global_admin_js", audience_admin.script)


@wagtail_hooks.register("insert_global_admin_css")
def office_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("qudao_themes/css/office.css"))


wagtail_hooks.register("before_edit_user", keep_an_admin)
wagtail_hooks.register("before_delete_user", keep_an_admin)
wagtail_hooks.register("before_bulk_action", keep_an_admin_in_bulk)
wagtail_hooks.register("after_bulk_action", note_bulk_activity)
wagtail_hooks.register("after_bulk_action", note_bulk_move)
wagtail_hooks.register("before_serve_page", guard_page)
wagtail_hooks.register("before_serve_document", guard_document)
wagtail_hooks.register("register_page_header_buttons", previewing_admin.page_button)
wagtail_hooks.register("register_admin_menu_item", previewing_admin.menu_item)
wagtail_hooks.register("register_permissions", previewing_admin.permissions)
wagtail_hooks.register("register_reports_menu_item", documents_admin.report_item)


class ChannelGroup(ModelViewSetGroup):  # type: ignore[misc]
    menu_label = _("Channel")
    menu_icon = "group"
    menu_order = 210
    items = (
        CompanyViewSet,
        MembershipViewSet,
        InvitationViewSet,
        AddressViewSet,
        InvoiceTitleViewSet,
        TierViewSet,
        TerritoryViewSet,
        EventViewSet,
        DeliveryViewSet,
    )


@wagtail_hooks.register("register_admin_viewset")
def register_channel() -> ChannelGroup:
    return ChannelGroup()


@wagtail_hooks.register("register_admin_viewset")
def register_company_chooser() -> Any:
    return company_chooser


@wagtail_hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern]:
    return [
        path("channel/audience-keys/", audience_admin.search, name="qudao_audience_keys"),
        path("channel/audience-reach/", audience_admin.reach, name="qudao_audience_reach"),
        path("channel/audience-members/", audience_admin.Members.as_view(), name="qudao_audience_members"),
        path("channel/session/", admin_session.session, name=admin_session.SESSION),
        path("channel/preview/", previewing_admin.ChooseView.as_view(), name="qudao_preview"),
        *documents_admin.admin_urls(),
    ]
