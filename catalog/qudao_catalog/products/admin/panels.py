"""How the form of a product is laid out in Wagtail's editor: tabs, rows that are reordered, parts of other plugins."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)

from ... import hooks
from ...languages import languages
from ...pictures import queries as pictures
from ...pictures import rules as widths
from .. import editing
from ..models import ProductDocument, ProductProfile
from ..names import sku_of, title_lookups, title_of


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
            address = pictures.picture_address(original, widths.CARD) if original else ""
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
