"""Every code has one bad community, which gives that fault and no other, word for word.

`TOWNSQUARE_BLESS=1 python scripts/test.py tests/test_gallery.py` writes the messages anew.
"""

from __future__ import annotations

import ast
import os
from pathlib import Path

import gallery_cases
import pytest
from gallery_cases import NOW

from townsquare import build, external, ledger
from townsquare.checks import revisions
from townsquare.codes import CODES
from townsquare.formats.text import as_text
from townsquare.problems import Problem, severities_applied

CASES = gallery_cases.cases()
BLESS = bool(os.environ.get("TOWNSQUARE_BLESS"))
PACKAGE = Path(build.__file__).parent


def test_no_code_lacks_an_example() -> None:
    assert {case.code for case in CASES} == set(CODES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_gallery_gives_its_message(case: gallery_cases.Case, tmp_path: Path) -> None:
    found = _problems(case, tmp_path)
    text = as_text(found, tmp_path / "now")
    if BLESS:
        gallery_cases.bless(case, text)
    assert {problem.code for problem in found} == {case.code}, text
    assert text == case.expected or BLESS


def test_the_package_yields_every_code() -> None:
    files = (file for file in PACKAGE.rglob("*.py") if file.name != "codes.py")
    trees = (ast.parse(file.read_text("utf-8")) for file in files)
    nodes = (node for tree in trees for node in ast.walk(tree))
    said = {node.value for node in nodes if isinstance(node, ast.Constant)}
    assert set(CODES) - said == set()


def _problems(case: gallery_cases.Case, folder: Path) -> tuple[Problem, ...]:
    previous = ledger.Previous(beginning=ledger.Beginning.FIRST)
    for number, (now, files) in enumerate(sorted(case.published.items())):
        root = folder / f"published-{number}"
        root.mkdir()
        before = build.check(gallery_cases.write_files(root, files), now=now)
        previous = ledger.Previous(build.plan(before, previous=previous).outcome.ledger)
    root = folder / "now"
    root.mkdir()
    checked = build.check(case.write(root), now=NOW)
    if (root / "answers.txt").exists():
        return (*checked.problems, *_of_others(checked, (root / "answers.txt").read_text()))
    if case.base:
        base = build.check(gallery_cases.write_files(folder / "base", case.base), now=NOW)
        own = revisions.run(base.library, checked.library)
        return (*checked.problems, *severities_applied(own, moved={}, strict=False))
    if previous.ledger is None:
        return checked.problems
    return build.plan(checked, previous=previous).problems


def _of_others(checked: build.Checked, answers: str) -> list[Problem]:
    """What is said when other sites answer so: address, status, where it moved, a line each."""
    rows = (line.split() for line in answers.splitlines())
    verdicts = {
        url: external.Verdict(0, int(status), "".join(moved), "") for url, status, *moved in rows
    }
    return external.problems(external.links(checked.library, checked.bodies), verdicts)
