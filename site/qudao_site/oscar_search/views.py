"""The view names that Oscar's catalogue imports when it starts. Nothing routes to them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import View


class ClosedView(View):
    """Answers 404: the shop's own search pages do not exist here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404


class FacetedSearchView(ClosedView):
    pass


class CatalogueView(ClosedView):
    pass


class ProductCategoryView(ClosedView):
    pass
