"""Where a build's files go: into a fresh folder, or into the place of those that differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from townsquare.output import RECORD, SUMS
from townsquare.upkeep import folder, listing
from townsquare.upkeep.folder import File


class Sink(Protocol):
    """Takes each file once; afterwards `files` says of every one what is known of it."""

    files: dict[str, File]

    def put(self, path: str, content: bytes) -> None:
        """The site has this file."""
        ...

    def stands(self, path: str, sha: str = "") -> bool:
        """Whether the file of the last build stands, and is of this content if one is given."""
        ...

    def leave(self, path: str) -> None:
        """The site goes on having this file, which stands."""
        ...

    def made(self, path: str) -> bytes | None:
        """The content of a file that was put here and was not there before."""
        ...

    def taken(self) -> Any:
        """What another process put here, for the `join` of the one that shared the work out."""
        ...

    def join(self, taken: Any) -> None:
        """The site has what the other process put there."""
        ...


class Fresh:
    """A folder that was empty, and becomes the whole site."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.files: dict[str, File] = {}

    def put(self, path: str, content: bytes) -> None:
        """The site has this file."""
        self.files[path] = folder.written(self.place, path, content)

    def stands(self, path: str, sha: str = "") -> bool:  # noqa: ARG002 — as other sinks are asked
        """Nothing stands in a fresh folder."""
        return False

    def leave(self, path: str) -> None:
        """Nothing stands in a fresh folder."""
        raise RuntimeError(f"{path} was not made")

    def made(self, path: str) -> bytes | None:
        """The file's content."""
        return (self.place / path).read_bytes() if path in self.files else None

    def taken(self) -> Any:
        """The other process has written its files; what is known of them."""
        return self.files

    def join(self, taken: Any) -> None:
        """The folder has the other's files."""
        self.files.update(taken)


class Changes:
    """What differs from the site that stands, all else left as it is."""

    def __init__(self, target: Path, before: Mapping[str, File]) -> None:
        self._before = before
        self._found = listing.files(str(target))
        self.files: dict[str, File] = {}
        self.contents: dict[str, bytes] = {}

    @property
    def has_links(self) -> bool:
        """Whether anything in the folder leads elsewhere, so that nothing is written there."""
        return listing.LINK in self._found.values()

    def stands(self, path: str, sha: str = "") -> bool:
        """Whether the file of the last build stands, and is of this content if one is given."""
        known = self._before.get(path)
        if known is None or (sha and known.sha != sha):
            return False
        return self._found.get(path) == (known.size, known.time)

    def leave(self, path: str) -> None:
        """The site goes on having this file."""
        # Whoever puts a file last has the last word, as in a folder.
        self.contents.pop(path, None)
        self.files[path] = self._before[path]

    def put(self, path: str, content: bytes) -> None:
        """The site has this file, which may be the one that it had."""
        sha = sha256(content).hexdigest()
        if self.stands(path, sha):
            self.leave(path)
        else:
            self.contents[path] = content
            self.files[path] = File(sha, len(content), 0)

    def made(self, path: str) -> bytes | None:
        """The file's content, where it differs."""
        return self.contents.get(path)

    def taken(self) -> Any:
        """What the other process made, with its content."""
        return self.files, self.contents

    def join(self, taken: Any) -> None:
        """The other's files are to be written, too."""
        self.files.update(taken[0])
        self.contents.update(taken[1])

    def gone(self) -> set[str]:
        """What stands there and is no file of the site, or is none any more."""
        return self._found.keys() - self.files.keys()


def sums(files: Mapping[str, File]) -> bytes:
    """A sum for every file, as `sha256sum --check` reads them; the record is left out."""
    return "".join(_lines(files)).encode()


def _lines(files: Mapping[str, File]) -> Iterable[str]:
    for path in sorted(files):
        if path not in (RECORD, SUMS):
            yield f"{files[path].sha}  {path}\n"
