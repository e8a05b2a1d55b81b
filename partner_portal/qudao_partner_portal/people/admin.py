"""People of companies and invitations in Wagtail's admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qudao_core.audit.services import record_many
from qudao_core.backoffice import ActionView, RecordView, allow_only
from qudao_core.cache_versions.services import bump
from qudao_core.errors import NotFound, Refusal
from qudao_core.viewer import Viewer
from qudao_core.wording import join_list
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from ..companies.admin import OfCompany, OfCompanyCreateView, OfCompanyEditView
from ..companies.models import Company
from .forms import role_choices
from .models import Invitation, Membership
from .queries import companies_without_other_admin, invitation_state, open_invitations, user_by_email
from .services import (
    add_member,
    change_title,
    end_membership,
    invite,
    resend_invitation,
    resume_membership,
    revoke_invitation,
    set_roles,
)

allow_only(Membership, "add", "change")
allow_only(Invitation, "add")


class MembershipAdminForm(OfCompany):
    email = forms.EmailField(
        label=_("E-mail of the account"), help_text=_("No account yet? Send an invitation instead.")
    )
    given_roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=role_choices(is_seller=True),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Membership
        fields = ["title", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["email"]
            self.fields["given_roles"].initial = [row.role for row in self.instance.roles.all()]
        else:
            del self.fields["is_active"]

    def save_by(self, viewer: Viewer) -> Membership:
        given = self.cleaned_data
        try:
            return self._change(viewer, given) if self.instance.pk else self._add(viewer, given)
        except Refusal as refusal:
            if refusal.problem.field == "roles":
                raise Refusal(
                    refusal.code, refusal.message, field="given_roles", status=refusal.status
                ) from refusal
            raise

    def _add(self, viewer: Viewer, given: dict[str, Any]) -> Membership:
        user = user_by_email(given["email"])
        if user is None:
            raise NotFound(
                "person_not_found", _("No account uses this address. Send an invitation."), field="email"
            )
        return add_member(
            viewer=viewer,
            company_id=self.company_id(),
            user_id=user.pk,
            roles=given["given_roles"],
            title=given["title"],
        )

    def _change(self, viewer: Viewer, given: dict[str, Any]) -> Membership:
        pk = self.instance.pk
        if given["is_active"]:
            resume_membership(viewer=viewer, membership_id=pk)
        if set(given["given_roles"]) != {row.role for row in self.instance.roles.all()}:
            set_roles(viewer=viewer, membership_id=pk, roles=given["given_roles"])
        member = change_title(viewer=viewer, membership_id=pk, title=given["title"])
        return member if given["is_active"] else end_membership(viewer=viewer, membership_id=pk)


class MembershipIndexView(generic.IndexView):  # type: ignore[misc]
    def get_base_queryset(self) -> Any:
        return Membership.objects.select_related("user", "company").prefetch_related("roles")


class MembershipViewSet(ModelViewSet):  # type: ignore[misc]
    model = Membership
    name = "qudao_people"
    url_prefix = "channel/people"
    icon = "user"
    menu_label = _("People")
    menu_order = 200
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = OfCompanyCreateView
    edit_view_class = OfCompanyEditView
    index_view_class = MembershipIndexView
    search_fields = [
        "user__first_name",
        "user__last_name",
        "user__email",
        "company__name",
        "company__code",
        "title",
    ]
    search_backend_name = None
    ordering = ["company__path", "pk"]
    list_filter = ["is_active", "roles__role"]
    list_display = [
        "__str__",
        Column("user.email", label=_("E-mail")),
        Column("company", label=_("Company"), sort_key="company__path"),
        Column("roles", label=_("Roles"), accessor=lambda row: _roles(row)),
        Column("title", label=_("Job title")),
        BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
        DateColumn("created_at", label=_("Since"), sort_key="created_at"),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return MembershipAdminForm


class InvitationAdminForm(OfCompany):
    given_roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=role_choices(is_seller=True),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Invitation
        fields = ["email", "language"]

    def save_by(self, viewer: Viewer) -> Invitation:
        given = self.cleaned_data
        try:
            return invite(
                viewer=viewer,
                company_id=self.company_id(),
                email=given["email"],
                roles=given["given_roles"],
                language=given["language"],
            )
        except Refusal as refusal:
            if refusal.problem.field == "roles":
                raise Refusal(
                    refusal.code, refusal.message, field="given_roles", status=refusal.status
                ) from refusal
            raise


class InvitationCreateView(OfCompanyCreateView):
    """There is nothing to edit afterwards."""

    def get_success_buttons(self) -> list[Any]:
        return []


class InvitationIndexView(generic.IndexView):  # type: ignore[misc]
    def get_base_queryset(self) -> Any:
        return Invitation.objects.select_related("company")


class InvitationInspectView(RecordView):
    template_name = "qudao_partner_portal/admin/invitation.html"
    shown: ClassVar = {
        "company": _("Company"),
        "email": _("E-mail"),
        "state": _("Status"),
        "roles": _("Roles"),
        "language": _("Language"),
        "invited_by": _("Invited by"),
        "created_at": _("Sent"),
        "expires_at": _("Valid until"),
        "accepted_at": _("Accepted"),
    }

    def get_state_display_value(self) -> str:
        return str(STATES[invitation_state(self.object)])

    def get_roles_display_value(self) -> str:
        return self.object.role_names

    def get_language_display_value(self) -> str:
        return str(dict(settings.LANGUAGES).get(self.object.language, self.object.language))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"state": invitation_state(self.object)}


class InvitationAction(ActionView):
    def back(self, pk: int) -> str:
        return reverse("qudao_invitations:inspect", args=[pk])


class ResendView(InvitationAction):
    def act(self, pk: int) -> str:
        return gettext("A new link is on its way to %(email)s.") % {
            "email": resend_invitation(viewer=self.viewer, invitation_id=pk).email
        }


class RevokeView(InvitationAction):
    def act(self, pk: int) -> str:
        return gettext("The invitation for %(email)s was withdrawn.") % {
            "email": revoke_invitation(viewer=self.viewer, invitation_id=pk).email
        }


class InvitationViewSet(ModelViewSet):  # type: ignore[misc]
    model = Invitation
    name = "qudao_invitations"
    url_prefix = "channel/invitations"
    icon = "mail"
    menu_label = _("Invitations")
    menu_order = 210
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = InvitationIndexView
    add_view_class = InvitationCreateView
    inspect_view_class = InvitationInspectView
    search_fields = ["email", "company__name", "company__code"]
    search_backend_name = None
    ordering = ["-created_at"]
    list_filter = ["created_at"]
    list_display = [
        "email",
        Column("company", label=_("Company"), sort_key="company__path"),
        Column("state", label=_("Status"), accessor=lambda row: STATES[invitation_state(row)]),
        DateColumn("created_at", label=_("Sent"), sort_key="created_at"),
        DateColumn("expires_at", label=_("Valid until"), sort_key="expires_at"),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return InvitationAdminForm

    def get_urlpatterns(self) -> list[Any]:
        own = [
            path("<int:pk>/resend/", ResendView.as_view(), name="resend"),
            path("<int:pk>/revoke/", RevokeView.as_view(), name="revoke"),
        ]
        return [*super().get_urlpatterns(), *own]


STATES = {
    "open": _("Waiting"),
    "accepted": _("Accepted"),
    "revoked": _("Withdrawn"),
    "expired": _("Expired"),
}


def keep_an_admin(request: HttpRequest, user: Any) -> HttpResponse | None:
    """Wagtail asks before somebody closes or deletes an account: a company must keep an administrator."""
    closing = "is_active" not in request.POST or request.resolver_match.url_name == "delete"  # type: ignore[union-attr]
    if request.method != "POST" or not closing or not _locks_out(request, [user]):
        return None
    return redirect("wagtailusers_users:edit", user.pk)


def keep_an_admin_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """The same before many accounts are closed or deleted at once."""
    closing = action_type == "delete" or request.POST.get("mark_as_active") == "False"
    if not issubclass(action.model, get_user_model()) or not closing or not _locks_out(request, objects):
        return None
    return redirect("wagtailusers_users:index")


def note_bulk_activity(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """Wagtail sets the state of many accounts with one statement and no history: write it, and count it at once."""
    if action_type == "set_active_state" and issubclass(action.model, get_user_model()):
        state = request.POST.get("mark_as_active", "")
        data = {"changes": {"is_active": ["", state]}}
        entries = [
            (user, "qudao.permissions.changed", data) for user in objects if user.pk != request.user.pk
        ]
        record_many(actor=request.user, entries=entries)
        bump("people")


def _locks_out(request: HttpRequest, users: list[Any]) -> bool:
    """Whether a company would lose its last administrator; says which."""
    left = companies_without_other_admin([user.pk for user in users])
    if left:
        people, companies = join_list(users[:5]), join_list(row.name for row in left[:5])
        text = gettext(
            "Without %(person)s, %(companies)s would have no administrator. Appoint another administrator first."
        )
        messages.error(request, text % {"person": people, "companies": companies})
    return bool(left)


def _roles(row: Membership) -> str:
    return row.role_names


def company_details(viewer: Viewer, company: Company) -> dict[str, Any]:
    """For the screen of a company: the invitations that are open."""
    return {"invitations": open_invitations(viewer, company.pk)[:100]}
