"""A branch of a git repository, which a host serves: one commit a site, never pushed by force.

Blobs, trees and commits are made from the site's bytes alone: no filter, hook, attribute or ignore
list of anybody's has a say, and nothing of the checkout is touched.
https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from townsquare.output import RECORD
from townsquare.problems import SetupError
from townsquare.publish.published import Published
from townsquare.publish.target import Moved, Progress, Site, refuse_moved
from townsquare.values import value

SECONDS = 600
OF_THE_HOST = {".nojekyll": b"", "CNAME": None}
"""What GitHub Pages wants beside the site; `CNAME`, the domain, stays what it was."""
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")


@value
class Branch:
    """A branch of a repository that is named as git names it, from the folder of a checkout."""

    root: Path
    remote: str
    branch: str

    @staticmethod
    def named(words: str, root: Path) -> Branch:
        """The target of `git:REMOTE#BRANCH`; the branch is `gh-pages` if none is named."""
        remote, _, branch = words.removeprefix("git:").partition("#")
        branch = branch or "gh-pages"
        if not remote or remote.startswith("-") or not re.fullmatch(r"\w[\w./-]*", branch):
            raise SetupError(f"`{words}` names no branch: write git:REMOTE#BRANCH")
        return Branch(root, remote, branch)

    @property
    def name(self) -> str:
        """The repository and the branch, without what opens it."""
        return f"{_CREDENTIALS.sub('', self.remote)}#{self.branch}"

    def read(self, path: str) -> bytes | None:
        """A file of the branch as it stands at the repository now.

        Raises SetupError for a branch that holds something else than a site.
        """
        return self._file(self._fetched(), path)

    def digests(self, paths: Sequence[str]) -> Mapping[str, str]:
        """The SHA-256 of these files, of the commit at which the branch stands now."""
        tip = self._fetched()
        given = "".join(f"{tip}:{path}\n" for path in paths).encode()
        stream = self._git("cat-file", "--batch", given=given) if given else b""
        found = zip(paths, _blobs(stream), strict=True)
        return {path: sha256(blob).hexdigest() for path, blob in found if blob is not None}

    def withdrawn(self) -> str:
        """Nothing: a branch is taken back by reverting in the source."""
        return ""

    def is_finished(self) -> bool:
        """Always: a branch changes as a whole."""
        return True

    def replace(self, site: Site, since: Published | None, progress: Progress) -> None:
        """One commit more on the branch; Moved where somebody was quicker."""
        # Asked once: what is pushed on top of this tip must be what was compared with it.
        tip = self._fetched()
        refuse_moved(partial(self._file, tip), since)
        tree = self._tree(site, tip, progress)
        commit = self._commit(site, tree, tip)
        try:
            self._git("push", "-q", self._url, f"{commit}:refs/heads/{self.branch}")
        except SetupError:
            if self._fetched() != tip:
                raise Moved from None
            raise

    def roll_back(self) -> str:
        """Raises SetupError: history is not taken back."""
        raise SetupError("revert the commit that was wrong and publish again")

    @cached_property
    def _own(self) -> TemporaryDirectory[str]:
        """A repository for the objects that are made, gone with the process."""
        folder = TemporaryDirectory(prefix="townsquare-", ignore_cleanup_errors=True)
        _run("init", "-q", "--bare", "--template=", folder.name, folder=self.root)
        return folder

    @cached_property
    def _url(self) -> str:
        if re.fullmatch(r"[\w.-]+", self.remote) and not (self.root / self.remote).exists():
            return _run("remote", "get-url", self.remote, folder=self.root).decode().strip()
        return self.remote if ":" in self.remote else str(Path(self.remote).absolute())

    def _fetched(self) -> str:
        """The commit of the branch, with its files; empty where there is no such branch."""
        ref = f"refs/heads/{self.branch}"
        listed = self._git("ls-remote", self._url, ref).decode().split()
        if not listed:
            return ""
        if not self._holds(listed[0]):
            self._git("fetch", "-q", "--depth=1", "--no-tags", self._url, ref)
        return listed[0]

    def _file(self, tip: str, path: str) -> bytes | None:
        if not tip:
            return None
        content = self._blob(f"{tip}:{path}")
        if content is None and path == RECORD:
            raise SetupError(f"{self.name} holds something else: name a branch of its own")
        return content

    def _holds(self, commit: str) -> bool:
        try:
            self._git("cat-file", "-e", f"{commit}^{{tree}}")
        except SetupError:
            return False
        return True

    def _blob(self, name: str) -> bytes | None:
        try:
            return self._git("cat-file", "blob", name)
        except SetupError:
            return None

    def _tree(self, site: Site, tip: str, progress: Progress) -> str:
        paths = sorted(site.published.files)
        given = "".join(f"{site.folder.absolute()}/{path}\n" for path in paths).encode()
        made = self._git("hash-object", "-w", "--no-filters", "--stdin-paths", given=given)
        blobs = dict(zip(paths, made.decode().split(), strict=True))
        progress(len(paths))
        for path, content in OF_THE_HOST.items():
            kept = self._blob(f"{tip}:{path}") if tip else None
            held = content if kept is None else kept
            if held is not None:
                blobs[path] = self._git("hash-object", "-w", "--stdin", given=held).decode().strip()
        lines = "".join(f"100644 {blob} 0\t{path}\0" for path, blob in blobs.items())
        self._git("read-tree", "--empty")
        self._git("update-index", "-z", "--index-info", given=lines.encode())
        return self._git("write-tree").decode().strip()

    def _commit(self, site: Site, tree: str, tip: str) -> str:
        record = site.published.record
        of = f" of {record.commit}" if record.commit else ""
        stamp = f"@{int(record.now.timestamp())} +0000"
        who = {"NAME": "Townsquare", "EMAIL": "townsquare@localhost", "DATE": stamp}
        roles = ("AUTHOR", "COMMITTER")
        own = {f"GIT_{role}_{each}": what for role in roles for each, what in who.items()}
        parent = ["-p", tip] if tip else []
        message = f"Site{of}\n".encode()
        return self._git("commit-tree", *parent, tree, given=message, **own).decode().strip()

    def _git(self, *words: str, given: bytes = b"", **own: str) -> bytes:
        return _run(*words, folder=self.root, given=given, GIT_DIR=self._own.name, **own)


def _run(*words: str, folder: Path, given: bytes = b"", **own: str) -> bytes:
    """What git answers; SetupError, in which no credentials stand, where it refuses."""
    outer = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    ssh = os.environ.get("GIT_SSH_COMMAND", "ssh -o BatchMode=yes")
    fixed = {"GIT_TERMINAL_PROMPT": "0", "GIT_SSH_COMMAND": ssh, **own}
    try:
        line = ["git", "-c", f"core.hooksPath={os.devnull}", "-C", str(folder), *words]
        done = subprocess.run(  # noqa: S603 (no shell; words of users follow no option)
            line,
            input=given,
            capture_output=True,
            check=False,
            timeout=SECONDS,
            env=outer | fixed,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SetupError(f"git does not answer: {type(error).__name__}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip() or f"code {done.returncode}"
        raise SetupError(f"git {words[0]}: {_CREDENTIALS.sub('', said)}")
    return done.stdout


def _blobs(stream: bytes) -> Iterator[bytes | None]:
    """What `git cat-file --batch` gives: each content after a line with its size, or `missing`."""
    at = 0
    while at < len(stream):
        end = stream.index(b"\n", at)
        last = stream[at:end].rpartition(b" ")[2]
        at = end + 1
        if last == b"missing":
            yield None
        else:
            yield stream[at : at + int(last)]
            at += int(last) + 1
