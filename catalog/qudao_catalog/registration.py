"""What is registered once at start: facts that raise their version, actions of the audit log, the menu entry."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core import api as core
from qudao_core import conf as core_conf
from qudao_core import hooks as core_hooks
from qudao_partner_portal import hooks as portal_hooks
from qudao_partner_portal.hooks import NavItem
from wagtail.models import ReferenceIndex

from . import hooks
from .assortments.models import Assortment, AssortmentAudience, AssortmentItem
from .assortments.queries import FACT, count_uses
from .categories.models import CategoryTranslation
from .categories.queries import FACT as CATEGORIES
from .categories.services import history_labels as category_words
from .handbook import registration as handbook
from .listing import columns
from .product_editing import indexing
from .product_editing.importer import ProductImporter
from .product_editing.services import history_labels
from .products import access
from .products.models import (
    AttributeProfile,
    OptionTranslation,
    ProductDocument,
    ProductLine,
    ProductProfile,
    TaxClass,
    Unit,
)
from .products.queries import TERMS


def navigation(viewer: core.Viewer, request: HttpRequest) -> Iterable[NavItem]:
    """The catalogue, for everybody who is signed in, and for guests where it is open."""
    if not viewer.is_guest or core_conf.open_catalogue():
        yield NavItem("catalogue", gettext("Products"), reverse("catalog:catalogue"), "store", phone_tab=True)


ACTIONS = {
    "qudao.product.created": _("Product created"),
    "qudao.product.changed": _("Product changed"),
    "qudao.product.removed": _("Product removed"),
    "qudao.category.created": _("Category created"),
    "qudao.category.changed": _("Category changed"),
    "qudao.category.deleted": _("Category deleted"),
    "qudao.product_type.created": _("Product type created"),
    "qudao.product_type.changed": _("Product type changed"),
    "qudao.product_type.deleted": _("Product type deleted"),
    "qudao.option_set.created": _("Option set created"),
    "qudao.option_set.changed": _("Option set changed"),
    "qudao.option_set.deleted": _("Option set deleted"),
    "qudao.assortment.created": _("Assortment created"),
    "qudao.assortment.changed": _("Assortment changed"),
    "qudao.assortment.deleted": _("Assortment deleted"),
}
EVENT_LABELS = {
    "catalogue": _("Catalogue"),
    "catalogue.search": _("Search index of the catalogue"),
    "catalogue.products_changed": _("Catalogue: products changed"),
    "catalogue.products_to_index": _("Catalogue: products to be indexed again"),
    "catalogue.assortment_saved": _("Catalogue: assortment saved"),
    "assortment": _("Assortment"),
    "handbook.export_requested": _("Handbook: PDF requested"),
    "handbook-export": _("PDF of the handbook"),
    "handbook-pdf": _("PDF of the handbook"),
}


def connect() -> None:
    for action, label in ACTIONS.items():
        core_hooks.audit_actions.register(action, label)
    core_hooks.audit_data_labels.register(ProductProfile._meta.label_lower, history_labels)
    core_hooks.audit_data_labels.register("catalogue.category", category_words)
    for name, words in EVENT_LABELS.items():
        core_hooks.event_labels.register(name, words)
    portal_hooks.navigation.register("catalogue", navigation, order=20)
    core_hooks.importers.register(ProductImporter.kind, ProductImporter, order=30)
    core.bump_on_change(FACT, Assortment, AssortmentAudience, AssortmentItem)
    core.bump_on_change(CATEGORIES, get_model("catalogue", "Category"), CategoryTranslation)
    oscar = [get_model("catalogue", name) for name in ("ProductAttribute", "AttributeOption")]
    core_hooks.event_handlers.register("catalogue.search", ((indexing.TOPIC,), indexing.handle_event))
    core.bump_on_change(TERMS, Unit, ProductLine, TaxClass, AttributeProfile, OptionTranslation, *oscar)
    ReferenceIndex.register_model(ProductDocument)  # so that a document knows the products that show it
    hooks.category_uses.register("assortments", count_uses)
    columns.watch()
    indexing.connect()
    access.connect()
    handbook.connect()
