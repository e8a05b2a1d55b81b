"""Read what stands in documents, here and now."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from wagtail.documents import get_document_model

from ...documents.models import DocumentText
from ...documents.services import catch_up, read_again, read_document


class Command(BaseCommand):
    help = (
        "Read the text of documents that wait for it, so that the search finds it; those the portal has not "
        "noticed yet are among them. Safe to repeat and to interrupt."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="Every document, read before or not.")
        parser.add_argument(
            "--unreadable", action="store_true", help="Also those that could not be read the last time."
        )

    def handle(self, *args: Any, again: bool, unreadable: bool, **options: Any) -> None:
        if again:
            read_again(document_ids=_ids(get_document_model().objects.all()))
        elif unreadable:
            read_again(document_ids=_ids(DocumentText.objects.filter(state=DocumentText.State.UNREADABLE)))
        catch_up()
        waiting = _ids(DocumentText.objects.filter(state=DocumentText.State.WAITING))
        states: Counter[str] = Counter()
        for number, pk in enumerate(waiting, start=1):
            states[read_document(document_id=pk)] += 1
            self.stdout.write(f"\r{number}/{len(waiting)}", ending="")
        figures = ", ".join(f"{count} {state}" for state, count in sorted(states.items()) if state)
        self.stdout.write(f"\r{len(waiting)} documents read" + (f": {figures}" if figures else ""))


def _ids(rows: Any) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))
