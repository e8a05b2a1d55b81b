"""What a page is written with."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

FEATURES = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class HeadingBlock(blocks.CharBlock):  # type: ignore[misc]
    """A heading that the contents beside the page lead to."""

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "qudao_partner_portal/content/heading.html"

    def get_context(self, value: str, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        return context | {"anchor": anchor(value)}


class PictureBlock(blocks.StructBlock):  # type: ignore[misc]
    image = ImageChooserBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=300, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        label_format = "{caption}"
        template = "qudao_partner_portal/content/picture.html"


class TableBlock(blocks.StructBlock):  # type: ignore[misc]
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)
    table = TypedTableBlock([("text", blocks.CharBlock(label=_("Text"), required=False))], label=_("Table"))

    class Meta:
        icon = "table"
        label = _("Table")
        label_format = "{caption}"
        template = "qudao_partner_portal/content/table.html"


class DownloadsBlock(blocks.StructBlock):  # type: ignore[misc]
    """Files to fetch. Readers see those they may open; what is attached to nothing else opens with the page."""

    title = blocks.CharBlock(label=_("Title"), max_length=200, required=False)
    documents = blocks.ListBlock(DocumentChooserBlock(label=_("Document")), label=_("Documents"), min_num=1)

    class Meta:
        icon = "download"
        label = _("Downloads")
        label_format = "{title}"
        template = "qudao_partner_portal/content/downloads.html"


BODY = [
    ("heading", HeadingBlock(max_length=200)),
    (
        "text",
        blocks.RichTextBlock(
            label=_("Text"),
            features=FEATURES,
            icon="pilcrow",
            template="qudao_partner_portal/content/text.html",
        ),
    ),
    ("picture", PictureBlock()),
    ("table", TableBlock()),
    ("downloads", DownloadsBlock()),
]


def anchor(heading: str) -> str:
    """The name of a heading's place in the page's address: ``#delivery-times``, ``#交货期``."""
    return slugify(heading, allow_unicode=True) or "section"
