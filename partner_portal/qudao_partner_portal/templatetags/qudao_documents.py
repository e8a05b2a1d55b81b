"""What Wagtail's document form shows of the document's text."""

from __future__ import annotations

from typing import Any

from django import template

from ..documents.models import DocumentText

register = template.Library()


@register.inclusion_tag("qudao_partner_portal/admin/documents/state.html")
def document_state(document: Any) -> dict[str, Any]:
    """State, reason and date of the document's text, with the button that reads it again."""
    text = DocumentText.objects.filter(pk=document.pk).defer("text").first()
    tag = "w-status--primary" if text and text.state == DocumentText.State.READY else ""
    return {"text": text, "tag": tag}
