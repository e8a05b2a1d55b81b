"""What the body of a topic is made of, and how a product is chosen in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from oscar.core.loading import get_model
from wagtail import blocks
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.blocks import ChooserBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from ..products.models import ProductProfile
from ..products.queries import title_lookups, title_matches, title_of


class ProductFilter(BaseFilterForm):  # type: ignore[misc]
    q = forms.CharField(
        label=_("Name, SKU or barcode"),
        widget=forms.TextInput(attrs={"placeholder": _("Name, SKU or barcode")}),
        required=False,
    )

    def filter(self, objects: QuerySet[ProductProfile]) -> QuerySet[ProductProfile]:
        text = " ".join((self.cleaned_data.get("q") or "").split())
        self.is_searching, self.search_query = bool(text), text
        return objects.filter(title_matches(text) | Q(barcode=text)) if text else objects


class _Choosing:
    """Products with their names, 20 on a page. Families of variants are left out: nobody orders them."""

    filter_form_class = ProductFilter

    def get_object_list(self) -> QuerySet[ProductProfile]:
        rows = ProductProfile.objects.exclude(product__structure="parent")
        return (
            rows.select_related("product__parent", "line").prefetch_related(*title_lookups()).order_by("sku")
        )

    @property
    def columns(self) -> list[Any]:
        sku = super().columns[0]  # type: ignore[misc]
        sku.label = _("SKU")
        name = Column("name", label=_("Name"), accessor=lambda row: title_of(row.product))
        return [sku, name, Column("line", label=_("Product line"))]

    @property
    def title_column(self) -> TitleColumn:
        column = super().title_column  # type: ignore[misc]
        column.accessor = str
        return column


class ChooseView(_Choosing, chooser.ChooseView):  # type: ignore[misc]
    """The dialog."""


class ChooseResultsView(_Choosing, chooser.ChooseResultsView):  # type: ignore[misc]
    """The list inside the dialog."""


class ProductChooserViewSet(ChooserViewSet):  # type: ignore[misc]
    model = ProductProfile
    icon = "tag"
    choose_one_text = _("Choose a product")
    choose_another_text = _("Choose another product")
    edit_item_text = _("Edit this product")
    per_page = 20
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    #: Other forms keep the fields they have; ours name the widget.
    register_widget = False


product_choosers = ProductChooserViewSet("qudao_product_chooser", url_prefix="product-chooser")
ProductWidget = product_choosers.widget_class


class ProductChooserBlock(ChooserBlock):  # type: ignore[misc]
    """One product; a product that has been deleted is ``None``."""

    target_model = ProductProfile
    widget = ProductWidget()

    class Meta:
        icon = "tag"


FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]
NOTE = "note"
WARNINGS = [
    (NOTE, pgettext_lazy("warning", "Note")),
    ("caution", _("Caution")),
    ("warning", _("Warning")),
    ("danger", _("Danger")),
]
STEPS = pgettext_lazy("instructions", "Steps")
LEVELS = [("2", _("Heading")), ("3", _("Subheading"))]


def attribute_choices() -> list[tuple[str, str]]:
    """Every attribute products may have: code and name, each code once."""
    rows = get_model("catalogue", "ProductAttribute").objects.order_by("name", "pk")
    return list({code: (code, name) for name, code in rows.values_list("name", "code")}.values())


def _words(**options: Any) -> blocks.RichTextBlock:
    return blocks.RichTextBlock(features=FEATURES, **options)


def _products(**options: Any) -> blocks.ListBlock:
    return blocks.ListBlock(ProductChooserBlock(), label=_("Products"), collapsed=True, **options)


class HeadingBlock(blocks.StructBlock):  # type: ignore[misc]
    text = blocks.CharBlock(label=_("Text"), max_length=200)
    level = blocks.ChoiceBlock(LEVELS, label=_("Level"), default="2")

    class Meta:
        icon = "title"
        label = _("Heading")
        label_format = "{text}"


class TableBlock(blocks.StructBlock):  # type: ignore[misc]
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)
    table = TypedTableBlock(
        [
            ("text", blocks.CharBlock(label=_("Text"), required=False)),
            ("number", blocks.DecimalBlock(label=pgettext_lazy("column", "Number"), required=False)),
        ],
        label=_("Table"),
    )

    class Meta:
        icon = "table"
        label = _("Table")
        label_format = "{caption}"


class ParametersBlock(blocks.StructBlock):  # type: ignore[misc]
    """Technical data as they stand in the catalogue now; nothing is copied."""

    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)
    products = _products(min_num=1)
    attributes = blocks.ListBlock(
        blocks.ChoiceBlock(attribute_choices, label=_("Attribute")),
        label=_("Attributes"),
        default=[],
        collapsed=True,
        help_text=_("Which of the products' attributes, in this order. None: all of them."),
    )

    class Meta:
        icon = "list-ul"
        label = _("Table of product data")
        label_format = "{caption}"


class DrawingBlock(blocks.StructBlock):  # type: ignore[misc]
    image = ImageChooserBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=300, required=False)
    number = blocks.CharBlock(label=_("Drawing number"), max_length=60, required=False)
    document = DocumentChooserBlock(label=_("File of the drawing"), required=False)

    class Meta:
        icon = "image"
        label = _("Drawing")
        label_format = "{number} {caption}"


class StepBlock(blocks.StructBlock):  # type: ignore[misc]
    title = blocks.CharBlock(label=pgettext_lazy("step", "What to do"), max_length=200)
    text = _words(label=_("How"), required=False)
    image = ImageChooserBlock(label=_("Picture"), required=False)

    class Meta:
        label_format = "{title}"


class StepsBlock(blocks.StructBlock):  # type: ignore[misc]
    title = blocks.CharBlock(label=_("Title"), max_length=200, required=False)
    steps = blocks.ListBlock(StepBlock(label=pgettext_lazy("instructions", "Step")), label=STEPS, min_num=1)

    class Meta:
        icon = "list-ol"
        label = STEPS
        label_format = "{title}"


class WarningBlock(blocks.StructBlock):  # type: ignore[misc]
    level = blocks.ChoiceBlock(WARNINGS, label=_("Level"), default=NOTE)
    title = blocks.CharBlock(label=_("Title"), max_length=200, required=False)
    text = _words(label=_("Text"))

    class Meta:
        icon = "warning"
        label = _("Note or warning")
        label_format = "{level} {title}"


class QuestionBlock(blocks.StructBlock):  # type: ignore[misc]
    question = blocks.CharBlock(label=_("Question"), max_length=300)
    answer = _words(label=_("Answer"))

    class Meta:
        label_format = "{question}"


class FaqBlock(blocks.StructBlock):  # type: ignore[misc]
    questions = blocks.ListBlock(QuestionBlock(label=_("Question")), label=_("Questions"), min_num=1)

    class Meta:
        icon = "help"
        label = _("Questions and answers")


class DownloadsBlock(blocks.StructBlock):  # type: ignore[misc]
    title = blocks.CharBlock(label=_("Title"), max_length=200, required=False)
    documents = blocks.ListBlock(DocumentChooserBlock(), label=_("Files"), min_num=1)

    class Meta:
        icon = "download"
        label = _("Downloads")
        label_format = "{title}"


class VideoBlock(blocks.StructBlock):  # type: ignore[misc]
    document = DocumentChooserBlock(
        label=_("Video file"), required=False, help_text=_("An MP4 file, served from this site.")
    )
    url = blocks.URLBlock(label=_("Video URL"), required=False, help_text=_("Shown as an external link."))
    poster = ImageChooserBlock(label=_("Picture before it plays"), required=False)
    caption = blocks.CharBlock(label=_("Caption"), max_length=300, required=False)
    transcript = _words(
        label=_("Transcript"),
        required=False,
        help_text=_("What is said and shown, for those who cannot hear or play it; it is also searched."),
    )

    class Meta:
        icon = "media"
        label = _("Video")
        label_format = "{caption}"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if bool(cleaned["document"]) == bool(cleaned["url"]):
            message = ValidationError(_("Choose a file or enter an address: one of the two."))
            raise StructBlockValidationError(block_errors={"document": message})
        return cleaned


class ProductsBlock(blocks.StructBlock):  # type: ignore[misc]
    """Cards with the reader's own price and stock."""

    title = blocks.CharBlock(label=_("Title"), max_length=200, required=False)
    products = _products(min_num=1)

    class Meta:
        icon = "tag"
        label = _("Products")
        label_format = "{title}"


class ScriptBlock(blocks.StructBlock):  # type: ignore[misc]
    """A piece of a sales conversation."""

    customer_says = blocks.TextBlock(label=_("The customer says"), rows=2, max_length=600)
    answer = _words(label=_("You answer"))
    why = _words(label=_("Why it works"), required=False)
    products = _products(default=[])

    class Meta:
        icon = "comment"
        label = _("Sales script")
        label_format = "{customer_says}"


#: Name → block, in the order in which editors are offered them.
BODY: list[tuple[str, blocks.Block]] = [
    ("heading", HeadingBlock()),
    ("text", _words(label=_("Text"))),
    ("table", TableBlock()),
    ("parameters", ParametersBlock()),
    ("drawing", DrawingBlock()),
    ("steps", StepsBlock()),
    ("warning", WarningBlock()),
    ("faq", FaqBlock()),
    ("downloads", DownloadsBlock()),
    ("video", VideoBlock()),
    ("products", ProductsBlock()),
    ("script", ScriptBlock()),
]
