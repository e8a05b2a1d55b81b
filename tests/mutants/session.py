"""One pytest process that tries many changes: it collects once, then forks for each.

In a fork the changed code is put into the functions that hold the old one, so nothing is written to the checkout.
The first fork runs every test unchanged and notes which statements each one reaches; what fails there is left out.
After that a change needs only the tests that reach it, the quickest first, until one fails.
"""

import builtins
import gc
import importlib
import json
import os
import resource
import select
import signal
import sys
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from django.urls import get_resolver

from .changes import ROOT, Change, changed, marked

MARK = "_qudao_reached"
LONGEST = 900  # seconds of wall time for one change, for a test that waits for what never comes


@dataclass
class Baseline:
    """What the tests do on the unchanged code."""

    seconds: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    reached: dict[int, list[str]] = field(default_factory=dict)


class Session:
    """A pytest plugin that replaces the loop over the tests."""

    def __init__(self, changes: list[Change], tell: Callable[[int, dict[str, Any]], None]) -> None:
        self.changes = changes
        self.tell = tell
        self.reports: list[pytest.TestReport] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.reports.append(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._warm_up()
        baseline = Baseline(**self._forked(lambda: self._baseline(session.items), None))
        baseline.reached = {int(mark): names for mark, names in baseline.reached.items()}
        for number, change in enumerate(self.changes):
            names = [n for n in baseline.reached.get(number, []) if n not in baseline.failed]
            names.sort(key=baseline.seconds.__getitem__)
            chosen = [item for name in names for item in session.items if item.nodeid == name]
            limit = 30 + 5 * sum(baseline.seconds[name] for name in names)
            outcome = self._forked(lambda c=change, i=chosen: self._tried(c, i), limit) if chosen else {}
            outcome.setdefault("caught", None)
            self.tell(number, outcome | {"tests": len(chosen), "failing": len(baseline.failed)})
        return True

    def _warm_up(self) -> None:
        """Load here, once, what every fork would load for itself."""
        from tests import api_answers, databases  # noqa: PLC0415 - needs the settings that pytest has loaded now

        for change in self.changes:
            importlib.import_module(module_of(change.file))
        _ = get_resolver().url_patterns
        databases.template_key()
        api_answers.operation_of("GET", "/api/v1/")

    def _baseline(self, items: list[pytest.Item]) -> dict[str, Any]:
        found = Baseline()
        reached: dict[int, set[str]] = defaultdict(set)
        now = ""
        setattr(builtins, MARK, lambda mark: reached[mark].add(now))
        first = {(c.file, c.node): n for n, c in reversed(list(enumerate(self.changes)))}
        for file in {change.file for change in self.changes}:
            wanted = {c.function for c in self.changes if c.file == file}
            marks = {node: number for (path, node), number in first.items() if path == file}
            put_code(file, wanted, compile(marked(file, marks, MARK), str(ROOT / file), "exec"))
        for item, following in _pairs(items):
            now, begun, self.reports = item.nodeid, time.process_time(), []
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            found.seconds[now] = round(time.process_time() - begun, 3)
            if any(report.failed for report in self.reports):
                found.failed.append(now)
        found.reached = {n: sorted(reached[first[c.file, c.node]]) for n, c in enumerate(self.changes)}
        return vars(found)

    def _tried(self, change: Change, items: list[pytest.Item]) -> dict[str, Any]:
        put_code(change.file, {change.function}, compile(changed(change), str(ROOT / change.file), "exec"))
        for item, following in _pairs(items):
            self.reports = []
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if any(report.failed for report in self.reports):
                return {"caught": item.nodeid}
        return {"caught": None}

    def _forked(self, work: Callable[[], dict[str, Any]], limit: float | None) -> dict[str, Any]:
        """What `work` answers in a fork of this process; one that runs too long counts as caught."""
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit) + 5))
            try:
                answer = work()
            except BaseException:  # whatever it is, the parent shall say it
                answer = {"error": traceback.format_exc()}
            finally:
                with os.fdopen(writing, "w") as pipe:
                    json.dump(answer, pipe)
                os._exit(0)
        os.close(writing)
        text = _read(reading, LONGEST if limit is not None else None)
        if text is None:
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        answer: dict[str, Any] = json.loads(text) if text else {"caught": "the time limit"}
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer


def _read(descriptor: int, seconds: float | None) -> str | None:
    until = None if seconds is None else time.monotonic() + seconds
    parts = []
    with os.fdopen(descriptor, "rb") as pipe:
        while True:
            left = None if until is None else max(0.0, until - time.monotonic())
            if not select.select([pipe], [], [], left)[0]:
                return None
            part = os.read(pipe.fileno(), 65536)
            if not part:
                return b"".join(parts).decode()
            parts.append(part)


def _pairs(items: list[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    return zip(items, [*items[1:], None], strict=True)


def module_of(file: str) -> str:
    """`catalog/qudao_catalog/listing/rules.py` → `qudao_catalog.listing.rules`."""
    parts = Path(file).with_suffix("").parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def put_code(file: str, functions: set[str], module: CodeType) -> None:
    """Give the functions of a loaded module the code they have in `module`, decorated ones and methods included."""
    new = {
        (code.co_qualname, code.co_firstlineno): code
        for code in _codes(module)
        if code.co_qualname in functions
    }
    path, found = str(ROOT / file), set()
    gc.unfreeze()  # the tests freeze what they collected, and what is frozen is not listed
    for function in [each for each in gc.get_objects() if type(each) is FunctionType]:
        old = function.__code__
        if old.co_filename == path and (old.co_qualname, old.co_firstlineno) in new:
            function.__code__ = new[old.co_qualname, old.co_firstlineno]
            found.add(old.co_qualname)
    if missing := functions - found:
        raise LookupError(f"{file}: no loaded function {sorted(missing)}")


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            if not each.co_flags & 0x1:  # a class body; what lies inside a function comes with it
                yield from _codes(each)


def main() -> None:
    """Read a job from standard input; write a line of JSON for each change to the file it names."""
    job = json.load(sys.stdin)
    changes = [Change(**each) for each in job["changes"]]
    with Path(job["answers"]).open("a", buffering=1) as answers:

        def tell(number: int, outcome: dict[str, Any]) -> None:
            answers.write(json.dumps({"number": number} | outcome) + "\n")

        marks = "not slow and not browser and not services and not elasticsearch"
        pytest.main(
            ["-q", "-m", marks, "-p", "no:cacheprovider", *job["tests"]], plugins=[Session(changes, tell)]
        )


if __name__ == "__main__":
    main()
