"""What subscribers could not read never takes the old site's place."""

from __future__ import annotations

from pathlib import Path

import pytest
from community_files import NOW, write

from townsquare import build, ledger, proof


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes]:
    root = write(tmp_path, {"events/talk.md": "---\ntitle: Talk\nstart: 2026-12-03 18:00\n---\n"})
    plan = build.plan(build.check(root, now=NOW), previous=ledger.Previous())
    return dict(plan.files)


def test_what_a_build_writes_reads_back(files: dict[str, bytes]) -> None:
    proof.check(files)


@pytest.mark.parametrize(
    ("address", "old", "new"),
    [
        ("events.ics", b"DTSTART:", b"DTSTART:yesterday"),
        ("events.ics", b"END:VEVENT\r\n", b""),
        ("rss.xml", b"</channel>", b""),
        ("atom.xml", b"</title>", b"\x08</title>"),
    ],
)
def test_what_cannot_be_read_ends_the_build(
    files: dict[str, bytes], address: str, old: bytes, new: bytes
) -> None:
    assert old in files[address]
    files[address] = files[address].replace(old, new)
    with pytest.raises(RuntimeError, match=address):
        proof.check(files)
