"""Every code has one bad community, and gives exactly one message there, word for word."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import gallery_cases
import pytest

from townsquare import build, ledger
from townsquare.codes import CODES
from townsquare.formats.text import as_text
from townsquare.problems import Problem

NOW = datetime.fromisoformat(gallery_cases.NOW)
CASES = gallery_cases.cases()
BLESS = bool(os.environ.get("TOWNSQUARE_BLESS"))


def test_no_code_lacks_an_example() -> None:
    assert {case.code for case in CASES} == set(CODES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_gallery_gives_its_message(case: gallery_cases.Case, tmp_path: Path) -> None:
    found = [problem for problem in _problems(case, tmp_path) if problem.code == case.code]
    text = as_text(found, tmp_path / "now")
    if BLESS:
        file = gallery_cases.GALLERY / f"{case.code.replace('_', '-')}.txt"
        head = file.read_text("utf-8").partition("==> expected\n")[0]
        file.write_text(f"{head}==> expected\n{text}", "utf-8")
    else:
        assert found and text == case.expected


def _problems(case: gallery_cases.Case, folder: Path) -> tuple[Problem, ...]:
    previous = ledger.Previous()
    if case.published:
        (folder / "before").mkdir()
        before = build.check(case.write_published(folder / "before"), now=NOW)
        first = ledger.Previous(beginning=ledger.Beginning.FIRST)
        previous = ledger.Previous(build.plan(before, previous=first).outcome.ledger)
    (folder / "now").mkdir()
    checked = build.check(case.write(folder / "now"), now=NOW)
    if previous.ledger is None:
        return checked.problems
    return build.plan(checked, previous=previous).problems
