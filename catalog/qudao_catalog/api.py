"""The public API of the catalogue: what other plugins and hosts may call.

``from qudao_catalog import api as catalog``.
"""

from __future__ import annotations

from .assortments.explain import Explanation, explain
from .assortments.queries import sees_all
from .assortments.services import delete_assortment, save_assortment
from .categories.queries import category_tree, get_category
from .categories.rules import CategoryNode, CategoryTree
from .compiled_queries import CompiledQueries
from .handbook.queries import (
    contents_tree,
    get_handbook,
    get_topic,
    handbooks,
    neighbours,
    products_of_topic,
    topics_of_product,
)
from .handbook.rules import VisibleNode
from .handbook.services import (
    mark_up_to_date,
    save_chapter,
    save_handbook,
    save_topic,
    translate_chapter,
    translate_handbook,
    translate_topic,
)
from .measures import ANY_UNIT, Quantity, QuantityError, UnitFacts, UnitName, quantity_fault, unit_form
from .pictures.queries import picture_url
from .product_editing.services import (
    RowResult,
    UpsertResult,
    add_image,
    attach_document,
    create_product,
    detach_document,
    discontinue_product,
    relate_products,
    set_translation,
    update_product,
    upsert_products,
)
from .product_facts import ProductFacts
from .product_index import NO_PRICE, Bitmap, OwnPrices, ProductIndex
from .product_references import SKU_ONLY, CodeMatches, Codes, read_code
from .products.detail import ProductDetail, get_product
from .products.fields import NamesProduct, ProductField
from .products.presenters import (
    fraction_problem,
    number_text,
    quantity_field,
    quantity_problem,
    quantity_text,
    status_problem,
    stock_display,
)
from .products.queries import (
    SearchesProducts,
    example_sku,
    facts_by_code,
    facts_for_staff,
    facts_of,
    known_skus,
    product_facts,
    product_not_found,
    terms,
    title_lookups,
    title_matches,
    title_of,
    units_by_code,
    units_of,
    visible_products,
    visible_profiles,
)
from .products.rules import (
    QuantityIssue,
    UnreadableQuantity,
    check_quantity,
    highest_quantity,
    lowest_quantity,
    orderable_part,
    pack_count,
    parse_quantity,
    plain_number,
    snap_quantity,
)

__all__ = [
    "example_sku",
    "NO_PRICE",
    "Bitmap",
    "OwnPrices",
    "ProductIndex",
    "ANY_UNIT",
    "SKU_ONLY",
    "CategoryNode",
    "CategoryTree",
    "Codes",
    "Explanation",
    "CodeMatches",
    "NamesProduct",
    "CompiledQueries",
    "ProductDetail",
    "ProductFacts",
    "ProductField",
    "Quantity",
    "QuantityError",
    "QuantityIssue",
    "RowResult",
    "SearchesProducts",
    "VisibleNode",
    "UnitFacts",
    "UnitName",
    "UnreadableQuantity",
    "UpsertResult",
    "add_image",
    "attach_document",
    "category_tree",
    "check_quantity",
    "contents_tree",
    "create_product",
    "delete_assortment",
    "detach_document",
    "discontinue_product",
    "explain",
    "facts_by_code",
    "facts_for_staff",
    "facts_of",
    "number_text",
    "fraction_problem",
    "get_category",
    "get_handbook",
    "get_product",
    "get_topic",
    "handbooks",
    "highest_quantity",
    "lowest_quantity",
    "mark_up_to_date",
    "neighbours",
    "orderable_part",
    "pack_count",
    "parse_quantity",
    "picture_url",
    "plain_number",
    "product_facts",
    "known_skus",
    "product_not_found",
    "products_of_topic",
    "quantity_fault",
    "quantity_field",
    "quantity_problem",
    "quantity_text",
    "read_code",
    "relate_products",
    "save_assortment",
    "save_chapter",
    "save_handbook",
    "save_topic",
    "sees_all",
    "set_translation",
    "stock_display",
    "snap_quantity",
    "status_problem",
    "terms",
    "title_lookups",
    "title_matches",
    "title_of",
    "topics_of_product",
    "translate_chapter",
    "translate_handbook",
    "translate_topic",
    "unit_form",
    "units_by_code",
    "units_of",
    "update_product",
    "upsert_products",
    "visible_products",
    "visible_profiles",
]
