"""Change one thing at a time in rules, services and queries, and see whether the tests notice.

    python -m tests.mutants --count 100 --seed 1
    python -m tests.mutants --count 40 --only b2b_ordering/qudao_b2b_ordering/pricing
    python -m tests.mutants --only …/orders/services/fulfilment.py:110 --count 0    # every change in that line

Runs on SQLite, without tests that are slow or start servers. The subject's own tests are asked first; what survives
them is tried on the rest of the plugin and on the tests of whoever uses it (left out with --near).
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .changes import ROOT, Change, changes_in, source_files

EQUIVALENT = Path(__file__).with_name("equivalent.txt")
USERS = {  # whose tests also stand on a plugin
    "core": ["tests/core", "tests/partner_portal", "tests/catalog", "tests/b2b_ordering", "tests/site"],
    "search": ["tests/search", "tests/catalog", "tests/partner_portal/documents"],
    "partner_portal": ["tests/partner_portal", "tests/site", "tests/catalog", "tests/b2b_ordering"],
    "catalog": ["tests/catalog", "tests/b2b_ordering", "tests/site"],
    "b2b_ordering": ["tests/b2b_ordering", "tests/site"],
}
VERBS = ["b2b_ordering/test_bystanders.py", "b2b_ordering/test_changes.py"]
NEIGHBOURS = {  # subjects whose own tests are those of another, or lie beside it
    "b2b_ordering/orders": [
        *VERBS,
        "b2b_ordering/web/test_order_pages.py",
        "b2b_ordering/web/test_home_desk.py",
    ],
    "b2b_ordering/cart": [*VERBS, "b2b_ordering/web/test_cart_pages.py", "b2b_ordering/test_units.py"],
    "b2b_ordering/stock": [*VERBS, "b2b_ordering/orders"],
    "b2b_ordering/pricing": VERBS,
    "b2b_ordering/flow": ["b2b_ordering/orders/test_acting.py", "b2b_ordering/orders/test_submit.py"],
    "partner_portal/companies": ["partner_portal/test_bystanders.py"],
    "partner_portal/people": ["partner_portal/test_bystanders.py"],
    "core/headless": ["partner_portal/test_bystanders.py", "site/test_references.py"],
    "core/imports": ["site/files"],
    "core/events": ["partner_portal/test_bystanders.py"],
    "partner_portal/documents": ["partner_portal/test_bystanders.py"],
    "partner_portal/audience": ["partner_portal/content"],
    "search/synonyms": ["search/querying"],
    "search/text": ["search/querying"],
}


def near(change: Change) -> list[str]:
    """The test directories and files of the subject that a change is in."""
    plugin, _, subject = Path(change.file).parts[:3]
    own = [f"{plugin}/{subject}", *NEIGHBOURS.get(f"{plugin}/{subject}", [])]
    return [f"tests/{place}" for place in own if (ROOT / "tests" / place).exists()]


def wide(change: Change) -> list[str]:
    """The tests of the plugin and of its users."""
    return USERS[Path(change.file).parts[0]]


def sampled(arguments: argparse.Namespace) -> list[Change]:
    """The changes to try; locks are drawn with the others and listed apart."""
    file, _, line = arguments.only.partition(":")
    found = [
        change
        for path in source_files()
        if str(path.relative_to(ROOT)).startswith(file)
        for change in changes_in(path)
        if not line or change.line == int(line)
    ]
    chance = random.Random(arguments.seed)
    return sorted(
        chance.sample(found, min(arguments.count, len(found))) if arguments.count else found,
        key=lambda change: (change.file, change.line),
    )


def equivalent() -> dict[str, str]:
    """The reviewed changes that alter nothing anybody could see, with the reason."""
    found = {}
    for line in EQUIVALENT.read_text().splitlines():
        if line and not line.startswith("#"):
            key, _, reason = line.rpartition(" | ")
            found[key] = reason
    return found


def tried(changes: list[Change], tests: list[str]) -> dict[Change, dict[str, Any]]:
    """What one pytest process finds out about the changes."""
    with tempfile.TemporaryDirectory(prefix="qudao-mutants-") as folder:
        answers, log = Path(folder, "answers"), Path(folder, "log")
        job = {"changes": [vars(change) for change in changes], "tests": tests, "answers": str(answers)}
        with log.open("w") as output:
            subprocess.run(
                [sys.executable, "-m", "tests.mutants.session"],
                input=json.dumps(job),
                text=True,
                cwd=ROOT,
                env=os.environ | {"QUDAO_TEST_QUICK": "1"},
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        lines = answers.read_text().splitlines() if answers.exists() else []
        if len(lines) < len(changes):
            print(f"{tests}: the tests could not be run\n{log.read_text()[-3000:]}", flush=True)
        found = {changes[answer["number"]]: answer for answer in map(json.loads, lines)}
    for change, answer in found.items():
        by = (
            f"caught by {answer['caught']}"
            if answer["caught"]
            else f"survived {answer['tests']} tests that reach it"
        )
        print(f"{change.shown}\n    {by}", flush=True)
    return found


def tried_in_groups(changes: list[Change], tests_of: Any, workers: int) -> dict[Change, dict[str, Any]]:
    """The changes of a plugin share a process, and the tests of all of them; `workers` processes at a time."""
    groups: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        groups[Path(change.file).parts[0]].append(change)
    jobs = [
        (group, sorted({place for change in group for place in tests_of(change)}))
        for group in groups.values()
    ]
    found: dict[Change, dict[str, Any]] = {}
    with ThreadPoolExecutor(workers) as pool:
        for answers in pool.map(lambda job: tried(*job), sorted(jobs, key=lambda job: -len(job[0]))):
            found |= answers
    return found


def main() -> None:
    """Parse the command line, try the changes, print the share."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100, help="how many changes; 0 for all there are")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="the beginning of a path, with `:line` if it is one line")
    parser.add_argument("--near", action="store_true", help="ask only the tests of the subject itself")
    parser.add_argument("--tests", nargs="+", help="ask these tests instead, such as one test module")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    known = equivalent()
    changes = sampled(arguments)
    locks = [change for change in changes if change.needs_postgresql]
    alike = [change for change in changes if change.key in known]
    left = [change for change in changes if change not in locks and change not in alike]
    given = arguments.tests
    found = tried_in_groups(left, (lambda _change: given) if given else near, arguments.workers)
    if not arguments.near and not given:
        survivors = [change for change in left if change in found and not found[change]["caught"]]
        found |= tried_in_groups(survivors, wide, arguments.workers)
    report(left, found, locks, alike)


def report(left: list[Change], found: dict[Change, Any], locks: list[Change], alike: list[Change]) -> None:
    """The lists, and the share of what could be tried."""
    survivors = [change for change in left if change in found and not found[change]["caught"]]
    untried = [change for change in left if change not in found]
    for title, changes in (
        ("Survived", survivors),
        ("Equivalent, by review", alike),
        ("Only PostgreSQL can show", locks),
        ("Not tried", untried),
    ):
        print(f"\n{title}: {len(changes)}")
        for change in changes:
            print(f"  {change.key}")
    caught = len(found) - len(survivors)
    if found:
        print(f"\nCaught: {caught} of {len(found)} ({caught / len(found):.0%})")


if __name__ == "__main__":
    main()
