"""The demo's product handbook. Every text, figure and name in it is made up here; the technical facts are not."""

from __future__ import annotations

from .installation import INSTALLATION
from .product import PRODUCT
from .selling import SELLING
from .shapes import Handbook

HANDBOOKS: tuple[Handbook, ...] = (PRODUCT, INSTALLATION, SELLING)
