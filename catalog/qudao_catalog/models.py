"""Every model of the catalogue, gathered for Django. Code inside the plugin imports from the subjects."""

from .assortments.models import Assortment, AssortmentAudience, AssortmentItem
from .categories.models import CategoryTranslation
from .handbook.models import ChapterPage, HandbookExport, HandbookPage, TopicPage, TopicProduct, Translation
from .products.models import (
    AttributeProfile,
    AttributeText,
    OptionTranslation,
    ProductDocument,
    ProductLine,
    ProductProfile,
    ProductTranslation,
    TaxClass,
    TypeTranslation,
    Unit,
)

__all__ = [
    "Assortment",
    "AssortmentAudience",
    "AssortmentItem",
    "AttributeProfile",
    "CategoryTranslation",
    "ChapterPage",
    "HandbookExport",
    "HandbookPage",
    "AttributeText",
    "OptionTranslation",
    "TypeTranslation",
    "ProductDocument",
    "ProductLine",
    "ProductProfile",
    "ProductTranslation",
    "TaxClass",
    "TopicPage",
    "TopicProduct",
    "Translation",
    "Unit",
]
