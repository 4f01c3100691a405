"""What the theme puts around pages, kept between builds, so that it is seldom started."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from townsquare import shells
from townsquare.cache import Cache, key
from townsquare.layout import SETTINGS
from townsquare.pages import Footer, Page
from townsquare.settings import Settings
from townsquare.shells import Key, Shelf, Shell
from townsquare.upkeep.snapshot import Snapshot
from townsquare.upkeep.surfaces import Surface, navigation

if TYPE_CHECKING:
    from townsquare.site.theme import Theme


class Surroundings:
    """The theme around one site, whose pages in the navigation are these.

    `beside` are other files that have a say in it. `name` is the same for what surrounds pages
    alike, and `is_known` says that a build before has learned what that is.
    """

    def __init__(
        self,
        surfaces: Iterable[Surface],
        settings: Settings,
        start: Callable[[list[Page]], Theme],
        cache: Cache,
        engine: str,
        beside: Iterable[str],
    ) -> None:
        self._surfaces = [each for each in surfaces if each.in_nav]
        self._start = start
        self._theme: Theme | None = None
        self._cache = cache
        self._engine = engine
        self._key = key("theme", engine, navigation(self._surfaces), *beside)
        self.name = self._key.hex()
        kept = cache.kept(self._key)
        self.is_known = kept is not None
        known: dict[str, Any] = json.loads(kept) if kept else _NOTHING
        self._count = len(known["shells"])
        self._files: dict[str, str] = known["files"]
        self.named: dict[str, str] = known["named"]
        self.shelf = Shelf(
            settings, self.theme, settled=known["settled"], known=dict(map(_read, known["shells"]))
        )

    def theme(self) -> Theme:
        """The theme, started now if it was not before. Raises ForeignTheme."""
        if self._theme is None:
            self._theme = self._start([surface.page() for surface in self._surfaces])
            if not self._theme.is_ours:
                raise ForeignTheme
        return self._theme

    def files(self) -> Iterator[tuple[str, str, Callable[[], bytes]]]:
        """The theme's own files: where each stands, its SHA-256, and what gives its content."""
        if not self.is_known:
            self._learn()
        for path, digest in self._files.items():
            yield path, digest, partial(self._content, path, digest)

    def keep(self) -> None:
        """What was learned is there for the next build."""
        if len(self.shelf.known) > self._count:
            whole = {
                "settled": sorted(self.shelf.settled),
                "shells": [_written(of, shell) for of, shell in self.shelf.known.items()],
                "files": self._files,
                "named": self.named,
            }
            self._cache.keep(self._key, json.dumps(whole, ensure_ascii=False).encode())

    def _learn(self) -> None:
        theme = self.theme()
        self.named = theme.named()
        for path, content in theme.files():
            digest = sha256(content).hexdigest()
            self._files[path] = digest
            self._cache.keep(key("theme file", digest), content)

    def _content(self, path: str, digest: str) -> bytes:
        kept = self._cache.kept(key("theme file", digest))
        return kept if kept is not None else dict(self.theme().files())[path]


_NOTHING: dict[str, Any] = {"settled": None, "shells": [], "files": {}, "named": {}}


class ForeignTheme(Exception):
    """The community's own templates or plugins have a say: the plain way asks them."""


def named_files(found: Snapshot) -> list[str]:
    """The files of `content/` that the settings name, such as a logo."""
    choices = found.texts.get(SETTINGS, b"").decode("utf-8", "replace")
    inside = (path for path in found.digests if path.startswith("content/"))
    return [path for path in inside if path.removeprefix("content/") in choices]


def theme_of(
    root: Path, out: Path, settings: Settings, footer: Footer
) -> Callable[[list[Page]], Theme]:
    """What starts the theme of this community."""

    def start(pages: list[Page]) -> Theme:
        from townsquare import site

        return site.theme_around(pages, footer, settings, root, out)

    return start


def _written(of: Key, shell: Shell) -> list[Any]:
    return [list(of), list(shell.texts), list(shell.places)]


def _read(row: list[Any]) -> tuple[Key, Shell]:
    return Key(*row[0]), shells.Shell(tuple(row[1]), tuple(row[2]))
