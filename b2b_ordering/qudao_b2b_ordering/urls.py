"""URLs of this plugin, gathered from its subjects.

A host mounts ``web_urlpatterns`` at "" and ``api_urlpatterns`` at ``api/v1/``.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from .cart import urls as cart
from .flow import urls as flow
from .offers import urls as offers
from .orders import urls as orders
from .pricing import urls as pricing
from .quick_order import urls as quick_order
from .stock import urls as stock

app_name = "ordering"

#: Each subject has ``web_urlpatterns`` and ``api_urlpatterns``.
SUBJECTS = (offers, cart, quick_order, orders, flow, pricing, stock)

web_urlpatterns: list[URLPattern | URLResolver] = [
    pattern for subject in SUBJECTS for pattern in subject.web_urlpatterns
]
api_urlpatterns: list[URLPattern | URLResolver] = [
    pattern for subject in SUBJECTS for pattern in subject.api_urlpatterns
]

urlpatterns = web_urlpatterns
