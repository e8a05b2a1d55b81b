"""What the tests of every importer share: a file in, counts and problems out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile
from qudao_core.imports import services
from qudao_core.imports.models import ImportJob
from qudao_partner_portal.testing import make_back_office, viewer_of


def load(kind: str, text: str, *, skip_rejected: bool = False, user: Any = None, **options: str) -> ImportJob:
    """Upload `text` as CSV and apply it when nothing (or nothing that may not be skipped) is rejected."""
    viewer = viewer_of(user or make_back_office("Ida Import", is_superuser=True))
    file = ContentFile(text.encode())
    job = services.upload(viewer=viewer, kind=kind, file=file, name=f"{kind}.csv", options=options, wait=True)
    if job.state == ImportJob.State.CHECKED and (skip_rejected or not job.rejected_count):
        job = services.apply(viewer=viewer, job=job, skip_rejected=skip_rejected, wait=True)
    return job


def counts(job: ImportJob) -> tuple[int, int, int, int]:
    """Created, changed, unchanged, rejected."""
    return (job.created_count, job.updated_count, job.unchanged_count, job.rejected_count)


def problems(job: ImportJob) -> list[tuple[int, str, str]]:
    """(line, column, code) of every kept problem."""
    return [(each["line"], each["column"], each["code"]) for each in job.preview["problems"]]


def csv(*rows: Iterable[object]) -> str:
    return "\n".join(",".join(str(cell) for cell in row) for row in rows) + "\n"
