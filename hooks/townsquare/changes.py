"""What a change is to blame for: problems in files that it touches, or that it caused elsewhere."""

from __future__ import annotations

import io
import tarfile
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from townsquare import build, git
from townsquare.build import Checked
from townsquare.cache import Cache
from townsquare.checks import revisions
from townsquare.folders import FOLDERS
from townsquare.layout import DATA
from townsquare.library import Library
from townsquare.problems import Problem, SetupError, severities_applied
from townsquare.settings import FILE
from townsquare.values import value


@value
class Base:
    """The community as it was where this branch left another, and the files that changed since.

    What it holds of files is there only as long as the block that `before` began.
    """

    checked: Checked
    changed: frozenset[str]


@contextmanager
def before(
    root: Path, base: str, *, now: datetime, strict: bool, cache: Cache | None = None
) -> Generator[Base]:
    """The community as it was when this branch left `base`: a branch, a tag or a commit.

    Files that git does not track yet count as changed. Raises SetupError without git, without a
    repository, and for what git does not know.
    """
    commit = _parting(root, base)
    changed = frozenset(_changed(root, commit))
    with tempfile.TemporaryDirectory(prefix="townsquare-base-") as folder:
        _export(root, commit, Path(folder))
        yield Base(build.check(Path(folder), now=now, strict=strict, cache=cache), changed)


def blamed(
    base: Base, problems: Iterable[Problem], held: Library, *, strict: bool
) -> tuple[Problem, ...]:
    """The problems in files that changed since the base, and those that are new elsewhere.

    With them stand those that only the former texts show: `held` is the library as it is now.
    """
    known = {_likeness(each) for each in base.checked.problems}
    found = {p for p in problems if p.place.path in base.changed or _likeness(p) not in known}
    own = severities_applied(
        revisions.run(base.checked.library, held),
        moved=held.settings.moved(),
        strict=strict,
        told_by=held.settings.told_by(),
    )
    return tuple(sorted(found.union(own)))


def _likeness(problem: Problem) -> tuple[str, str, str]:
    """What an old fault keeps when lines above it move."""
    return problem.place.path, problem.code, problem.message


def _parting(root: Path, base: str) -> str:
    """The commit at which the checked-out branch left `base`."""
    if base.startswith("-"):
        raise SetupError(f"`{base}` is not a commit")
    try:
        commit = git.ask(root, "rev-parse", "--verify", f"{base}^{{commit}}").decode().strip()
    except SetupError as error:
        hint = "is it fetched? A shallow clone holds one commit only"
        raise SetupError(f"`{base}` cannot be compared with ({hint}): {error}") from error
    try:
        return git.ask(root, "merge-base", commit, "HEAD").decode().strip()
    except SetupError:
        # A shallow clone does not know where they parted: the commit itself is the next best.
        return commit


def _changed(root: Path, commit: str) -> set[str]:
    tracked = git.ask(
        root, "diff", "--name-only", "--no-renames", "--relative", "-z", commit, "--", "."
    )
    fresh = git.ask(root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    return set((tracked + fresh).decode("utf-8", "surrogateescape").split("\0")) - {""}


def _export(root: Path, commit: str, folder: Path) -> None:
    """The community as it was at the commit; links and whatever lies outside are left behind."""
    prefix = git.ask(root, "rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").strip()
    # Asked from the top: below it, git would look for this folder inside the folder's own tree.
    top = root.joinpath(*[".." for _ in Path(prefix).parts])
    listed = git.ask(top, "ls-tree", "--name-only", "-z", f"{commit}:{prefix}")
    known = listed.decode("utf-8", "surrogateescape").split("\0")
    wanted = [name for name in (*FOLDERS, DATA, FILE) if name in known]
    if wanted:
        _unpack(git.ask(top, "archive", "--format=tar", f"{commit}:{prefix}", *wanted), folder)


def _unpack(archive: bytes, folder: Path) -> None:
    # Not `extractall`: its filters are missing before Python 3.11.4.
    inside = folder.resolve()
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            file = inside / member.name
            content = tar.extractfile(member) if member.isreg() else None
            if content and file.resolve().is_relative_to(inside):
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content.read())
