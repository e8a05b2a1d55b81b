"""Names and fingerprints of files made in the background. Plain Python."""

from __future__ import annotations

import hashlib
import re

_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def fingerprint(*facts: object) -> str:
    """The same for the same facts.

    >>> fingerprint("a", 1) == fingerprint("a", 1), fingerprint("a", 1) == fingerprint("a", 2)
    (True, False)
    """
    return hashlib.sha1(repr(facts).encode(), usedforsecurity=False).hexdigest()


def file_name(title: str) -> str:
    """A name every system can keep.

    >>> file_name('Lamps: "A/B" 选型')
    'Lamps A B 选型.pdf'
    """
    words = " ".join(_UNFIT.sub(" ", title).split())[:120].strip(" .")
    return f"{words or 'document'}.pdf"
