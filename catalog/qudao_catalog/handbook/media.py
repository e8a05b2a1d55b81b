"""Pictures and documents of bodies, many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qudao_core import api as core
from qudao_partner_portal import api as portal
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError

#: As wide as the measure, twice that for fine screens, and what zooming shows.
PAGE, FINE, LARGE = "max-720x1200|format-webp", "max-1440x2400|format-webp", "max-2800x2800|format-webp"
#: Vector drawings stay what they are.
VECTOR = "original|preserve-svg"


@dataclass(frozen=True, slots=True)
class Papers:
    """Documents that the reader may open."""

    found: Mapping[int, dict[str, Any]]

    @classmethod
    def read(cls, viewer: core.Viewer, wanted: Iterable[int]) -> Papers:
        ids = sorted(set(wanted))
        if not ids:
            return cls({})
        rows = get_document_model().objects.filter(pk__in=ids)
        may_open = portal.may_open_documents(viewer, ids)
        return cls({row.pk: _paper(row) for row in rows if row.pk in may_open})

    def get(self, pk: int | None) -> dict[str, Any] | None:
        return self.found.get(pk) if pk else None


def _paper(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "title": row.title,
        "url": row.url,
        "filename": row.filename,
        "extension": row.file_extension,
        "size": row.file_size,
        "content_type": row.content_type,
    }


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures at the sizes pages show. A size is made when it is first asked for."""

    found: Mapping[int, Any]

    @classmethod
    def read(cls, wanted: Iterable[int]) -> Pictures:
        ids = sorted(set(wanted))
        if not ids:
            return cls({})
        rows = get_image_model().objects.filter(pk__in=ids)
        return cls({row.pk: row for row in rows.prefetch_renditions(PAGE, FINE, LARGE, VECTOR)})

    def get(self, pk: int | None, words: str = "") -> dict[str, Any] | None:
        """A picture for a page; ``None`` when it or its file is gone. ``words`` describe it where it does not."""
        image = self.found.get(pk) if pk else None
        if image is None:
            return None
        try:
            return _picture(image, words)
        except (OSError, ValueError, InvalidFilterSpecError):
            return None


def _picture(image: Any, words: str) -> dict[str, Any]:
    specs = [VECTOR] * 3 if image.is_svg() else [PAGE, FINE, LARGE]
    made = image.get_renditions(*dict.fromkeys(specs))
    small, fine, large = (made[spec] for spec in specs)
    return {
        "id": image.pk,
        "alt": image.description or words or image.title,
        "src": small.url,
        "width": small.width,
        "height": small.height,
        "srcset": f"{small.url} {small.width}w, {fine.url} {fine.width}w" if fine.width > small.width else "",
        "large": large.url,
        "large_width": large.width,
        "large_height": large.height,
        "file": large,
    }
