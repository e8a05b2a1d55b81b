"""The two pages of the theme: the living style page, and the choice of light or dark without JavaScript."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from .brands import brand_keys, get_brand
from .context_processors import THEME_COOKIE, THEMES
from .styleguide import samples
from .styleguide_reading import reading

LAYOUTS = ("auth", "reading", "error", "pdf")
YEAR = 365 * 24 * 3600


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keeps ``theme`` (auto, light, dark) in a cookie for a year and goes back to ``next``."""
    chosen = request.POST.get("theme", "")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


class StyleGuideLayoutView(TemplateView):
    """A page in one of the layouts, with sample content."""

    def get_template_names(self) -> list[str]:
        name = self.kwargs["name"]
        if name not in LAYOUTS:
            raise Http404
        return [f"qudao_themes/styleguide/{name}.html"]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return {**super().get_context_data(**kwargs), **_dressed(self.request)}


class StyleGuideView(TemplateView):
    """Every component in all its states. ``?brand=`` dresses the page in another brand."""

    template_name = "qudao_themes/styleguide/index.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return {
            **super().get_context_data(**kwargs),
            **_dressed(self.request),
            "brands": [get_brand(key) for key in brand_keys()],
        }


def _dressed(request: HttpRequest) -> dict[str, object]:
    """Samples, in the brand the address asks for."""
    wanted = request.GET.get("brand", "")
    brand = {"brand": get_brand(wanted)} if wanted in brand_keys() else {}
    return {**samples(request), "reading": reading(), **brand}
