"""A folder of this machine, which a web server serves: whole releases, and a link to one of them.

The server's root is `TARGET/current`. The link is replaced in one step, see rename(2), so that
every request is answered from the old site or the new one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from townsquare import output
from townsquare.problems import SetupError
from townsquare.publish import published
from townsquare.publish.published import Published
from townsquare.publish.target import Progress, Site, refuse_moved
from townsquare.publish.targets import releases
from townsquare.upkeep import listing
from townsquare.values import value


@value
class Folder:
    """Releases in a folder of this machine, of which `current` is what readers get."""

    place: Path

    @property
    def name(self) -> str:
        """The folder."""
        return str(self.place)

    def read(self, path: str) -> bytes | None:
        """A file of the newest release; SetupError where the folder holds something else."""
        self._refuse_foreign()
        newest = self._newest()
        return published.in_folder(newest)(path) if newest else None

    def digests(self, paths: Sequence[str]) -> Mapping[str, str]:
        """The SHA-256 of these files of the newest release."""
        newest = self._newest() or self.place
        return {path: published.digest_of(newest / path) for path in paths}

    def withdrawn(self) -> str:
        """The newest release's commit, where readers were taken back from it."""
        newest = self._newest()
        is_withdrawn = newest is not None and newest.name == self._led_to(releases.WITHDRAWN)
        site = published.read(self.read, self.name) if is_withdrawn else None
        return site.record.commit if site else ""

    def is_finished(self) -> bool:
        """Whether the newest release is the one that readers get, or were taken back from."""
        ends = map(self._led_to, (releases.CURRENT, releases.WITHDRAWN))
        newest = self._newest()
        return newest is None or newest.name in ends

    def replace(self, site: Site, since: Published | None, progress: Progress) -> None:
        """A new release is made of copies and of what the newest one holds, then it is current."""
        self._releases.mkdir(parents=True, exist_ok=True)
        with output.locked(self._releases, waiting=releases.WAIT):
            refuse_moved(self.read, since)
            fresh = self._releases / releases.INCOMING
            self._fill(fresh, site, progress)
            name = releases.next_name(self._known_names(), site.published.record.commit)
            output.flush(fresh)
            fresh.rename(self._releases / name)
            self._point(releases.CURRENT, name)
            for old in releases.outlived(self._known_names(), name):
                shutil.rmtree(self._releases / old)

    def roll_back(self) -> str:
        """Readers get the release before, whose name this gives."""
        self._refuse_foreign()
        if not self._releases.is_dir():
            raise SetupError(f"{self.place} holds no site yet")
        with output.locked(self._releases, waiting=releases.WAIT):
            known = releases.finished(self._known_names())
            name = releases.before(known, self._led_to(releases.CURRENT))
            if not name:
                raise SetupError(f"{self.place} keeps no release before the one that readers get")
            self._point(releases.WITHDRAWN, known[-1])
            self._point(releases.CURRENT, name)
        return name

    @property
    def _releases(self) -> Path:
        return self.place / releases.RELEASES

    def _known_names(self) -> list[str]:
        return [each.name for each in self._releases.iterdir()] if self._releases.is_dir() else []

    def _newest(self) -> Path | None:
        known = releases.finished(self._known_names())
        return self._releases / known[-1] if known else None

    def _led_to(self, link_name: str) -> str:
        link = self.place / link_name
        return link.readlink().name if link.is_symlink() else ""

    def _refuse_foreign(self) -> None:
        if self.place.is_dir() and not self._releases.is_dir() and any(self.place.iterdir()):
            raise SetupError(f"{self.place} holds something else: name a new or an empty folder")

    def _fill(self, fresh: Path, site: Site, progress: Progress) -> None:
        """The folder holds the site; what a killed publish has left there is made use of."""
        fresh.mkdir(exist_ok=True)
        files, newest = site.published.files, self._newest()
        for path, stamp in listing.files(str(fresh)).items():
            if path not in files or stamp == listing.LINK:
                (fresh / path).unlink()
        for path, digest in files.items():
            if not _holds(fresh / path, digest):
                _put(fresh, path, digest, newest, site.folder)
            progress(1)
        _remove_empty(fresh)
        output.readable(fresh)

    def _point(self, link_name: str, name: str) -> None:
        """The link leads to the release, from one moment to the next, and on disk."""
        link, part = self.place / link_name, self.place / f".{link_name}.new"
        part.unlink(missing_ok=True)
        part.symlink_to(f"{releases.RELEASES}/{name}")
        part.replace(link)
        output.flush_folder(self._releases)
        output.flush_folder(self.place)


def _holds(file: Path, digest: str) -> bool:
    return file.is_file() and not file.is_symlink() and published.digest_of(file) == digest


def _put(fresh: Path, path: str, digest: str, newest: Path | None, source: Path) -> None:
    """The file stands in the folder, under a second name where the newest release has it."""
    file = fresh / path
    if file.is_dir():
        shutil.rmtree(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    if newest and _holds(newest / path, digest):
        try:
            os.link(newest / path, file)
            return
        except OSError:
            pass  # not every file system gives a file two names
    shutil.copyfile(source / path, file)


def _remove_empty(folder: Path) -> None:
    for below, _, files in os.walk(folder, topdown=False):
        if not files and not any(Path(below).iterdir()):
            Path(below).rmdir()
