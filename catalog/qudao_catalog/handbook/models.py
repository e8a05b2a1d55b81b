"""Pages of the handbook, their products and translations, and PDFs made of them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from qudao_core.exports.models import Export
from qudao_partner_portal import api as portal
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.url_routing import RouteResult

from .blocks import BODY, ProductWidget

_shown_by: dict[str, ModuleType] = {}


def register_page_views(module: ModuleType) -> None:
    """Let ``module`` (``route``, ``serve``, ``serve_preview``, ``more_previews``) show the pages."""
    _shown_by["pages"] = module


def page_views() -> ModuleType:
    """The module that shows the pages."""
    return _shown_by["pages"]


SUMMARY = 500
CHAPTER, TOPIC, HANDBOOK = (
    "qudao_catalog.ChapterPage",
    "qudao_catalog.TopicPage",
    "qudao_catalog.HandbookPage",
)


class Kind(models.TextChoices):
    """What a topic is, for filters and for the mark above its title."""

    GUIDE = "guide", _("Guide")
    REFERENCE = "reference", pgettext_lazy("topic", "Reference")
    INSTALLATION = "installation", _("Installation")
    FAQ = "faq", _("Questions and answers")
    CUSTOMER_TYPE = "customer_type", _("Customer type")
    OBJECTION = "objection", _("Objection")
    SCRIPT = "script", _("Sales script")


class Read(portal.HasAudience):
    """What the three page types share: a summary, an audience, and pages that are read through :mod:`.web`."""

    summary = models.TextField(
        _("summary"),
        max_length=SUMMARY,
        blank=True,
        help_text=_("One or two sentences, shown in lists, in search results and below the title."),
    )

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return page_views().serve(request, self)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [*super().preview_modes, *page_views().more_previews()]

    def draft_response(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return page_views().serve_preview(request, self, mode_name)


class HandbookPage(Read, Page):  # type: ignore[misc]
    """A handbook: its chapters, and the search within it. It answers for every address below it, in every language."""

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    settings_panels = [*Page.settings_panels, *portal.HasAudience.audience_panels]
    subpage_types = [CHAPTER]
    page_description = _("A manual with chapters and topics.")

    class Meta:
        verbose_name = _("handbook")
        verbose_name_plural = _("handbooks")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        return page_views().route(request, self, path_components)


class ChapterPage(Read, Page):  # type: ignore[misc]
    """A chapter of a handbook, or a section of a chapter."""

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    settings_panels = [*Page.settings_panels, *portal.HasAudience.audience_panels]
    parent_page_types = [HANDBOOK, CHAPTER]
    subpage_types = [CHAPTER, TOPIC]
    page_description = _("Groups topics. A chapter may hold sections, a section holds topics only.")

    class Meta:
        verbose_name = _("handbook chapter")
        verbose_name_plural = _("handbook chapters")

    @classmethod
    def can_exist_under(cls, parent: Page) -> bool:
        """Chapters nest once: a section of a chapter holds topics only."""
        return bool(super().can_exist_under(parent)) and not _is_section(parent)

    def can_move_to(self, parent: Page) -> bool:
        """A chapter that has sections does not become a section itself."""
        if (
            isinstance(parent.specific_deferred, ChapterPage)
            and self.get_children().type(ChapterPage).exists()
        ):
            return False
        return bool(super().can_move_to(parent))


class TopicPage(Read, Page):  # type: ignore[misc]
    """What is read: a body of blocks, and the products it is about."""

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.GUIDE)
    keywords = models.CharField(
        _("keywords"),
        max_length=500,
        blank=True,
        help_text=_("Additional search keywords, separated by commas."),
    )
    body = StreamField(BODY, blank=True, verbose_name=_("text"))

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("kind"), FieldPanel("summary"), FieldPanel("keywords")], _("About the topic")
        ),
        FieldPanel("body"),
        InlinePanel("products", heading=_("Products"), label=_("Product")),
    ]
    settings_panels = [*Page.settings_panels, *portal.HasAudience.audience_panels]
    parent_page_types = [CHAPTER]
    subpage_types: list[str] = []
    page_description = _("One thing to look up: a guide, a reference, questions, a sales script.")

    class Meta:
        verbose_name = _("handbook topic")
        verbose_name_plural = _("handbook topics")

    @cached_property
    def words(self) -> list[str]:
        """The keywords, one by one."""
        return [word.strip() for word in self.keywords.replace("，", ",").split(",") if word.strip()]


class TopicProduct(Orderable):  # type: ignore[misc]
    """A product a topic is about, or mentions; shown on the topic and on the product's page."""

    class Role(models.TextChoices):
        ABOUT = "about", _("is about it")
        MENTIONS = "mentions", _("mentions it")

    topic = ParentalKey(TopicPage, on_delete=models.CASCADE, related_name="products")
    product = models.ForeignKey(
        "qudao_catalog.ProductProfile", models.CASCADE, related_name="topics", verbose_name=_("product")
    )
    role = models.CharField(_("the topic"), max_length=10, choices=Role.choices, default=Role.ABOUT)

    panels = [FieldPanel("product", widget=ProductWidget), FieldPanel("role")]

    class Meta(Orderable.Meta):
        verbose_name = _("product of a topic")
        verbose_name_plural = _("products of topics")
        constraints = [models.UniqueConstraint(fields=["topic", "product"], name="topic_product_once")]

    def __str__(self) -> str:
        return str(self.product)


class Translation(models.Model):
    """Which page a translation follows, and up to which of its revisions.

    A row of its own, so that neither drafts nor reverted revisions of the translation carry an old mark back.
    """

    page = models.OneToOneField(
        Page,
        models.CASCADE,
        primary_key=True,
        related_name="handbook_translation",
        verbose_name=_("translation"),
    )
    original = models.ForeignKey(
        Page, models.CASCADE, related_name="handbook_translations", verbose_name=_("translated from")
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("follows the revision"),
    )
    #: When the text it follows was published; empty while the original has never been.
    published_at = models.DateTimeField(_("follows the text of"), null=True)

    class Meta:
        verbose_name = _("handbook translation")
        verbose_name_plural = _("handbook translations")

    def __str__(self) -> str:
        return str(self.page)


def _is_section(page: Page) -> bool:
    if not issubclass(page.specific_class or Page, ChapterPage):
        return False
    above = page.get_parent()
    return above is not None and issubclass(above.specific_class or Page, ChapterPage)


class HandbookExport(Export):
    """A topic, a chapter or a whole handbook on its way into a PDF, for one person, as that person sees it."""

    class Scope(models.TextChoices):
        TOPIC = "topic", _("Topic")
        CHAPTER = "chapter", _("Chapter")
        HANDBOOK = "handbook", _("Handbook")

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+", verbose_name=_("page"))
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices)
    #: Ids of the topics inside; who may no longer read one of them may not fetch the file.
    topics = models.JSONField(default=list)

    class Meta(Export.Meta):
        verbose_name = _("handbook as PDF")
        verbose_name_plural = _("handbooks as PDF")
        constraints = [models.UniqueConstraint(fields=["user", "fingerprint"], name="handbook_export_once")]
