"""A community with a history, its sites, and what a publish did to what readers get."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from repositories import Repository

HOOKS = Path(__file__).parents[1] / "hooks"
MAIN = "from townsquare.cli import main; main()"
WHO = "Ana <ana@example.org>"
FILES = {
    "mkdocs.yml": (
        "site_name: Commons\nsite_url: https://example.org/\n"
        "extra:\n  townsquare:\n    authority: example.org,2026\n"
    ),
    ".gitignore": ".cache/\nsite/\n",
    "content/index.md": "---\ntitle: Home\n---\nHello.\n",
    "content/blog/first.md": "---\ntitle: First\ndate: 2026-01-05\n---\nThe first post.\n",
    "events/call.md": (
        "---\ntitle: Call\nstart: 2026-12-01 18:00\nwhere: online\n"
        "repeat: {every: week, times: 3}\n---\nBring questions.\n"
    ),
}


def command(*words: str | Path, **variables: str) -> subprocess.Popen[bytes]:
    """The command, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", MAIN, *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(HOOKS), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    said, _ = process.communicate(timeout=300)
    return process.returncode, said.decode()


class Commons:
    """A community whose every commit is another state of it."""

    def __init__(self, folder: Path) -> None:
        self.repository = Repository(folder)
        self.root = folder
        self.count = 0
        self.commit(FILES)

    def commit(self, files: Mapping[str, str] | None = None) -> str:
        """One more commit: these files, or one more sentence and one more post."""
        self.count += 1
        n = self.count
        post = f"---\ntitle: Post {n}\ndate: 2026-02-{n % 28 + 1:02}\n---\nPost number {n}.\n"
        event = FILES["events/call.md"].replace("18:00", f"18:{n % 60:02}")
        more = files or {f"content/blog/post-{n}.md": post, "events/call.md": event}
        return self.repository.commit(dict(more), f"Change {n}", who=WHO, at=1_700_000_000 + n)

    def remove(self, *paths: str) -> str:
        for path in paths:
            (self.root / path).unlink()
        return self.commit({"content/index.md": "---\ntitle: Home\n---\nLess.\n"})

    def publish(
        self, target: str | Path, *options: str | Path, **variables: str
    ) -> tuple[int, str]:
        return ended(self.publishing(target, *options, **variables))

    def publishing(
        self, target: str | Path, *options: str | Path, **variables: str
    ) -> subprocess.Popen[bytes]:
        return command("publish", target, "--root", self.root, *options, **variables)

    def built(self, out: Path, *options: str | Path) -> Path:
        """A site of what is checked out, as for publishing."""
        done = ended(command("build", "--root", self.root, "--out", out, "--search", *options))
        assert done[0] == 0, done[1]
        return out


def raced(commons: Commons, folder: Path, words: str, *, many: int, **variables: str) -> list[str]:
    """As many clones, each of one commit more, publish at once; gives their commits in order."""
    clones, commits = [], []
    for n in range(many):
        commits.append(commons.commit())
        clones.append(folder / f"clone-{n}")
        subprocess.run(["git", "clone", "-q", str(commons.root), str(clones[-1])], check=True)
    random.Random(many).shuffle(clones)
    line = ("publish", words, "--root")
    results = [ended(each) for each in [command(*line, clone, **variables) for clone in clones]]
    assert {code for code, _ in results} <= {0, 1}, results
    return commits


def files(folder: Path) -> dict[str, bytes]:
    """What stands in the folder, by path."""
    found = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in found}


def two_sites(folder: Path) -> tuple[Commons, Path, Path]:
    """A community, its site, and the next one, which grows from that."""
    commons = Commons(folder / "community")
    old = commons.built(folder / "old", "--first-publish")
    commons.commit()
    return commons, old, commons.built(folder / "new", "--previous", old)


@dataclass
class Killed:
    """What became of publishes that were ended at random points."""

    old: int = 0
    new: int = 0
    finished: int = 0


def kill_at_random(
    begin: Callable[[], subprocess.Popen[bytes]],
    reset: Callable[[], None],
    served: Callable[[], Mapping[str, bytes]],
    old: Mapping[str, bytes],
    new: Mapping[str, bytes],
    *,
    times: int,
) -> Killed:
    """Each publish, ended at a random point, leaves one site or the other; the next ends well."""
    chance, counts = random.Random(times), Killed()
    reset()
    begun = time.monotonic()
    done = ended(begin())
    assert done[0] == 0, done[1]
    assert served() == new
    long = time.monotonic() - begun
    for _ in range(times):
        reset()
        process = begin()
        time.sleep(chance.uniform(0, long))
        counts.finished += process.poll() is not None
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        held = served()
        assert held in (old, new)
        counts.old += held == old
        counts.new += held == new
        if held == old:
            done = ended(begin())
            assert done[0] == 0, done[1]
            assert served() == new
    # Whatever the last one left lying about is cleared away by the next.
    assert ended(begin())[0] == 0
    assert served() == new
    return counts


@dataclass
class Reader:
    """Reads a site over the network all the time, from one record to the next the same."""

    address: str
    sites: dict[str, Mapping[str, bytes]]
    rounds: int = 0
    faults: list[str] = field(default_factory=list)

    def watch(self, stop: threading.Event) -> None:
        """Every file is of the site whose record stood before and after it."""
        chance = random.Random(1)
        while not stop.is_set():
            before = self._get("build.json")
            site = self.sites.get(sha256(before or b"").hexdigest())
            if site is None:
                self.faults.append("a record of no site")
                continue
            path = chance.choice(sorted(site))
            content = self._get(path)
            if self._get("build.json") == before and content != site[path]:
                self.faults.append(f"{path} is not of the site")
            common = all(path in each for each in self.sites.values())
            if content is None and common:
                self.faults.append(f"{path} was not there")
            self.rounds += 1

    def _get(self, path: str) -> bytes | None:
        try:
            with urllib.request.urlopen(f"{self.address}/{path}", timeout=10) as answer:
                return answer.read()
        except urllib.error.HTTPError:
            return None


@contextmanager
def watched(reader: Reader) -> Iterator[Reader]:
    """The reader reads while the block runs."""
    stop = threading.Event()
    thread = threading.Thread(target=reader.watch, args=(stop,))
    thread.start()
    try:
        yield reader
    finally:
        stop.set()
        thread.join()


def known(*sites: Path) -> dict[str, Mapping[str, bytes]]:
    """Sites by the digest of their record."""
    held = map(files, sites)
    return {sha256(each["build.json"]).hexdigest(): each for each in held}


def restored(place: Path, kept: Path) -> None:
    """The folder is the kept one again."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(kept, place, symlinks=True)
