"""What learning's screens in Wagtail's admin share: loaded through the viewer, a refusal said on the page."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.generic import TemplateView
from qudao_core import api as core
from qudao_core.requests import get_viewer
from qudao_core.viewers import require_permission
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


class OfficePage(WagtailAdminTemplateMixin, TemplateView):  # type: ignore[misc]
    """A page of its own beside a model's screens; a POST takes the permission ``change`` beside ``view``.

    What the viewer may not see is answered as Wagtail does it, what does not exist with 404.
    """

    view: str = ""
    change: str = ""

    @property
    def viewer(self) -> core.Viewer:
        return get_viewer(self.request)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            require_permission(self.viewer, self.view)
            if request.method == "POST":
                require_permission(self.viewer, self.change)
            return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]
        except core.Forbidden as refusal:
            raise PermissionDenied(str(refusal.message)) from refusal
        except core.NotFound as refusal:
            raise Http404(str(refusal.message)) from refusal

    def get_trail(self) -> list[tuple[str, Any]]:
        """The links above the page: address and label."""
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        links = [{"url": url, "label": str(label)} for url, label in self.get_trail()]
        return [*self.breadcrumbs_items, *links, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_change=self.viewer.may(self.change), **kwargs)  # type: ignore[no-any-return]
