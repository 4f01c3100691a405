"""What every host is to a publish: something that holds a site and takes the next one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from townsquare.output import RECORD
from townsquare.publish.published import Published, Read
from townsquare.values import value

Progress = Callable[[int], None]
"""Is told how many files more are there."""


@value
class Site:
    """A whole site in a folder of this machine."""

    folder: Path
    published: Published


class Moved(Exception):
    """The target no longer holds what was planned against: somebody else published meanwhile."""


class Target(Protocol):
    """Where a site goes. A target decides nothing by what the site says."""

    @property
    def name(self) -> str:
        """What messages call it."""
        ...

    def read(self, path: str) -> bytes | None:
        """A file of the newest site that was published here, None where it has none.

        Raises SetupError where the host cannot be asked.
        """
        ...

    def digests(self, paths: Sequence[str]) -> Mapping[str, str]:
        """The SHA-256 of these files as the host holds them now; what it has not is left out."""
        ...

    def withdrawn(self) -> str:
        """The commit that readers were taken back from; empty where they get the newest site."""
        ...

    def is_finished(self) -> bool:
        """Whether readers got all of the newest site: no publish was killed on its way."""
        ...

    def replace(self, site: Site, since: Published | None, progress: Progress) -> None:
        """Readers get the site: whole, or in a safe order where the host knows no whole.

        Raises Moved, with readers getting what they got before, where the target holds another site
        than `since`, and SetupError where it cannot be written. After a kill at any point readers
        get the old site or the new one where the host can do that, and the same call does the rest.
        """
        ...

    def roll_back(self) -> str:
        """Readers get the site before the one that they get; gives what to call it.

        Raises SetupError where there is none, or where the host keeps none.
        """
        ...


def refuse_moved(get: Read, since: Published | None) -> None:
    """Raises Moved unless the record that `get` gives is still the one that was read before."""
    record = get(RECORD)
    now = sha256(record).hexdigest() if record is not None else ""
    if now != (since.files[RECORD] if since else ""):
        raise Moved
