"""The documentation beside the site: pages that `./qudao docs` has built, shown at /docs/ while they are there."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseNotModified
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.static import serve
from qudao_core.pages import allowed_in_previews
from wagtail.admin.menu import MenuItem

from .policies import DOCUMENTATION_POLICY


@allowed_in_previews
@require_safe
@csp_replace(DOCUMENTATION_POLICY)
def documentation(request: HttpRequest, path: str = "index.html") -> FileResponse | HttpResponseNotModified:
    """One file of the built documentation. Its pages are public: they are those of the repository.

    :raises Http404: there is no such file, or nothing was built.
    """
    return serve(request, path, document_root=str(settings.DOCS_DIR))


class DocumentationMenuItem(MenuItem):
    """The entry of the back office's help menu."""

    def __init__(self) -> None:
        super().__init__(_("Documentation"), reverse("documentation"), icon_name="doc-full", order=900)

    def is_shown(self, request: HttpRequest) -> bool:
        return (settings.DOCS_DIR / "index.html").exists()
