"""Enter, edit, copy and delete a product in Wagtail's admin. The form writes through the services."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from qudao_core import api as core
from qudao_core.backoffice import CreateView, DeleteView, EditView
from qudao_core.pages import show_refusal
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button, HeaderButton

from .. import editing
from ..attribute_fields import PREFIX
from ..forms import ProductForm
from ..models import ProductDocument, ProductProfile
from ..names import title_of
from ..removing import remove_products
from .panels import product_panel

NAMESPACE = "qudao_products"


class Editing:
    """What the three forms share: the layout, and who edits."""

    template_name = "qudao_catalog/admin/editor/form.html"
    viewer: core.Viewer
    request: HttpRequest

    def get_panel(self) -> Any:
        return product_panel()

    def get_form_class(self) -> Any:
        return ProductForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"viewer": self.viewer}  # type: ignore[misc, no-any-return]


class ProductCreateView(Editing, CreateView):
    """A new product; ``?parent=`` a variant of a family, ``?sku=`` one that the channel does not know yet."""

    page_title = _("New product")

    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial()
        parent = self.request.GET.get("parent", "").strip()
        if parent:
            initial["parent"] = parent
        sku = self.request.GET.get("sku", "").strip()
        made = without_profile().filter(upc=sku).first() if sku else None
        if made is not None:
            initial |= {"sku": made.upc, "title": made.title, "description": made.description}
        return initial

    def get_success_url(self) -> str:
        return reverse(f"{NAMESPACE}:edit", args=(self.object.pk,))


class ProductCopyView(ProductCreateView):
    """A new product that starts with everything another one says, but for codes and pictures."""

    page_title = _("Copy product")

    @cached_property
    def source(self) -> ProductProfile:
        return get_object_or_404(
            ProductProfile.objects.select_related("product__parent"), pk=self.kwargs["pk"]
        )

    def get_page_subtitle(self) -> str:
        return f"{self.source.sku} · {title_of(self.source.product)}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"copied": self.source}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"action_url": self.request.get_full_path()}


class ProductEditView(Editing, EditView):
    """Everything about a product; a second editor is told what the first one saved."""

    def get_page_subtitle(self) -> str:
        return f"{self.object.sku} · {title_of(self.object.product)}"

    def hold(self, form: ProductForm) -> None:
        """With the prices and stock that are to be changed."""
        editing.hold_product(sku=self.object.sku, entry=form.entry())

    @property
    def header_buttons(self) -> list[Any]:
        preview = HeaderButton(
            label=_("Preview as a dealer"),
            url=reverse(f"{NAMESPACE}:preview", args=(self.object.pk,)),
            icon_name="view",
        )
        return [preview, *getattr(super(), "header_buttons", [])]

    @property
    def header_more_buttons(self) -> list[Any]:
        return [*super().header_more_buttons, *links(self.object.pk)]


class ProductDeleteView(DeleteView):
    """Deletes what nothing refers to; otherwise says what does."""

    def form_valid(self, form: Any) -> HttpResponse:
        sku = self.object.sku
        try:
            remove_products(actor=self.request.user, product_ids=[self.object.pk], with_files=True)
        except core.Refusal as refusal:
            show_refusal(self.request, refusal)
            return redirect(f"{NAMESPACE}:edit", self.object.pk)
        messages.success(self.request, _("Product “%(sku)s” deleted.") % {"sku": sku})
        return redirect(self.get_success_url())


class AttributesView(PermissionCheckedMixin, View):  # type: ignore[misc]
    """The fields of the chosen product type, with what has been typed so far. Saves nothing."""

    permission_policy: Any = None
    any_permission_required = ["add", "change"]

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        profile = (
            get_object_or_404(ProductProfile.objects.select_related("product__parent"), pk=pk) if pk else None
        )
        viewer = core.viewer_for(request.user)
        form = ProductForm(request.POST, instance=profile, viewer=viewer)
        typed = {
            name: field.widget.value_from_datadict(form.data, form.files, name)
            for name, field in form.fields.items()
            if name.startswith(PREFIX) and name in form.data
        }
        shown = ProductForm(
            instance=profile,
            viewer=viewer,
            initial=typed
            | {name: form.data.get(name) for name in ("product_type", "parent") if form.data.get(name)},
        )
        context = {
            "attributes": [shown[name] for name in shown.attribute_names],
            "waiting": form.waiting,
        }
        return render(request, "qudao_catalog/admin/editor/_attributes.html", context)


class DocumentOfProduct(ModelAdminURLFinder):  # type: ignore[misc]
    """Leads from the usage of a document to the product that shows it."""

    def construct_edit_url(self, instance: ProductDocument) -> str:
        return reverse(f"{NAMESPACE}:edit", args=(instance.product_id,))


register_admin_url_finder(ProductDocument, DocumentOfProduct)


def links(product_id: int) -> list[Button]:
    """Further screens about a product."""
    return [
        Button(
            label=_("Who sees this product"),
            url=reverse(f"{NAMESPACE}:who_sees", args=(product_id,)),
            icon_name="group",
            priority=70,
        ),
        Button(
            label=_("Preview as a dealer"),
            url=reverse(f"{NAMESPACE}:preview", args=(product_id,)),
            icon_name="view",
            priority=60,
        ),
    ]


def without_profile() -> Any:
    """Oscar's products that are not part of the channel."""
    return editing.ProductProfile.product.field.related_model.objects.filter(profile=None)
