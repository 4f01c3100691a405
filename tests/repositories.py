"""Git repositories whose whole truth is known, because whoever commits, and when, is told."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Made(NamedTuple):
    """A commit to make. `second` is who is merged in, with one commit on another branch."""

    who: str
    at: int
    files: tuple[str, ...] = ("a.txt",)
    message: str = "Change"
    second: str = ""


class Repository:
    """A git repository in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(
        self,
        *arguments: str,
        who: str = "Ana <ana@example.org>",
        at: int = 1_700_000_000,
        given: bytes | None = None,
    ) -> str:
        name, _, address = who.removesuffix(">").partition(" <")
        of = ("AUTHOR", "COMMITTER")
        env = {f"GIT_{each}_NAME": name for each in of}
        env |= {f"GIT_{each}_EMAIL": address for each in of}
        env |= {f"GIT_{each}_DATE": f"@{at} +0200" for each in of}
        env |= {"PATH": os.environ["PATH"], "HOME": str(self.root), "GIT_CONFIG_NOSYSTEM": "1"}
        line = ["git", "-C", str(self.root), *arguments]
        done = subprocess.run(line, env=env, check=True, capture_output=True, input=given)
        return done.stdout.decode().strip()

    def commit(
        self, files: dict[str, str], message: str = "Change", *, who: str, at: int = 1_700_000_000
    ) -> str:
        for path, text in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message, who=who, at=at)
        return self.git("rev-parse", "HEAD")

    def add_all(self, commits: Iterable[Made]) -> None:
        """Every commit on top of what is there, thousands at once; the files are checked out."""
        self.git("fast-import", "--quiet", "--force", given=b"".join(self._stream(commits)))
        self.git("reset", "-q", "--hard")

    def _stream(self, commits: Iterable[Made]) -> Iterable[bytes]:
        start = self.git("rev-parse", "HEAD") if self._has_commits() else ""
        above = f"from {start}\n" if start else ""
        for mark, made in enumerate(commits, 1):
            merged = ""
            if made.second:
                yield self._commit(mark * 2 - 1, "side", made.second, made, above, ("side.txt",))
                merged = f"merge :{mark * 2 - 1}\n"
            yield self._commit(mark * 2, "main", made.who, made, above + merged, made.files)
            above = f"from :{mark * 2}\n"

    def _commit(
        self, mark: int, branch: str, who: str, made: Made, above: str, files: tuple[str, ...]
    ) -> bytes:
        text = made.message.encode()
        head = f"commit refs/heads/{branch}\nmark :{mark}\nauthor {who} {made.at} +0000\n"
        head += f"committer {who} {made.at} +0000\ndata {len(text)}\n"
        changed = "".join(f"M 644 inline {f}\ndata {len(str(mark))}\n{mark}\n" for f in files)
        return head.encode() + text + f"\n{above}{changed}\n".encode()

    def _has_commits(self) -> bool:
        try:
            return bool(self.git("rev-parse", "--verify", "HEAD"))
        except subprocess.CalledProcessError:
            return False
