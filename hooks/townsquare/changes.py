"""What a change is to blame for: problems in files that it touches, or that it caused elsewhere."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from townsquare import build
from townsquare.library import FOLDERS
from townsquare.problems import Problem, SetupError
from townsquare.settings import FILE


def since(
    root: Path, base: str, problems: Iterable[Problem], *, now: datetime, strict: bool
) -> tuple[Problem, ...]:
    """The problems that stand in files changed since the commit `base`, or were not there then.

    Files that git does not track yet count as changed. Raises SetupError without git or commit.
    """
    if base.startswith("-"):
        raise SetupError(f"`{base}` is not a commit")
    changed = _changed(root, base)
    with tempfile.TemporaryDirectory(prefix="townsquare-base-") as folder:
        _export(root, base, Path(folder))
        before = {_likeness(p) for p in build.check(Path(folder), now=now, strict=strict).problems}
    return tuple(p for p in problems if p.place.path in changed or _likeness(p) not in before)


def _likeness(problem: Problem) -> tuple[str, str, str]:
    """What an old fault keeps when lines above it move."""
    return problem.place.path, problem.code, problem.message


def _changed(root: Path, base: str) -> set[str]:
    tracked = _git(root, "diff", "--name-only", "--relative", "-z", base, "--", ".")
    fresh = _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    return set((tracked + fresh).decode("utf-8", "surrogateescape").split("\0")) - {""}


def _export(root: Path, base: str, folder: Path) -> None:
    """The community as it was at the commit; links and whatever lies outside are left behind."""
    prefix = _git(root, "rev-parse", "--show-prefix").decode().strip()
    known = _git(root, "ls-tree", "--name-only", "-z", f"{base}:{prefix}").decode().split("\0")
    wanted = [name for name in (*FOLDERS, FILE) if name in known]
    if not wanted:
        return
    archive = _git(root, "archive", "--format=tar", f"{base}:{prefix}", *wanted)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")


def _git(root: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    except OSError as error:
        raise SetupError("git was not found; `--base` needs it") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise SetupError(f"git could not compare: {said}")
    return done.stdout
