"""What an editor does to many products of the list at once, through the services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from oscar.core.loading import get_model
from qudao_core import api as core
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.permissions import policy_registry

from .. import services
from ..forms import category_choices
from ..models import ProductLine, ProductProfile, TaxClass
from ..names import title_lookups, title_of
from ..removing import remove_products

ProductCategory = get_model("catalogue", "ProductCategory")
MOST_PROBLEMS = 10
NOTHING = _("Choose the products in the list first.")


class ProductBulkAction(BulkAction):  # type: ignore[misc]
    """An action on chosen products; ``right`` is what it takes, ``question`` is asked before it is done."""

    models = [ProductProfile]
    template_name = "qudao_catalog/admin/bulk.html"
    right = "change"
    question: Any = ""
    button: Any = ""

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[int]:
        """``?id=all``, which the list never sends, chooses nothing: it knows no search and no filter, and the whole
        catalogue is nothing to be deleted with one click."""
        return []

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Iterable[Any]) -> Any:
        numbers = [each for each in object_ids if str(each).isdecimal() and len(str(each)) < 10]
        rows = model.objects.filter(pk__in=numbers).select_related("product__parent").order_by("sku")
        return rows.prefetch_related(*title_lookups())

    def check_perm(self, obj: Any) -> bool:
        policy = policy_registry.get_by_type(ProductProfile)
        return bool(policy.user_has_permission_for_instance(self.request.user, self.right, obj))

    def object_context(self, obj: Any) -> dict[str, Any]:
        url = reverse("qudao_products:edit", args=(obj.pk,))
        return {"item": obj, "name": title_of(obj.product), "edit_url": url}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {
            "title": self.display_name,
            "question": self.question,
            "button": self.button,
            "nothing": NOTHING,
        }
        return super().get_context_data(**kwargs) | words  # type: ignore[no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        profiles, _others = self.get_actionable_objects()
        if not profiles:
            messages.warning(self.request, NOTHING)
            return redirect(self.next_url)
        try:
            with transaction.atomic():
                count = self.act(profiles, form.cleaned_data)
        except core.Refusal as refusal:
            form.add_error(None, _refused(refusal))
            return self.form_invalid(form)  # type: ignore[no-any-return]
        messages.success(self.request, self.said(count))
        return redirect(self.next_url)

    def act(self, profiles: list[ProductProfile], data: dict[str, Any]) -> int:
        """Do it and return how many products it changed."""
        raise NotImplementedError

    def said(self, count: int) -> str:
        return ngettext("%(count)d product changed.", "%(count)d products changed.", count) % {"count": count}

    def _write(self, rows: list[dict[str, Any]]) -> int:
        result = services.upsert_products(actor=core.viewer_for(self.request.user), rows=rows)
        if result.problems:
            raise core.Refusal(
                "rows_invalid",
                _("Nothing was changed."),
                problems=[
                    core.Problem(each.code, core.with_label(rows[(each.line or 1) - 1]["sku"], each.message))
                    for each in result.problems
                ],
            )
        return result.count("changed")


def _refused(refusal: core.Refusal) -> str:
    """What stands above the form: the refusal, then the first products with what is wrong about each."""
    problems = [text for each in refusal.problems[:MOST_PROBLEMS] for text in (each.message, each.remedy)]
    more = len(refusal.problems) - MOST_PROBLEMS
    rest = [ngettext("… and %(count)d more.", "… and %(count)d more.", more) % {"count": more}]
    return core.join_sentences(refusal.message, *problems, *(rest if more > 0 else []))


class EditForm(forms.Form):
    """What is left empty stays as it is."""

    status = forms.ChoiceField(label=_("Status"), required=False)
    is_public = forms.ChoiceField(
        label=_("Shown"), required=False, choices=[("", "–"), ("yes", _("Shown")), ("no", _("Not shown"))]
    )
    line = forms.ModelChoiceField(
        label=_("Product line"), queryset=ProductLine.objects.all(), required=False, empty_label="–"
    )
    tax_class = forms.ModelChoiceField(
        label=_("Tax class"), queryset=TaxClass.objects.all(), required=False, empty_label="–"
    )
    add_category = forms.ChoiceField(label=_("Add to category"), required=False)
    remove_category = forms.ChoiceField(label=_("Take out of category"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", "–"), *ProductProfile.Status.choices]  # type: ignore[attr-defined]
        for name in ("add_category", "remove_category"):
            self.fields[name].choices = [("", "–"), *category_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.values()) and not self.errors:
            raise forms.ValidationError(_("Enter what is to be changed."))
        return data


class EditAction(ProductBulkAction):
    display_name = _("Edit")
    action_type = "edit"
    aria_label = _("Edit the selected products")
    question = _("What you leave empty stays as it is.")
    button = _("Save")
    form_class = EditForm
    action_priority = 10

    def act(self, profiles: list[ProductProfile], data: dict[str, Any]) -> int:
        values: dict[str, Any] = {name: data[name] for name in ("status", "is_public") if data[name]}
        values |= {name: data[name].code for name in ("line", "tax_class") if data[name]}
        filed = _categories(profiles) if data["add_category"] or data["remove_category"] else {}
        rows = []
        for profile in profiles:
            row = {"sku": profile.sku} | values
            if filed and not profile.product.is_child:
                kept = filed[profile.pk] - {data["remove_category"]}
                row["categories"] = sorted(kept | ({data["add_category"]} - {""}))
            rows.append(row)
        return self._write(rows)


class DiscontinueForm(forms.Form):
    replacement = forms.CharField(
        label=_("Replaced by"),
        max_length=64,
        required=False,
        help_text=_("SKU of the successor of all of them. Empty: a successor that is entered already stays."),
    )


class DiscontinueAction(ProductBulkAction):
    display_name = _("Discontinue")
    action_type = "discontinue"
    aria_label = _("Discontinue the selected products")
    question = _("They are still found and sold while stock lasts, and name their replacement.")
    button = _("Discontinue")
    form_class = DiscontinueForm
    action_priority = 20

    def act(self, profiles: list[ProductProfile], data: dict[str, Any]) -> int:
        values = {"status": "discontinued"} | (
            {"replacement": data["replacement"]} if data["replacement"] else {}
        )
        return self._write([{"sku": profile.sku} | values for profile in profiles])


class DeleteAction(ProductBulkAction):
    display_name = _("Delete")
    action_type = "delete"
    aria_label = _("Delete the selected products")
    question = _("Products that orders, prices, stock or pages refer to cannot be deleted; then none is.")
    button = _("Delete")
    right = "delete"
    classes = {"serious"}
    action_priority = 30

    def act(self, profiles: list[ProductProfile], data: dict[str, Any]) -> int:
        ids = [profile.pk for profile in profiles]
        return remove_products(actor=self.request.user, product_ids=ids, with_files=True)

    def said(self, count: int) -> str:
        return ngettext("%(count)d product deleted.", "%(count)d products deleted.", count) % {"count": count}


def _categories(profiles: list[ProductProfile]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {profile.pk: set() for profile in profiles}
    rows = ProductCategory.objects.filter(product_id__in=list(found))
    for product_id, category_id in rows.values_list("product_id", "category_id"):
        found[product_id].add(f"id:{category_id}")
    return found


ACTIONS = (EditAction, DiscontinueAction, DeleteAction)
