"""What is connected once at start: facts that raise their version, audit actions, event handlers."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from qudao_core.cache_versions.services import bump_on_change
from qudao_core.hooks import audit_actions, event_handlers, event_labels, importers, roles, viewer_builders

from .audience import labels as audience_audit
from .companies.importer import AddressImporter, CompanyImporter
from .companies.models import Company, Tier
from .content import registration as content
from .documents import registration as documents
from .home.web import company_navigation, home_navigation, setup_tile
from .hooks import company_buttons, company_details, navigation, tiles
from .maintenance import connect as connect_periodic_work
from .people import admin as people_admin
from .people import permission_log
from .people.mails import invitation_mail
from .people.models import Membership, MembershipRole, Role
from .previewing import admin as previewing_admin
from .territories.models import Territory
from .viewers import build_viewer

ACTIONS = {
    "qudao.company.admitted": _("Admitted"),
    "qudao.company.changed": _("Changed"),
    "qudao.company.moved": _("Moved in the channel"),
    "qudao.company.activated": _("Activated"),
    "qudao.company.suspended": _("Suspended"),
    "qudao.company.closed": _("Closed"),
    "qudao.company.previewed": _("Pages previewed as this company"),
    "qudao.company.imported": _("Imported"),
    "qudao.company.removed": _("Removed"),
    "qudao.address.added": _("Address added"),
    "qudao.address.changed": _("Address changed"),
    "qudao.address.removed": _("Address removed"),
    "qudao.invoice_title.added": _("Billing details added"),
    "qudao.invoice_title.changed": _("Billing details changed"),
    "qudao.invoice_title.removed": _("Billing details removed"),
    "qudao.membership.joined": _("Joined"),
    "qudao.membership.roles": _("Roles changed"),
    "qudao.membership.changed": _("Membership changed"),
    "qudao.membership.ended": _("Membership ended"),
    "qudao.membership.resumed": _("Membership resumed"),
    "qudao.invitation.sent": _("Invited"),
    "qudao.invitation.resent": _("Invitation sent again"),
    "qudao.invitation.revoked": _("Invitation withdrawn"),
    "qudao.invitation.accepted": _("Invitation accepted"),
    "qudao.permissions.changed": _("Permissions changed"),
    "qudao.profile.changed": _("Profile changed"),
    "qudao.territory.saved": _("Saved"),
}
#: How the event log reads: topics, what they are about, who handles them.
EVENT_LABELS = {
    "company": _("Company"),
    "membership": _("Membership"),
    "invitation": _("Invitation"),
    "documents": _("Documents"),
    "document.waiting": _("Document: text waiting to be read"),
    "invitation-mail": _("E-mail to the invited person"),
}


def connect() -> None:
    viewer_builders.register("portal", build_viewer)
    for role in Role:
        roles.register(role.value, role.label)
    audience_audit.connect()
    importers.register(CompanyImporter.kind, CompanyImporter, order=10)
    importers.register(AddressImporter.kind, AddressImporter, order=20)
    for action, label in ACTIONS.items():
        audit_actions.register(action, label)
    for name, label in EVENT_LABELS.items():
        event_labels.register(name, label)
    event_handlers.register("invitation-mail", (("invitation.sent",), invitation_mail))
    navigation.register("home", home_navigation, order=0)
    navigation.register("company", company_navigation, order=900)
    tiles.register("setup", setup_tile, order=900)
    company_details.register("people", people_admin.company_details)
    company_details.register("audience", previewing_admin.company_details)
    company_buttons.register("previewing", previewing_admin.company_buttons)
    bump_on_change("companies", Company, Tier, Territory)
    bump_on_change("people", Membership, MembershipRole, Group)
    content.connect()
    documents.connect()
    permission_log.connect()
    connect_periodic_work()
