"""What the pages and the endpoints of the catalogue share."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from qudao_core import conf as core_conf
from qudao_core.headless import (
    HeadlessView,
    SignedInOrOpenCatalogue,
)
from qudao_core.pages import Page

from .categories.rules import CategoryNode, CategoryTree
from .pictures.queries import picture_prefix


class OpenPage(Page):
    """A page guests may open when the host opened its catalogue; otherwise they are asked to sign in."""

    guests = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated and not core_conf.open_catalogue():
            return redirect_to_login(request.get_full_path())
        return super().dispatch(request, *args, **kwargs)


def breadcrumbs(category: CategoryNode | None, tree: CategoryTree, language: str) -> list[dict[str, str]]:
    """The way from the catalogue's front down to ``category``."""
    found = [{"label": _("Products"), "href": reverse("catalog:catalogue") if category else ""}]
    for node in [*tree.above(category), category] if category else ():
        href = reverse("catalog:category", args=(node.slug,)) if node is not category else ""
        found.append({"label": node.label(language), "href": href})
    return found


class CatalogueView(HeadlessView):
    """What the endpoints of the catalogue share."""

    permission_classes = (SignedInOrOpenCatalogue,)
    tags = ("products",)

    @cached_property
    def base(self) -> str:
        """What addresses of pictures begin with."""
        return str(self.request.build_absolute_uri(picture_prefix()))
