"""Categories and product lines in the API. Both are few, so they come whole."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from qudao_core.headless import list_page
from rest_framework.request import Request
from rest_framework.response import Response

from ..listing.counting import count_categories
from ..pictures import rules as pictures
from ..products.queries import terms
from ..products.rest import CatalogueView
from ..products.schemas import CategoryOutput, LineOutput
from .queries import category_tree
from .rules import CategoryNode


class CategoryList(CatalogueView):
    """The category tree from the top down, with how many products the caller sees in each."""

    tags = ("categories",)

    @extend_schema(responses=CategoryOutput(many=True))
    def get(self, request: Request) -> Response:
        """The category tree from the top down, with how many products the caller sees in each category."""
        tree = category_tree(self.versions)
        counts = count_categories(self.viewer, self.versions)

        def render(nodes: Any) -> list[dict[str, Any]]:
            return [self._document(node, counts.get(node.id, 0)) for node in nodes]

        return list_page(request, tree.nodes, lambda node: node.id, render)

    def _document(self, node: CategoryNode, count: int) -> dict[str, Any]:
        language = self.viewer.language
        return {
            "id": node.id,
            "slug": node.slug,
            "name": node.label(language),
            "parent": node.slug.rpartition("/")[0] or None,
            "depth": node.depth,
            "description": node.text(language),
            "picture": pictures.address(self.base, node.image, pictures.CARD) or None,
            "products": count,
        }


class LineList(CatalogueView):
    """Product lines."""

    tags = ("product-lines",)

    @extend_schema(responses=LineOutput(many=True))
    def get(self, request: Request) -> Response:
        """Product lines, by code."""
        chinese = self.viewer.language.startswith("zh")
        rows = sorted(terms(self.versions).lines.values())

        def render(lines: Any) -> list[dict[str, str]]:
            return [{"code": code, "name": zh if chinese and zh else name} for code, name, zh in lines]

        return list_page(request, rows, lambda line: line[0], render)
