"""The product editor in Wagtail's admin: its tabs and its views."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from qudao_core import api as core
from qudao_core.backoffice import CreateView, DeleteView, EditView
from qudao_core.pages import show_refusal
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button, HeaderButton

from .. import hooks
from ..languages import languages
from ..pictures import queries as pictures
from ..pictures import rules as widths
from ..product_editing import editing
from ..product_editing.attributes import PREFIX
from ..product_editing.removal import remove_products
from ..products.models import ProductDocument, ProductProfile
from ..products.queries import sku_of, title_lookups, title_of
from .forms import ProductForm


class RowsPanel(InlinePanel):
    """Wagtail's inline panel over one of the form's formsets, which write through services."""

    def __init__(self, *args: Any, child_model: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.child_model = child_model

    def clone_kwargs(self) -> dict[str, Any]:
        return super().clone_kwargs() | {"child_model": self.child_model}

    def on_model_bound(self) -> None:
        """There is no relation of this name: the rows belong to the form."""

    def get_form_options(self) -> dict[str, Any]:
        return {}

    @cached_property
    def child_edit_handler(self) -> Any:
        return MultiFieldPanel(self.panels, heading=self.heading).bind_to_model(self.child_model)


class ThumbnailPanel(Panel):
    """The picture that a row stands for."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "qudao_catalog/admin/editor/thumbnail.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            original = self.form.originals.get(str(self.form["id"].value() or ""), "")
            address = pictures.picture_url(original, widths.CARD) if original else ""
            return super().get_context_data(parent_context) | {"address": address}


class AttributesPanel(Panel):
    """The attributes of the chosen product type; they are fetched anew when another type is chosen."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "qudao_catalog/admin/editor/attributes.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            url = reverse("qudao_products:attributes")
            if self.instance.pk:
                url = reverse("qudao_products:attributes_of", args=(self.instance.pk,))
            fields = [self.form[name] for name in self.form.attribute_names]
            return super().get_context_data(parent_context) | {
                "url": url,
                "attributes": fields,
                "waiting": self.form.waiting,
            }


class PartsPanel(Panel):
    """What other plugins show and edit of the product: prices and stock."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "qudao_catalog/admin/editor/parts.html"

        @cached_property
        def parts(self) -> list[Any]:
            found: list[Any] = []
            pk = self.instance.pk
            if pk and self.instance.product.is_parent:
                return found
            for key, part in hooks.editor_parts.items():
                start = f"{key}{editing.PART_MARK}"
                names = [name for name in self.form.part_fields if name.startswith(start)]
                own = {name.removeprefix(start): self.form[name] for name in names}
                shown = part.panel(self.form.viewer, pk, own)
                if shown is not None:
                    found.append(shown)
            return found

        def is_shown(self) -> bool:
            return bool(self.parts)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {"parts": self.parts}


