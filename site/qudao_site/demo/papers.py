"""The demo's documents, as files of its directory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from qudao_core import api as core
from qudao_partner_portal import api as portal

from .channel import Channel


def make_papers(system: core.Viewer, channel: Channel) -> dict[str, Any]:
    """The documents of ``papers.yaml``, aimed at whom they are for; name → document."""
    made = {}
    for name, paper in channel.papers.items():
        made[name] = keep(paper.title, channel.file("papers", paper.file))
        if paper.audiences:
            portal.set_document_audience(viewer=system, document=made[name], keys=paper.audiences)
    return made


def keep(title: str, path: Path) -> Any:
    """A document of this title: the one that is there, or a new one with the content of the file."""
    model = apps.get_model("wagtaildocs", "Document")
    found = model.objects.filter(title=title).first()
    if found is not None:
        return found
    return new_document(title, path)


def new_document(title: str, path: Path) -> Any:
    collection = apps.get_model("wagtailcore", "Collection").get_first_root_node()
    made = apps.get_model("wagtaildocs", "Document")(title=title, collection=collection)
    made.file.save(path.name, ContentFile(path.read_bytes()), save=False)
    made.file_size = made.file.size
    made.save()
    return made
