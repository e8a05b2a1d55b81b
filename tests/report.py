"""The last lines of `./qudao test`: what ran where, what could not run and why, and the count.

    python tests/report.py RESULTS SECONDS

RESULTS is the folder in which the command left checks.tsv (name, result, seconds), runs.tsv (name, where, JUnit
report, exit code, seconds) and not-run.tsv (name, reason). Exits with 1 when anything failed.
"""

import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

NO_TESTS = 5  # pytest's exit code when nothing was selected


@dataclass
class Run:
    """One run of pytest."""

    name: str
    where: str
    seconds: int
    counts: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def rows(path: Path) -> list[list[str]]:
    if not path.exists():
        return []
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]


def read_run(row: list[str]) -> Run:
    name, where, report, code, seconds = row
    run = Run(name, where, int(seconds))
    if Path(report).exists():
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            _count(run, case)
    if int(code) not in (0, NO_TESTS) and not run.failed:
        run.counts["failed"] += 1
        run.failed.append(f"pytest ended with code {code}")
    return run


def _count(run: Run, case: ElementTree.Element) -> None:
    place = f"{case.get('classname')}.{case.get('name')}"
    problem = case.find("failure")
    if problem is None:
        problem = case.find("error")
    skip = case.find("skipped")
    if problem is not None:
        run.counts["failed"] += 1
        run.failed.append(f"{place}: {(problem.get('message') or '').splitlines()[:1]}")
    elif skip is not None and skip.get("type") == "pytest.skip":
        run.counts["skipped"] += 1
        run.skipped.append(f"{place}: {skip.get('message')}")
    else:
        run.counts["passed"] += 1


def main(results: Path, seconds: str) -> int:
    checks = rows(results / "checks.tsv")
    runs = [read_run(row) for row in rows(results / "runs.tsv")]
    not_run = rows(results / "not-run.tsv")
    total: Counter[str] = Counter(check[1] for check in checks)
    for run in runs:
        total += run.counts
    _print_runs(checks, runs)
    _print_list("Skipped, and why:", [f"{run.name}: {line}" for run in runs for line in run.skipped])
    _print_list("Could not run here, and why:", [": ".join(row) for row in not_run])
    _print_list("Failed:", [check[0] for check in checks if check[1] == "failed"])
    _print_list("Failed tests:", [f"{run.name}: {line}" for run in runs for line in run.failed])
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    print(f"\n{total['passed']} passed, {total['failed']} failed{skipped} in {seconds} s")
    return 1 if total["failed"] else 0


def _print_runs(checks: list[list[str]], runs: list[Run]) -> None:
    print("\nWhat ran where:")
    good = sum(check[1] == "passed" for check in checks)
    print(f"  {'Checks of code and settings':<32}{good} of {len(checks)} passed")
    for run in runs:
        counts = (
            ", ".join(f"{number} {word}" for word, number in sorted(run.counts.items())) or "nothing selected"
        )
        print(f"  {run.name:<32}{counts}  [{run.where}]  {run.seconds} s")


def _print_list(title: str, lines: list[str]) -> None:
    if lines:
        print(f"\n{title}")
        for line in lines:
            print(f"  {line}")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
