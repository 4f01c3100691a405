"""What tools collected below `data/`: read as it is, refused when odd, seen when it changes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from community_files import write
from test_library import as_nobody

from townsquare import build, collected
from townsquare.reads import Frame
from townsquare.upkeep import session, snapshot

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOME = {"content/index.md": "---\ntitle: Home\n---\nHello.\n"}


def quick(root: Path) -> session.Checked:
    found = session.check(snapshot.taken(str(root)), now=NOW, out=None, strict=False)
    assert found
    return found


def both(root: Path) -> list[str]:
    """The problems, which the quick way and the plain one tell alike."""
    plain = build.check(root, now=NOW).problems
    assert quick(root).problems == plain
    return [f"{each.place.path} {each.label}" for each in plain]


def test_files_are_read_by_their_paths_and_others_of_the_folder_are_not_ours(
    tmp_path: Path,
) -> None:
    own = {"data/forge/a.json": "{}", "data/forge/2026-01.csv": "day\n"}
    root = write(tmp_path, {**HOME, **own, "data/theirs.xlsx": "?", "data/more/x.md": "?"})
    assert both(root) == []
    for held in (build.check(root, now=NOW).library, quick(root).work.library):
        assert dict(held.data) == {path: text.encode() for path, text in own.items()}


def _link(root: Path) -> None:
    (root / "data/imports").symlink_to(root / "content")


def _link_above(root: Path) -> None:
    (root / "data").rmdir()
    (root / "secret/imports").mkdir(parents=True)
    (root / "secret/imports/a.json").write_text("{}")
    (root / "data").symlink_to("secret")


def _file(root: Path) -> None:
    (root / "data/imports").write_text("x")


def _large(root: Path) -> None:
    (root / "data/imports").mkdir()
    with (root / "data/imports/a.json").open("wb") as file:
        file.truncate(collected.MAX_BYTES + 1)


def _other(root: Path) -> None:
    write(root, {"data/imports/page.md": "---\ntitle: X\n---\n"})


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_link, "data/imports symlink-refused"),
        (_link_above, "data/imports symlink-refused"),
        (_file, "data/imports file-kind-refused"),
        (_large, "data/imports/a.json file-too-large"),
        (_other, "data/imports/page.md file-kind-refused"),
    ],
)
def test_what_no_tool_wrote_is_refused(
    tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    root = write(tmp_path, HOME)
    (root / "data").mkdir()
    spoil(root)
    assert both(root) == [said]


def test_a_file_that_cannot_be_read_is_said() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write(Path(folder), {**HOME, "data/imports/a.json": "{}"})
        root.chmod(0o755)
        (root / "data/imports/a.json").chmod(0)
        with as_nobody():
            assert both(root) == ["data/imports/a.json file-unreadable"]


def test_who_read_a_file_is_told_apart_from_who_did_not(tmp_path: Path) -> None:
    root = write(tmp_path, {**HOME, "data/imports/a.json": "1", "data/imports/b.json": "1"})

    def leaves() -> dict[str, str]:
        held = quick(root).work.library
        with Frame() as frame:
            assert held.data["data/imports/a.json"]
            list(held.data)
        [noted] = [each for each in held.noted if each.name == "data"]
        assert frame.names == {"data:data/imports/a.json", "data"}
        return {"one": noted.digest("data/imports/a.json"), "all": noted.digest_of_all()}

    first = leaves()
    write(root, {"data/imports/b.json": "2"})
    second = leaves()
    assert first["one"] == second["one"]
    assert first["all"] != second["all"]
    write(root, {"data/imports/a.json": "2"})
    assert second["one"] != leaves()["one"]
