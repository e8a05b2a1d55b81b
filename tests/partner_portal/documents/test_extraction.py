"""What stands in files, and files that nothing can be read from. Every one goes through a real child process."""

import io
import os
import signal
import threading
from pathlib import Path

import pytest
from qudao_partner_portal.documents.extraction import process
from qudao_partner_portal.documents.extraction.process import extract
from qudao_partner_portal.documents.extraction.rules import Extracted, Limits, language_of

from . import files

LIMITS = Limits(seconds=60)


def read(content: bytes, **limits: float) -> Extracted:
    return extract(io.BytesIO(content), Limits(**{"seconds": 60, **limits}))


@pytest.mark.parametrize(
    ("content", "kind", "pages", "text"),
    [
        (files.pdf("面板灯 显色指数", "第二页 36 W"), "pdf", 2, "面板灯 显色指数\n\f第二页 36 W"),
        (files.docx("保修条款", cell="五年", header="Lanhe"), "docx", 0, "保修条款\n五年\nLanhe"),
        (files.xlsx([["LH-P60", 1, 2.5, None, "价格"]]), "xlsx", 1, "Prices\nLH-P60 1 2.5 价格"),
        (files.pptx("新品", notes="Say hello"), "pptx", 1, "新品\ncell of 新品\nSay hello"),
        ("岚禾电气，开关。".encode("gb18030"), "txt", 0, "岚禾电气，开关。"),
        ("Größe;价格".encode("utf-8-sig"), "txt", 0, "Größe;价格"),
        ("交货期\r\n30".encode("utf-16"), "txt", 0, "交货期\n30"),
        (files.locked_pdf("只读", password=""), "pdf", 1, "只读"),
    ],
)
def test_what_stands_in_a_file(content, kind, pages, text):
    found = read(content)
    assert (found.state, found.reason, found.format, found.pages) == ("ready", "", kind, pages)
    assert found.text.replace(" \n", "\n") == text


@pytest.mark.parametrize(
    ("content", "state", "reason"),
    [
        (files.locked_pdf("secret", password="secret"), "unreadable", "encrypted"),
        (files.encrypted_office(), "unreadable", "encrypted"),
        (files.pdf("cut")[:300], "unreadable", "corrupt"),
        (b"%PDF-1.7\n" + os.urandom(5000), "unreadable", "corrupt"),
        (files.docx("cut off")[:-400], "unreadable", "corrupt"),
        (files.rewritten(files.docx("x"), lambda name, data: data[:50]), "unreadable", "corrupt"),
        (files.zip_bomb(), "unreadable", "zip_bomb"),
        (files.lying_zip_bomb(), "unreadable", "zip_bomb"),
        (files.many_entries(), "unreadable", "zip_bomb"),
        (files.pptx(), "empty", ""),
        (files.pdf(""), "empty", ""),
        (b"", "empty", ""),
        (b" \r\n\t", "empty", ""),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "skipped", "unsupported"),
        (b"PK\x03\x04" + bytes(100), "unreadable", "corrupt"),
        (
            files.rewritten(files.docx("x"), lambda n, d: d).replace(b"word/document", b"else/document"),
            "skipped",
            "unsupported",
        ),
        (b"<!DOCTYPE html><p>x</p>", "skipped", "unsupported"),
        (b"\xff\xfe\x00\xd8", "skipped", "unsupported"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, state, reason):
    found = read(content)
    assert (found.state, found.reason, found.text) == (state, reason, "")


def test_the_name_does_not_count(tmp_path: Path):
    path = tmp_path / "prices.xlsx"
    path.write_bytes(files.pdf("这是 PDF"))
    with path.open("rb") as file:
        assert extract(file, LIMITS).format == "pdf"


def test_of_a_million_rows_the_beginning_is_read():
    found = read(files.million_rows(), characters=5_000)
    assert (found.state, found.reason, found.pages) == ("ready", "too_long", 1)
    assert found.text.startswith("Prices\nLH-0 0\nLH-1 1\n") and len(found.text) <= 5_000


def test_of_many_pages_the_first_are_read():
    found = read(files.pdf("一", "二", "三"), pages=2)
    assert (found.state, found.reason, found.pages, found.text) == ("ready", "too_many_pages", 3, "一\n\f二")


def test_a_long_text_is_cut():
    found = read(b"word " * 100_000, characters=50)
    assert (found.reason, len(found.text)) == ("too_long", 49)


def test_a_file_that_is_too_large_is_not_even_begun():
    assert read(b"x" * 2000, size=1999).reason == "too_large"
    assert read(b"x" * 2000, size=2000).state == "ready"


def test_what_takes_too_long_is_killed():
    assert read(files.slow_pdf(), seconds=1).reason == "timed_out"


def test_what_takes_too_much_memory_says_so():
    rows = "".join(f"<w:p><w:r><w:t>{number}</w:t></w:r></w:p>" for number in range(400_000)).encode()
    content = files.rewritten(
        files.docx("x"),
        lambda name, data: (
            data.replace(b"<w:p>", rows + b"<w:p>", 1) if name == "word/document.xml" else data
        ),
    )
    assert read(content, memory=220 << 20).reason in {"out_of_memory", "crashed"}


def test_a_child_that_is_killed_is_told_from_one_that_read(monkeypatch: pytest.MonkeyPatch):
    """Somebody (the kernel) kills it: here at its very start."""
    wait = process.subprocess.Popen.wait

    def killed(self, timeout=None):
        os.kill(self.pid, signal.SIGKILL)
        return wait(self, timeout)

    monkeypatch.setattr(process.subprocess.Popen, "wait", killed)
    assert read(files.pdf("x")) == Extracted("unreadable", "crashed")


def test_the_child_gets_no_secrets(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUDAO_SECRET_KEY", "hush")
    assert set(process._environment()) == {"PYTHONPATH", "PYTHONUTF8"}


def test_several_are_read_at_once():
    contents = [files.pdf(f"文件 {number}") for number in range(4)]
    found: dict[int, str] = {}
    threads = [
        threading.Thread(target=lambda at=at: found.update({at: read(contents[at]).text})) for at in range(4)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == {number: f"文件 {number}" for number in range(4)}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("适用于办公室 LED Panel 600x600", "zh-hans"),
        ("LED panel for offices (面板灯)", "en"),
        ("12 34", "en"),
    ],
)
def test_the_language_is_guessed_by_letters(text, language):
    assert language_of(text) == language
