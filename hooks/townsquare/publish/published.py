"""A site as a publisher sees it: every file by its digest, and what its build says of itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path

from townsquare import ledger
from townsquare.clock import within_reach
from townsquare.output import RECORD, SUMS
from townsquare.problems import SetupError
from townsquare.upkeep import listing
from townsquare.values import value

Read = Callable[[str], bytes | None]
"""What gives a file of a site by its path, and nothing where it has none."""


@value
class Record:
    """What `build.json` says: the commit, where there is one, and the instant, UTC, of the build.

    `previous` is the digest of the ledger that the build grew from, empty where it grew from none;
    from `next_change` on the same commit makes another site.
    """

    commit: str
    now: datetime
    next_change: datetime | None
    previous: str
    preview: bool


@value
class Published:
    """A site, here or at its host: `files` are SHA-256 by path, the record and the sums too."""

    record: Record
    files: Mapping[str, str]

    @property
    def ledger(self) -> str:
        """The digest of the site's ledger."""
        return self.files.get(ledger.FILE, "")


def read(get: Read, where: str) -> Published | None:
    """The site that `get` gives the files of, or nothing where there is none.

    Raises SetupError where what it says of itself cannot be read: it is not one of ours.
    """
    record, sums = get(RECORD), get(SUMS)
    if record is None or sums is None:
        return None
    try:
        files = dict(_sums(sums))
        own = {RECORD: sha256(record).hexdigest(), SUMS: sha256(sums).hexdigest()}
        return Published(_record(json.loads(record)), files | own)
    except (KeyError, TypeError, ValueError) as error:
        raise SetupError(f"what {where} holds is no site of ours: {error}") from error


def whole(folder: Path) -> Published:
    """The site in a folder of this machine, once every file of it is what its sums say.

    Raises SetupError where a file is missing, another, one too many or a link.
    """
    site = read(in_folder(folder), str(folder))
    if site is None:
        raise SetupError(f"{folder} holds no built site: build one with `--search`")
    faulty = next(_faulty(folder, site.files), None)
    if faulty is not None:
        raise SetupError(f"{folder} is not as it was built: see {faulty}; build it again")
    return site


def in_folder(place: Path) -> Read:
    """What gives the files of a site in a folder."""

    def get(path: str) -> bytes | None:
        try:
            return (place / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    return get


def digest_of(file: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _faulty(folder: Path, files: Mapping[str, str]) -> Iterator[str]:
    found = listing.files(str(folder))
    yield from sorted(found.keys() ^ files.keys())
    for path in sorted(found):
        if found[path] == listing.LINK or digest_of(folder / path) != files[path]:
            yield path


def _record(said: Mapping[str, object]) -> Record:
    return Record(
        str(said["commit"] or ""),
        _instant(said["now"]),
        _instant(said["next_change"]) if said["next_change"] else None,
        str(said["previous_ledger"] or ""),
        said["preview"] is True,
    )


def _instant(text: object) -> datetime:
    return within_reach(datetime.fromisoformat(str(text)))


def _sums(text: bytes) -> Iterator[tuple[str, str]]:
    for line in text.decode().splitlines():
        digest, path = line.split("  ", 1)
        yield path, digest
