from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from .audience import HasAudience
from .blocks import BODY
from .presenters import page_context


class ContentPage(HasAudience, Page):  # type: ignore[misc]
    """Terms of delivery, guarantee, contacts: a page that is read, for an audience of its own or the one above."""

    summary = models.TextField(
        _("summary"),
        max_length=500,
        blank=True,
        help_text=_("One or two sentences, shown below the title and in search results."),
    )
    body = StreamField(BODY, blank=True, verbose_name=_("text"))

    template = "qudao_partner_portal/content/page.html"
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]
    settings_panels = [*Page.settings_panels, *HasAudience.audience_panels]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]
    page_description = _("A page to read, such as terms of delivery or contacts.")

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | page_context(self, request)
