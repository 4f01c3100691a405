"""Which commit is checked out, read from git's own files: asking git itself takes a process.

Little is imported: every start asks this, and `pathlib` alone takes 8 ms: hence what ruff is told
to pass over. https://git-scm.com/docs/gitrepository-layout
"""

from __future__ import annotations

import os
import re
from hashlib import sha256

_COMMIT = re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?")
_PLAIN_INDEX = (b"\0\0\0\2", b"\0\0\0\3")
_REF = re.compile(r"ref: (refs/[^\0-\x20\x7f]+)")


def above(root: str) -> str | None:
    """The nearest folder, this one or one above, that is the top of a git checkout."""
    here = os.path.realpath(root)
    while not os.path.lexists(f"{here}/.git"):
        up = os.path.dirname(here)  # noqa: PTH120 — a path as text is quicker
        if up == here:
            return None
        here = up
    return here


def head(folder: str) -> str | None:
    """The commit that is checked out around this folder, where there is one."""
    top = above(folder)
    return _head(top) if top else None


def _head(top: str) -> str | None:
    own = _git_folder(top)
    common = _joined(own, _text(f"{own}/commondir"))
    if os.path.isdir(f"{common}/reftable"):  # noqa: PTH112 — a path as text is quicker
        return _asked(top)
    said = _text(f"{own}/HEAD")
    # A branch may be another name of a branch; git itself follows five.
    for _ in range(6):
        named = _REF.fullmatch(said)
        if named is None or ".." in named[1]:
            break
        ref = named[1]
        said = _text(f"{own}/{ref}") or _text(f"{common}/{ref}") or _packed(common, ref)
    return said if _COMMIT.fullmatch(said) else None


def past(root: str) -> str:
    """What two moments have in common at which git tells the same history of this folder.

    Empty where the folder is not itself the top of a checkout, or has no commit. Beside the commit,
    `.mailmap` says whose commits are whose, and `shallow` where a clone's history was cut off.
    """
    commit = _head(root) if os.path.lexists(f"{root}/.git") else None
    if commit is None:
        return ""
    texts = _text(f"{root}/.mailmap"), cut_off_at(root)
    return f"{commit} {sha256(repr(texts).encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def cut_off_at(top: str) -> str:
    """The commits before which a shallow clone holds nothing; empty where the history is whole."""
    own = _git_folder(top)
    return _text(f"{_joined(own, _text(f'{own}/commondir'))}/shallow")


def tracks(root: str, name: str) -> bool:
    """Whether commits hold this file or folder of the folder `root`, or something in it.

    In whatever case: some systems know no other. Git itself is only asked where its index does not
    rule that out: an index of version 2 or 3 that is in one piece holds every path as it is.
    https://git-scm.com/docs/index-format
    """
    top = above(root)
    if top is None:
        return False
    place = _git_folder(top)
    try:
        parts = [each for each in os.listdir(place) if each.startswith("sharedindex.")]  # noqa: PTH208 — a path as text is quicker
        with open(f"{place}/index", "rb") as file:  # noqa: PTH123 — a path as text is quicker
            index = file.read()
    except OSError:
        return False
    is_plain = index[4:8] in _PLAIN_INDEX and not parts
    return (not is_plain or name.encode() in index.lower()) and _tracked(root, name)


def _tracked(root: str, name: str) -> bool:
    from pathlib import Path

    from townsquare import git

    return bool(git.ask(Path(root), "ls-files", "-z", "--", f":(icase){name}"))


def _asked(top: str) -> str | None:
    from pathlib import Path

    from townsquare import git
    from townsquare.problems import SetupError

    try:
        return git.ask(Path(top), "rev-parse", "--verify", "--quiet", "HEAD").decode().strip()
    except SetupError:
        return None


def _git_folder(top: str) -> str:
    place = f"{top}/.git"
    if os.path.isfile(place):  # noqa: PTH113 — a path as text is quicker
        # A worktree's or a submodule's, which stands elsewhere.
        return _joined(top, _text(place).removeprefix("gitdir: "))
    return place


def _joined(folder: str, path: str) -> str:
    return os.path.join(folder, path) if path else folder  # noqa: PTH118 — a path as text is quicker


def _packed(common: str, ref: str) -> str:
    for line in _text(f"{common}/packed-refs").splitlines():
        commit, _, name = line.partition(" ")
        if name == ref:
            return commit
    return ""


def _text(path: str) -> str:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 — a path as text is quicker
            return file.read().decode("utf-8", "surrogateescape").strip()
    except OSError:
        return ""
