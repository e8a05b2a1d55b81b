"""Why somebody finds something or does not: the query taken apart, and a verdict on hits and on one thing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import get_language
from qudao_core.errors import Refusal
from qudao_core.viewers import viewer_for

from ...hooks import Reader
from ...querying.explain import Explanation, Verdict, explain
from ...values import SearchRequest


class Command(BaseCommand):
    help = "Why somebody finds something or not, and how hits were scored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("query")
        parser.add_argument("--as", dest="person", metavar="EMAIL", help="Who searches; a guest without it.")
        parser.add_argument("--kind", default="", help="The kind of --item.")
        parser.add_argument("--item", default="", help="Also say why this is found or not.")
        parser.add_argument("--facet", action="append", default=[], metavar="NAME=VALUE")
        parser.add_argument("--lang", default="", help="The reader's language, such as zh-hans.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["item"] and not options["kind"]:
            raise CommandError("Name the kind of the item with --kind.")
        reader = _reader(options["person"], options["lang"] or get_language() or "en")
        request = SearchRequest(options["query"], facets=_facets(options["facet"]))
        try:
            found = explain(reader, request, kind=options["kind"], item=options["item"])
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self._write(found)

    def _write(self, found: Explanation) -> None:
        self.stdout.write(f"tokens: {' '.join(found.tokens) or 'none'}")
        for number, clause in enumerate(found.clauses, start=1):
            self.stdout.write(f"clause {number}: {clause}")
        for whole in found.whole:
            self.stdout.write(f"or the whole: {whole}")
        for step in found.steps:
            self.stdout.write(f"then: {step}")
        self.stdout.write(f"{found.total:,} hits from {found.engine}")
        for verdict in found.verdicts:
            self._write_verdict(verdict)

    def _write_verdict(self, verdict: Verdict) -> None:
        place = f"{verdict.position:>3}." if verdict.position else "   -"
        shown = "shown" if verdict.shown else "NOT SHOWN"
        self.stdout.write(f"{place} {verdict.kind}:{verdict.item} {shown}")
        for reason in verdict.reasons:
            for line in reason.splitlines():
                self.stdout.write(f"       {line}")


def _reader(email: str | None, language: str) -> Reader:
    if not email:
        return viewer_for(AnonymousUser(), language=language)
    user = get_user_model().objects.filter(email__iexact=email).first()
    if user is None:
        raise CommandError(f"Nobody signs in as {email}.")
    return viewer_for(user, language=language)


def _facets(pairs: list[str]) -> dict[str, tuple[str, ...]]:
    if any("=" not in pair for pair in pairs):
        raise CommandError("Write a filter as NAME=VALUE.")
    found: dict[str, tuple[str, ...]] = {}
    for name, _equals, value in (pair.partition("=") for pair in pairs):
        found[name] = (*found.get(name, ()), value)
    return found
