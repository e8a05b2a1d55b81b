"""Look at a product from outside: who sees it, what a dealer sees, and what the channel does not know yet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_partner_portal.backoffice import AudienceKeyField
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton

from ... import hooks
from ...assortments.explain import explain
from ..detail import get_product
from ..models import ProductProfile
from ..names import title_lookups, title_of
from ..shown import product_url
from ..web import page_context
from .editor import NAMESPACE, without_profile

MOST_UNLISTED = 200


class UnlistedView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):  # type: ignore[misc]
    """Products that scripts or Oscar made and nobody in the channel can find, because they have no profile."""

    template_name = "qudao_catalog/admin/unlisted.html"
    page_title = _("Not in the channel yet")
    header_icon = "warning"
    _show_breadcrumbs = True
    permission_policy: Any = None
    permission_required = "add"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse(f"{NAMESPACE}:index"), "label": _("Products")}
        return [*super().get_breadcrumbs_items(), index, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = (
            without_profile()
            .select_related("parent")
            .prefetch_related(*title_lookups(""))
            .order_by("-date_created", "-pk")
        )
        products = [
            {
                "title": title_of(product),
                "upc": product.upc,
                "add_url": f"{reverse(f'{NAMESPACE}:add')}?{urlencode({'sku': product.upc or ''})}",
            }
            for product in rows[:MOST_UNLISTED]
        ]
        return super().get_context_data(**kwargs) | {"products": products}


class LookView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):  # type: ignore[misc]
    """A page about one product, with a company to look as."""

    _show_breadcrumbs = True
    permission_policy: Any = None
    any_permission_required = ["add", "change", "view"]

    @cached_property
    def profile(self) -> ProductProfile:
        rows = ProductProfile.objects.select_related("product__parent", "product__profile")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.profile.sku

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(f"{NAMESPACE}:index"), "label": _("Products")},
            {"url": reverse(f"{NAMESPACE}:edit", args=(self.profile.pk,)), "label": self.profile.sku},
            {"url": "", "label": self.page_title},
        ]

    @cached_property
    def code(self) -> str:
        return self.request.GET.get("company", "").strip()

    @cached_property
    def company(self) -> Any:
        return company_of(self.request, self.code)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        edit = HeaderButton(
            label=_("Edit"), url=reverse(f"{NAMESPACE}:edit", args=(self.profile.pk,)), icon_name="edit"
        )
        return super().get_context_data(**kwargs) | {
            "profile": self.profile,
            "company_code": self.code,
            "company": self.company,
            "company_unknown": bool(self.code) and self.company is None,
            "header_buttons": [edit],
        }


class WhoSeesView(LookView):
    """Every assortment that covers a product, and the answer for one company."""

    template_name = "qudao_catalog/admin/who_sees.html"
    page_title = _("Who sees this product")
    header_icon = "group"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = portal.company_viewer(self.company) if self.company else None
        shown = explain(self.profile.product, viewer=viewer, language=get_language() or "en")
        return super().get_context_data(**kwargs) | {
            "explanation": shown,
            "product_name": title_of(self.profile.product),
        }


def company_of(request: HttpRequest, code: str) -> Any:
    """The company with this code, if the person may see it."""
    if not code:
        return None
    try:
        return portal.get_company(core.viewer_for(request.user), code)
    except core.Refusal:
        return None


class PreviewForm(forms.Form):
    """As whom to look, and in which language."""

    audience = AudienceKeyField(
        label=_("Look as"),
        help_text=_("A company, or everybody of a tier, a territory or a kind of company."),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]


class Previewing(LookView):
    """What the preview and the page inside it share: who looks, and whether they see the product."""

    @cached_property
    def form(self) -> PreviewForm:
        data = self.request.GET.copy()
        data.setdefault("language", get_language() or "en")
        return PreviewForm(data) if data.get("audience") else PreviewForm(initial=data.dict())

    @cached_property
    def dealer(self) -> core.Viewer | None:
        """Who looks; ``None`` while nobody has been chosen, or nobody whom the person may look as."""
        if not self.form.is_bound or not self.form.is_valid():
            return None
        data = self.form.cleaned_data
        own = core.viewer_for(self.request.user)
        try:
            return _somebody_of(own, data["audience"], data["language"] or get_language() or "en")
        except core.Refusal as refusal:
            self.form.add_error("audience", str(refusal.message))
            return None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Looking as a company is recorded in its history, as every preview is; an audience has none."""
        if self.dealer is not None and self.dealer.company_id:
            own = core.viewer_for(request.user)
            portal.note_preview(viewer=own, company_id=self.dealer.company_id)
        return self.show(request)

    def show(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**self.kwargs))

    @cached_property
    def detail(self) -> Any:
        """The product as they see it; ``None`` when they do not."""
        try:
            return get_product(self.dealer, self.profile.sku, core.Versions.read()) if self.dealer else None
        except core.Refusal:
            return None


class PreviewView(Previewing):
    """The product's page as people of one company or audience see it, or why they do not."""

    template_name = "qudao_catalog/admin/preview.html"
    page_title = _("Preview as a dealer")
    header_icon = "view"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = reverse(f"{NAMESPACE}:preview_page", args=(self.profile.pk,))
        context = super().get_context_data(**kwargs) | {
            "form": self.form,
            "dealer": self.dealer,
            "page_url": f"{page}?{urlencode(self.form.data, doseq=True)}" if self.detail else "",
        }
        if portal.may_preview(core.viewer_for(self.request.user)):
            address = portal.preview_url(product_url(self.profile.sku))
            look = HeaderButton(label=_("Preview as a company"), url=address, icon_name="view")
            context["header_buttons"] = [*context["header_buttons"], look]
        if self.dealer and not self.detail:
            language = get_language() or "en"
            context["explanation"] = explain(self.profile.product, viewer=self.dealer, language=language)
            context["closed"] = self.dealer.is_member and self.dealer.company_status not in (
                "active",
                "suspended",
            )
        return context


class PreviewedPage(Previewing):
    """The page itself, inside a frame of the preview: nothing on it works, it is only looked at."""

    def show(self, request: HttpRequest) -> HttpResponse:
        if self.detail is None or self.dealer is None:
            raise Http404
        with translation.override(self.dealer.language):
            provider = None if self.dealer.is_member else hooks.NoOffers()
            context = page_context(self.dealer, request, self.detail, core.Versions.read(), provider)
            return render(request, "qudao_catalog/admin/previewed_page.html", context)


def _somebody_of(own: core.Viewer, key: str, language: str) -> core.Viewer:
    """A viewer for an audience key: a buyer of a company, or a dealer of no company who is in the audience.

    :raises core.Refusal: the person may not look as a company, or it is closed.
    """
    kind, _colon, pk = key.partition(":")
    if kind == "company" and pk.isdigit():
        return portal.preview_viewer(own, company_id=int(pk), language=language)
    guest = portal.guest_viewer(language)
    return replace(guest, audience=guest.audience | {"everyone", "members", key})