class AroundPanel(Panel):
    """What belongs to the product and is edited elsewhere: its variants or its family, and handbook topics."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "qudao_catalog/admin/editor/around.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            product = self.instance.product
            family = product.parent if product.parent_id else None
            return super().get_context_data(parent_context) | {
                "profile": self.instance,
                "family": family,
                "family_sku": sku_of(family) if family else "",
                "family_name": title_of(family) if family else "",
                "variants": _variants(product),
                "topics": [link for source in hooks.editor_links for link in source(self.instance.pk)],
                "add_url": "" if family else reverse("qudao_products:add") + f"?parent={self.instance.sku}",
            }


def _variants(product: Any) -> list[dict[str, Any]]:
    rows = ProductProfile.objects.filter(product__parent=product).select_related("product__parent")
    return [
        {
            "sku": row.sku,
            "name": title_of(row.product),
            "status": row.get_status_display(),
            "url": reverse("qudao_products:edit", args=(row.pk,)),
        }
        for row in rows.prefetch_related(*title_lookups()).order_by("sku")[:500]
    ]


def _fields(*names: str) -> list[FieldPanel]:
    return [FieldPanel(name) for name in names]


def product_panel() -> Any:
    """The tabs of the editor."""
    words = [f"{text}_{suffix}" for suffix, _code, _name in languages() for text in ("title", "description")]
    names = MultiFieldPanel(_fields("sku", "title", "description", *words), heading=_("Name and description"))
    range_of = MultiFieldPanel(
        _fields("parent", "product_type", "line", "categories", "status", "replacement", "is_public"),
        heading=_("Place in the range"),
    )
    packing = MultiFieldPanel(
        [
            FieldPanel("unit"),
            FieldRowPanel(_fields("pack_unit", "pack_size")),
            FieldPanel("sold_in_packs"),
            FieldRowPanel(_fields("min_quantity", "max_quantity")),
        ],
        heading=_("Units and packs"),
    )
    codes = MultiFieldPanel(
        [
            FieldRowPanel(_fields("external_key", "barcode")),
            FieldPanel("tax_class"),
            FieldRowPanel(_fields("weight_kg", "origin")),
        ],
        heading=_("Codes, tax and customs"),
    )
    images = RowsPanel(
        editing.PICTURES,
        panels=[ThumbnailPanel(), FieldPanel("image_id"), FieldPanel("caption")],
        child_model=editing.ProductImage,
        heading=_("Pictures"),
        label=_("picture"),
        help_text=_("The first picture is the one that lists show."),
    )
    documents = RowsPanel(
        editing.DOCUMENTS,
        panels=[FieldPanel("document_id"), FieldRowPanel(_fields("kind", "language"))],
        child_model=ProductDocument,
        heading=_("Documents"),
        label=_("document"),
        help_text=_("Whoever may see the product may open them."),
    )
    tabs = [
        ObjectList([names, range_of], heading=_("Product")),
        ObjectList([images], heading=_("Pictures")),
        ObjectList([AttributesPanel(heading=_("Attributes"))], heading=_("Attributes")),
        ObjectList([packing, codes], heading=_("Units and packs")),
        ObjectList([PartsPanel()], heading=_("Prices and stock")),
        ObjectList(
            [documents, AroundPanel(heading=_("Handbook and variants"))], heading=_("Documents and variants")
        ),
    ]
    return TabbedInterface(tabs).bind_to_model(ProductProfile)


NAMESPACE = "qudao_products"


class EditorMixin:
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


class ProductCreateView(EditorMixin, CreateView):
    """A new product; ``?parent=`` a variant of a family, ``?sku=`` one that the channel does not know yet."""

    page_title = _("New product")

    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial()
        parent = self.request.GET.get("parent", "").strip()
        if parent:
            initial |= _of_family(parent) | {"parent": parent}
        sku = self.request.GET.get("sku", "").strip()
        made = without_profile().filter(upc=sku).first() if sku else None
        if made is not None:
            initial |= {"sku": made.upc, "title": made.title, "description": made.description}
        return initial

    def get_success_url(self) -> str:
        return reverse(f"{NAMESPACE}:edit", args=(self.object.pk,))


#: What the variants of a family share more often than not.
SHARED = ("line", "unit", "pack_unit", "pack_size", "sold_in_packs", "min_quantity", "tax_class", "origin")


def _of_family(sku: str) -> dict[str, Any]:
    """What a new variant begins with: how its family is counted, packed and taxed; nothing for an unknown one."""
    family = ProductProfile.objects.filter(sku__iexact=sku, product__parent=None).first()
    values = {name: getattr(family, name) for name in SHARED} if family else {}
    return {name: getattr(value, "pk", value) for name, value in values.items()}


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


class ProductEditView(EditorMixin, EditView):
    """Everything about a product; a second editor is told what the first one saved."""

    def get_page_subtitle(self) -> str:
        return f"{self.object.sku} · {title_of(self.object.product)}"

    def hold(self, form: ProductForm) -> None:
        """With the prices and stock that are to be changed."""
        editing.lock_product(sku=self.object.sku, entry=form.entry())

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
