"""On whose behalf and in which language an import is worked on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.contrib.auth import get_user_model
from django.utils import translation

from ..viewer import Viewer
from ..viewers import system_viewer, viewer_for
from .models import ImportJob


def viewer_of(job: ImportJob) -> Viewer:
    """The person who uploaded the file, with the rights they have now; the system for files without a person."""
    return _viewer(job, job.created_by_id)


def actor_of(job: ImportJob) -> Viewer:
    """The person who undoes the import, with the rights they have now."""
    return _viewer(job, job.undone_by_id)


def _viewer(job: ImportJob, user_id: int | None) -> Viewer:
    if user_id is None:
        return system_viewer(job.language or None)
    user = get_user_model().objects.get(pk=user_id)
    company = job.company_id if user_id == job.created_by_id else None
    return viewer_for(user, company_id=company, language=job.language or None)


@contextlib.contextmanager
def speaking(job: ImportJob) -> Iterator[None]:
    """Within it, the job's messages are written in its language."""
    with translation.override(job.language or translation.get_language()):
        yield
