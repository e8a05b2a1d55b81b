"""Where files go: a file is private unless its folder is listed as public."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils._os import safe_join
from django.utils.deconstruct import deconstructible


@deconstructible(path="qudao_site.storage.GuardedFileStorage")
class GuardedFileStorage(FileSystemStorage):
    """Keeps names below the `public` folders in MEDIA_ROOT and all others in `private_root`.

    A reverse proxy serves MEDIA_ROOT; it cannot hand out what is not there. Private files have no working
    address: documents leave through Wagtail's view, attachments and exports through ours.
    """

    def __init__(self, *, private_root: str | Path, public: Sequence[str] = (), **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.private_root = str(private_root)
        self.public = tuple(public)
        self._private = FileSystemStorage(**{**options, "location": self.private_root})  # type: ignore[arg-type]

    def is_public(self, name: str) -> bool:
        """Whether anybody may fetch the file called `name`."""
        return posixpath.normpath(name.replace("\\", "/")).startswith(self.public)

    def path(self, name: str) -> str:
        return safe_join(self.location if self.is_public(name) else self.private_root, name)

    def _save(self, name: str, content: File) -> str:
        """Django names a saved file relative to the root it lies in, so each root saves its own."""
        if self.is_public(name):
            return super()._save(name, content)  # type: ignore[misc, no-any-return]
        return self._private._save(name, content)  # type: ignore[attr-defined, no-any-return]
