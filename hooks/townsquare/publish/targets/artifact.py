"""A folder that somebody else uploads: `pages:`, `netlify:` and `cloudflare:FOLDER`.

GitHub's and GitLab's workflows, `netlify` and `wrangler` show a folder to readers all at once. What
the site grows from is read where readers get it, at the address that `--live` names.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from townsquare import output, remote
from townsquare.ledger.document import MAX_BYTES
from townsquare.problems import SetupError
from townsquare.publish import former, host_files, published
from townsquare.publish.former import Former
from townsquare.publish.published import Published
from townsquare.publish.target import Progress, Site, refuse_moved
from townsquare.values import value

Own = Callable[[Site, Former], Mapping[str, bytes]]
"""What a host wants to find beside the site."""


def _pages(_site: Site, _former: Former) -> Mapping[str, bytes]:
    """Nothing: both hosts take the folder as it is, and GitHub's action leaves out hidden files."""
    return {}


HOSTS: Mapping[str, Own] = {
    "pages": _pages,
    "netlify": host_files.netlify,
    "cloudflare": host_files.cloudflare,
}


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
        address = f"{self.live.rstrip('/')}/{quote(path)}"
        try:
            return remote.fetched(address, MAX_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SetupError(f"{address} cannot be read: {error}") from error

    def digests(self, paths: Sequence[str]) -> Mapping[str, str]:
        """The SHA-256 of these files in the folder."""
        return {path: published.digest_of(self.place / path) for path in paths}

    def withdrawn(self) -> str:
        """Nothing: such a host is taken back on its own pages."""
        return ""

    def is_finished(self) -> bool:
        """Always: a folder changes as a whole."""
        return True

    def replace(self, site: Site, since: Published | None, progress: Progress) -> None:
        """The folder holds the site and what its host wants beside it, in one step.

        Whoever uploads it shows it to readers: until then, they get what they got before.
        """
        own = HOSTS[self.host](site, former.of_site(site.folder))
        refuse_moved(self.read, since)
        with output.replacing(self.place) as fresh:
            for path in site.published.files:
                (fresh / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(site.folder / path, fresh / path)
                progress(1)
            output.write(fresh, iter(own.items()))
            output.readable(fresh)

    def roll_back(self) -> str:
        """Raises SetupError: the host does that itself."""
        raise SetupError("take the site back on the pages of its host, or revert the commit")
