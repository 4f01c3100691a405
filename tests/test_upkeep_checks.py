"""Faults are found again as they are found from nothing, with every code in the gallery."""

from __future__ import annotations

import shutil
from pathlib import Path

import gallery_cases
import pytest
from community_files import write
from gallery_cases import NOW, Case

from townsquare import build
from townsquare.formats.text import as_text
from townsquare.upkeep import session, snapshot

GOLDEN = Path(__file__).with_name("golden") / "community"
CASES = [case for case in gallery_cases.cases() if not case.published and not case.base]


def checked_again(root: Path) -> str:
    """What a check says that remembers the one before."""
    checked = session.check(snapshot.taken(str(root)), now=NOW, out=None, strict=False)
    assert checked is not None
    session.keep_check(checked)
    return as_text(checked.problems, root)


def from_nothing(root: Path) -> str:
    return as_text(build.check(root, now=NOW).problems, root)


def test_nearly_every_code_is_here():
    assert len(CASES) > 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_fault_that_comes_stays_and_goes_is_told_as_from_nothing(case: Case, tmp_path: Path):
    root = shutil.copytree(GOLDEN, tmp_path / "community")
    sound = checked_again(root)
    assert sound == from_nothing(root)
    case.write(root)
    faulty = from_nothing(root)
    assert checked_again(root) == faulty  # it came
    assert checked_again(root) == faulty  # it stayed
    for path in (*case.now, *case.links):
        if (GOLDEN / path).exists():
            shutil.copy(GOLDEN / path, root / path)
        else:
            (root / path).unlink()
    assert checked_again(root) == sound  # it went


@pytest.mark.parametrize("other", ["titel: B\n", "title: B\nid: a\n"])
def test_a_faulty_file_that_goes_leaves_its_links_broken(tmp_path: Path, other: str):
    root = write(
        tmp_path,
        {
            "content/blog/a.md": "---\ntitle: A\ndate: 2026-01-05\n---\n[B](b.md)\n",
            "content/blog/b.md": f"---\n{other}date: 2026-01-05\n---\nText.\n",
        },
    )

    def codes() -> list[str]:
        found = session.check(snapshot.taken(str(root)), now=NOW, out=None, strict=False)
        assert found
        session.keep_check(found)
        return [each.code for each in found.problems]

    assert "link_broken" not in codes()
    (root / "content/blog/b.md").unlink()
    assert codes() == ["link_broken"]
