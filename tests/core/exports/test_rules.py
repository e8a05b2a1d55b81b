"""Names of files made in the background."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from qudao_core.exports import rules


@given(st.text())
def test_a_file_name_is_never_empty_and_never_a_path(title: str) -> None:
    name = rules.file_name(title)
    assert name.endswith(".pdf") and len(name) > 4
    assert not set(name) & set('\\/:*?"<>|\x00\n')
