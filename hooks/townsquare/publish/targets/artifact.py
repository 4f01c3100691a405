"""A folder that a host's own tool takes: Pages of GitHub and GitLab, Netlify, Cloudflare.

What the host cannot tell by itself is read from where readers get the site. `_headers` and
`_redirects` are the hosts' own: https://docs.netlify.com/manage/routing/headers/,
https://developers.cloudflare.com/pages/configuration/headers/.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from townsquare import ledger, output, remote
from townsquare.problems import SetupError
from townsquare.publish import headers, published
from townsquare.publish.published import Published
from townsquare.publish.target import Progress, Site, refuse_moved
from townsquare.values import value

MAX_BYTES = 64 * 1024 * 1024
_MOST_FILES, _LARGEST = 20_000, 25 * 1024 * 1024
_NOT_THERE = "HTTP Error 404"


@value
class Artifact:
    """A folder for a host, which publishes it; `live` is the address where readers get the site."""

    host: str
    place: Path
    live: str | None

    @property
    def name(self) -> str:
        """The folder."""
        return str(self.place)

    def read(self, path: str) -> bytes | None:
        """A file as readers get it, None where the site is not there yet or nobody says where."""
        if self.live is None:
            return None
        try:
            return remote.fetched(f"{self.live.rstrip('/')}/{path}", MAX_BYTES)
        except OSError as error:
            if str(error).startswith(_NOT_THERE):
                return None
            raise SetupError(f"{self.live} cannot be read: {error}") from error

    def digests(self, paths: Iterable[str]) -> Mapping[str, str]:
        """The SHA-256 of these files in the folder."""
        return {path: published.digest_of(self.place / path) for path in paths}

    def withdrawn(self) -> str:
        """Nothing: such a host is taken back on its own pages."""
        return ""

    def replace(self, site: Site, since: Published | None, progress: Progress) -> None:
        """The folder holds the site and what its host wants beside it."""
        beside = dict(BESIDE[self.host](site))
        refuse_moved(self.read, since)
        with output.replacing(self.place) as fresh:
            for path in site.published.files:
                (fresh / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(site.folder / path, fresh / path)
                progress(1)
            output.write(fresh, iter(beside.items()))
            output.readable(fresh)

    def roll_back(self) -> str:
        """Raises SetupError: the host does that itself."""
        raise SetupError("take the site back on the pages of its host, or revert the commit")


def _pages(_site: Site) -> Iterator[tuple[str, bytes]]:
    """Nothing is run over the files: https://docs.github.com/pages."""
    yield ".nojekyll", b""


def _netlify(site: Site) -> Iterator[tuple[str, bytes]]:
    yield "_headers", _headers(site)
    # The mark: a rule goes before the page that stands there for other hosts.
    lines = (f"/{old} /{new} 301!" for old, new in moved(site))
    yield "_redirects", "".join(f"{line}\n" for line in lines).encode()


def _cloudflare(site: Site) -> Iterator[tuple[str, bytes]]:
    """Raises SetupError for what the host would refuse, after all else had been sent.

    https://developers.cloudflare.com/pages/platform/limits/
    """
    files = site.published.files
    if len(files) > _MOST_FILES:
        raise SetupError(f"the site has {len(files)} files, and Cloudflare takes {_MOST_FILES}")
    for path in files:
        if (site.folder / path).stat().st_size > _LARGEST:
            raise SetupError(f"{path} is larger than the 25 MiB that Cloudflare takes")
    yield "_headers", _headers(site)
    lines = [f"/{old} /{new} 301" for old, new in moved(site)][:2000]
    yield "_redirects", "".join(f"{line}\n" for line in lines).encode()


BESIDE: dict[str, Callable[[Site], Iterator[tuple[str, bytes]]]] = {
    "pages": _pages,
    "netlify": _netlify,
    "cloudflare": _cloudflare,
}
"""What each host wants in the folder beside the site."""


def _headers(site: Site) -> bytes:
    blocks = (
        "\n".join([pattern, *(f"  {name}: {text}" for name, text in given.items())])
        for pattern, given in headers.rules(list(site.published.files))
    )
    return ("\n\n".join(blocks) + "\n").encode()


def moved(site: Site) -> list[tuple[str, str]]:
    """Old addresses of pages that stand elsewhere now, and where, as the site's ledger has them."""
    known = ledger.decode((site.folder / ledger.FILE).read_bytes(), where=str(site.folder))
    shown = [each for each in known.entries.values() if each.gone is None]
    taken = {each.address for each in shown}
    pairs = {old: each.address for each in shown for old in each.former if old not in taken}
    return sorted(pairs.items())
