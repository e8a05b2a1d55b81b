"""The languages that products are described in beside the source's, and how fields and columns name them."""

from __future__ import annotations

from django.conf import settings


def languages() -> list[tuple[str, str, str]]:
    """Languages other than the source's: suffix of their fields (``zh``), code and name."""
    source = settings.LANGUAGE_CODE.partition("-")[0]
    return [
        ("zh" if code == "zh-hans" else code.replace("-", "_"), code, name)
        for code, name in settings.LANGUAGES
        if code.partition("-")[0] != source
    ]


def without_language(name: str) -> tuple[str, str]:
    """A name such as ``note_zh-hans`` or ``note_zh``: what it names, and the code of the language, if it says one."""
    folded = name.casefold()
    for suffix, code, _name in languages():
        for ending in (f"_{code}", f"_{suffix}"):
            if folded.endswith(ending) and len(name) > len(ending):
                return name[: -len(ending)], code
    return name, ""
