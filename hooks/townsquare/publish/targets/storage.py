"""S3-compatible storage: `s3://BUCKET/PREFIX`, whose endpoint and rights boto3 finds as always.

Storage knows no whole: objects change one by one. They do so in an order in which no page leads to
what is not there: what is to be published is written down first, then go pictures, style sheets and
scripts, then pages, then feeds, calendars, data and the front page, then the record of the build.
What is no longer of the site goes last. A killed publish is finished by the next one.

What is written down first, in one object, holds the ledger of which subscribers may have seen a
part: until the site is whole, that is the one from which the next site grows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from urllib.parse import urlsplit

from townsquare import ledger
from townsquare.output import RECORD, SUMS
from townsquare.problems import SetupError
from townsquare.publish import headers
from townsquare.publish.published import Published
from townsquare.publish.target import Progress, Site, refuse_moved
from townsquare.publish.targets.bucket import AT_ONCE, Bucket, md5
from townsquare.publish.targets.lock_object import LockObject
from townsquare.values import value

OWN = ".townsquare/"
"""Where a publish keeps what is not of the site."""
NEXT, LOCK = f"{OWN}next.json", f"{OWN}lock"
LAST = (SUMS, ledger.FILE, RECORD)
_FOR_MACHINES = (".xml", ".ics", ".json", ".opml", ".csv", ".txt")


@value
class Storage:
    """A site below a prefix of a bucket."""

    bucket: Bucket

    @staticmethod
    def named(words: str) -> Storage:
        """The target of `s3://BUCKET/PREFIX`."""
        parts = urlsplit(words)
        if not parts.netloc or "@" in parts.netloc or parts.query or parts.fragment:
            raise SetupError(f"`{words}` names no bucket: write s3://BUCKET/PREFIX")
        prefix = parts.path.strip("/")
        return Storage(Bucket(parts.netloc, f"{prefix}/" if prefix else ""))

    @property
    def name(self) -> str:
        """The bucket and the prefix."""
        return self.bucket.name

    def read(self, path: str) -> bytes | None:
        """A file of the newest site that was begun here: its record and ledger come first."""
        begun = self.bucket.get(NEXT) if path in LAST else None
        if begun is not None:
            return str(json.loads(begun)[path]).encode()
        found = self.bucket.get(path)
        if found is None and path == RECORD and self._standing():
            raise SetupError(f"{self.name} holds something else: name an empty prefix")
        return found

    def digests(self, paths: Sequence[str]) -> Mapping[str, str]:
        """The SHA-256 of these files as readers get them."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = zip(paths, pool.map(self.bucket.get, paths), strict=True)
            return {path: sha256(data).hexdigest() for path, data in found if data is not None}

    def withdrawn(self) -> str:
        """Nothing: storage keeps no site beside the one that readers get."""
        return ""

    def is_finished(self) -> bool:
        """Whether no publish was killed on its way."""
        return self.bucket.get(NEXT) is None

    def replace(self, site: Site, since: Published | None, progress: Progress) -> None:
        """Readers get the site, object by object, in a safe order."""
        lock = LockObject(self.bucket, LOCK)
        with lock.held():
            refuse_moved(self.read, since)
            held = self._standing()
            begun = {path: (site.folder / path).read_text("utf-8") for path in LAST}
            self.bucket.put(NEXT, json.dumps(begun).encode())
            for stage in stages(site.published.files):
                self._send(site, [path for path in stage if _differs(site, path, held)], lock)
                progress(len(stage))
            lock.refuse_lost()
            self.bucket.delete(path for path in held if path not in site.published.files)
            self.bucket.delete([NEXT])

    def roll_back(self) -> str:
        """Raises SetupError: there is no other site to go back to."""
        raise SetupError("revert the commit that was wrong and publish again")

    def _standing(self) -> dict[str, str]:
        """The ETag of every object that is not our own."""
        tags = self.bucket.tags()
        return {path: tag for path, tag in tags.items() if not path.startswith(OWN)}

    def _send(self, site: Site, paths: Sequence[str], lock: LockObject) -> None:
        def one(path: str) -> None:
            lock.refuse_lost()
            kept = {"CacheControl": headers.cache_control(path)}
            data = (site.folder / path).read_bytes()
            self.bucket.put(path, data, ContentType=headers.content_type(path), **kept)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _ in pool.map(one, paths):
                pass


def stages(files: Iterable[str]) -> Iterator[list[str]]:
    """The files in the order in which they are sent: nothing leads to what comes later."""
    found: list[list[str]] = [[], [], [], []]
    for path in sorted(files):
        found[_stage(path)].append(path)
    *before, last = found
    yield from before
    yield from ([path] for path in sorted(last, key=LAST.index))


def _stage(path: str) -> int:
    if path in LAST:
        return 3
    if path == "index.html" or path.endswith(_FOR_MACHINES):
        return 2
    return 1 if path.endswith(".html") else 0


def _differs(site: Site, path: str, held: Mapping[str, str]) -> bool:
    """Whether the object may hold other bytes."""
    tag = held.get(path)
    return tag is None or tag != md5((site.folder / path).read_bytes()).hexdigest()
