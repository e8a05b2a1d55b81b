"""Import a file from the command line: the same checks, the same services, the same record as in the
admin.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import get_language

from ...errors import Refusal
from ...hooks import importers
from ...imports import services
from ...imports.models import ImportJob
from ...viewer import Viewer
from ...viewers import system_viewer, viewer_for

SHOWN_PROBLEMS = 20


class Command(BaseCommand):
    help = "Import a CSV or XLSX file: checked first, then applied whole or not at all. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", help="What the file holds; a wrong word lists the kinds.")
        parser.add_argument("path", type=Path)
        parser.add_argument("--check", action="store_true", help="Only say what would happen.")
        parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE")
        parser.add_argument("--mapping", type=Path, metavar="FILE", help="What is what in the file, as JSON.")
        parser.add_argument("--skip-rejected", action="store_true", help="Import the good rows only.")
        parser.add_argument("--rejected", type=Path, metavar="FILE", help="Where to write rejected rows.")
        parser.add_argument("--as", dest="person", metavar="EMAIL", help="Whose rights and name to use.")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        try:
            job = self._import(**options)
        except Refusal as refusal:
            raise CommandError(_sentence(refusal)) from refusal
        self._report(job, time.perf_counter() - started, options["rejected"])

    def _import(
        self,
        *,
        kind: str,
        path: Path,
        check: bool,
        option: list[str],
        skip_rejected: bool,
        person: str,
        mapping: Path | None = None,
        **_: Any,
    ) -> ImportJob:
        viewer = _viewer(person)
        if importers.get(kind) is None:
            raise CommandError(f"Kinds: {', '.join(key for key, _entry in importers.items())}")
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        with path.open("rb") as file:
            job = services.upload(
                viewer=viewer,
                kind=kind,
                file=file,
                name=path.name,
                options=_options(option),
                mapping=_mapping(mapping),
                wait=True,
            )
        if check or job.state != ImportJob.State.CHECKED:
            return job
        if job.rejected_count and not skip_rejected:
            return job
        return services.apply(viewer=viewer, job=job, skip_rejected=skip_rejected, wait=True)

    def _report(self, job: ImportJob, seconds: float, rejected: Path | None) -> None:
        for problem in job.preview.get("problems", [])[:SHOWN_PROBLEMS]:
            column = f" [{problem['column']}]" if problem["column"] else ""
            self.stderr.write(f"line {problem['line']}{column}: {problem['message']} {problem['remedy']}")
        if rejected and job.report:
            with job.report.open("rb") as file:
                rejected.write_bytes(file.read())
        for label, value in job.preview.get("totals", []):
            self.stdout.write(f"{label}: {value}")
        self.stdout.write(
            f"{job.get_state_display()}: {job.total} rows in {seconds:.1f} s "
            f"({job.total / max(seconds, 0.001):,.0f} rows/s): {job.created_count} created, "
            f"{job.updated_count} changed, {job.unchanged_count} unchanged, {job.rejected_count} rejected"
        )
        if job.state == ImportJob.State.FAILED:
            raise CommandError(job.message)
        if job.state == ImportJob.State.CHECKED and job.rejected_count:
            self.stderr.write("Nothing was imported. Correct the rows, or use --skip-rejected.")


def _viewer(email: str | None) -> Viewer:
    language = get_language() or "en"
    if not email:
        return system_viewer(language)
    user = get_user_model().objects.filter(email__iexact=email).first()
    if user is None:
        raise CommandError(f"Nobody signs in as {email}.")
    return viewer_for(user, language=language)


def _mapping(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read as JSON.") from error
    if not isinstance(found, dict):
        raise CommandError(f"{path} must hold a JSON object.")
    return found


def _options(pairs: list[str]) -> dict[str, str]:
    if any("=" not in pair for pair in pairs):
        raise CommandError("Write an option as NAME=VALUE.")
    return {name: value for name, _equals, value in (pair.partition("=") for pair in pairs)}


def _sentence(refusal: Refusal) -> str:
    where = f"line {refusal.problem.line}: " if refusal.problem.line else ""
    remedy = f" {refusal.problem.remedy}" if refusal.problem.remedy else ""
    return f"{where}{refusal.message}{remedy}"
