"""The category tree as a value: few rows, read by every page, so it is kept whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """One category. ``path`` is its place in the tree.

    ``slug`` its address with those above, ``lamps/panels``.
    """

    id: int
    path: str
    depth: int
    name: str
    slug: str
    name_zh: str = ""
    description: str = ""
    description_zh: str = ""
    image: str = ""
    code: str = ""
    in_menu: bool = True

    def label(self, language: str) -> str:
        return self.name_zh if self.name_zh and language.startswith("zh") else self.name

    def text(self, language: str) -> str:
        return self.description_zh if self.description_zh and language.startswith("zh") else self.description


class CategoryTree:
    """Public categories in tree order. A category below a hidden one is hidden as well."""

    def __init__(self, nodes: Iterable[CategoryNode]) -> None:
        self.nodes = tuple(sorted(nodes, key=lambda node: node.path))
        self._by_path = {node.path: node for node in self.nodes}
        self._by_id = {node.id: node for node in self.nodes}
        self._by_slug = {node.slug: node for node in self.nodes}

    def __len__(self) -> int:
        return len(self.nodes)

    def get(self, category_id: int) -> CategoryNode | None:
        return self._by_id.get(category_id)

    def by_slug(self, slug: str) -> CategoryNode | None:
        """The category at ``lamps/panels``; a last part that is unique in the tree is enough (``panels``)."""
        found = self._by_slug.get(slug)
        if found is None and "/" not in slug:
            same = [node for node in self.nodes if node.slug.rpartition("/")[2] == slug]
            found = same[0] if len(same) == 1 else None
        return found

    def by_path(self, path: str) -> CategoryNode | None:
        return self._by_path.get(path)

    def children(self, node: CategoryNode | None) -> list[CategoryNode]:
        depth, start = (node.depth + 1, node.path) if node else (1, "")
        return [each for each in self.nodes if each.depth == depth and each.path.startswith(start)]

    def above(self, node: CategoryNode) -> list[CategoryNode]:
        """Everything above ``node``, from the root down."""
        return [each for each in self.nodes if each.depth < node.depth and node.path.startswith(each.path)]

    def within(self, node: CategoryNode) -> frozenset[int]:
        """Ids of ``node`` and everything below it."""
        return frozenset([each.id for each in self.nodes if each.path.startswith(node.path)])
