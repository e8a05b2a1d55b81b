"""The first rows as a mapping would import them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

from ..importer import Importer
from ..opening import open_mapped
from ..running import PREVIEW_ROWS, Tally, run


def first_rows(importer: Importer, file: BinaryIO, mapping: Mapping[str, Any]) -> Tally:
    """Twenty rows, tried and undone: values, and what would be rejected.

    :raises Refusal: ``not_mapped``, ``invalid_mapping``, a wrong option, or the file cannot be read so.
    """
    return run(importer, open_mapped(importer, file, mapping), dry=True, limit=PREVIEW_ROWS)
