"""A folder of another machine, over ssh and rsync, with the same releases as a folder of this one.

The other machine needs sshd, rsync, flock, sha256sum and a POSIX shell, nothing of ours. Both
programs are started by `RSYNC_RSH` where it is set, as rsync(1) has it, else by `ssh`. Who is asked
for a password, or does not know the host, is told so: nothing waits for an answer.
"""

from __future__ import annotations

import atexit
import os
import shlex
import subprocess
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

from townsquare.problems import SetupError
from townsquare.publish import published
from townsquare.publish.published import Published
from townsquare.publish.target import Progress, Site, refuse_moved
from townsquare.publish.targets import releases
from townsquare.values import value

SECONDS = 600
_LOST = 255
# The lock of a folder of this machine, see `output.locked`. Who holds it waits for a line with what
# is to be done, and does it under the lock: it ends neither in the middle nor beside another one.
_HOLD = """
mkdir -p "$1/releases" && cd "$1" || exit
exec flock -w "$2" .releases.lock sh -c 'echo held; read -r name more || exit 0; '"$3"
"""
_LIST = """
cd "$1" 2>/dev/null || exit 0
ls -A; echo; ls -A releases; echo; readlink current || echo; readlink withdrawn || echo
"""
_SUMS = 'cd "$1/releases/$2" && exec xargs -0 sha256sum --'
_POINT = """
point() { rm -f ".$1.new" && ln -s "releases/$2" ".$1.new" && mv -T ".$1.new" "$1"; }
flush() { sync -f releases 2>/dev/null || sync; }
"""
_FINISH = f"""{_POINT}
(cd releases/.incoming && sha256sum -c SHA256SUMS >/dev/null) || exit
flush && mv -T releases/.incoming "releases/$name" && point current "$name" && flush || exit
for old in $more; do rm -rf "releases/$old"; done
"""
_WITHDRAW = f"""{_POINT}
point withdrawn "$more" && point current "$name" && flush
"""


@value
class Ssh:
    """Releases in a folder of the host, `user@host` or `host`, by way of a port if one is named."""

    host: str
    place: str
    port: int | None

    @staticmethod
    def named(words: str) -> Ssh:
        """The target of `ssh://USER@HOST:PORT/FOLDER`."""
        try:
            parts = urlsplit(words)
            user = f"{parts.username}@" if parts.username else ""
            host, place = f"{user}{parts.hostname or ''}", unquote(parts.path).rstrip("/")
            port = parts.port
        except ValueError as error:
            raise SetupError(f"`{words}` names no host: {error}") from error
        if not parts.hostname or not place or host.startswith("-") or parts.password:
            raise SetupError(f"`{words}` names no folder of a host: write ssh://HOST/FOLDER")
        return Ssh(host, place, port)

    @property
    def name(self) -> str:
        """The host and the folder."""
        return f"{self.host}:{self.place}"

    def read(self, path: str) -> bytes | None:
        """A file of the newest release."""
        newest = self._listed().newest
        if not newest:
            return None
        file = f"{self.place}/releases/{newest}/{path}"
        found = self._asked('test -e "$1" || exit 9; exec cat -- "$1"', file)
        return found.stdout if self._went(found, but=9) else None

    def digests(self, paths: Sequence[str]) -> Mapping[str, str]:
        """The SHA-256 of these files of the newest release."""
        newest = self._listed().newest
        if not paths or not newest:
            return {}
        given = "".join(f"./{path}\0" for path in paths).encode()
        found = self._asked(_SUMS, self.place, newest, given=given)
        self._went(found)
        lines = (line.split("  ./", 1) for line in found.stdout.decode().splitlines())
        return {path: digest for digest, path in lines}

    def withdrawn(self) -> str:
        """The newest release's commit, where readers were taken back from it."""
        listed = self._listed()
        is_withdrawn = listed.newest and listed.newest == listed.withdrawn
        site = published.read(self.read, self.name) if is_withdrawn else None
        return site.record.commit if site else ""

    def is_finished(self) -> bool:
        """Whether the newest release is the one that readers get, or were taken back from."""
        listed = self._listed()
        return listed.newest in (listed.current, listed.withdrawn)

    def replace(self, site: Site, since: Published | None, progress: Progress) -> None:
        """What the newest release lacks is sent, then a new one is current."""
        with self._locked(_FINISH) as finish:
            refuse_moved(self.read, since)
            listed = self._listed()
            self._send(site, listed.newest, progress)
            name = releases.next_name(listed.names, site.published.record.commit)
            finish(name, *releases.outlived([*listed.names, name], name))

    def roll_back(self) -> str:
        """Readers get the release before, whose name this gives."""
        if not self._listed().newest:
            raise SetupError(f"{self.name} holds no site yet")
        with self._locked(_WITHDRAW) as withdraw:
            listed = self._listed()
            name = releases.before(listed.names, listed.current)
            if not name:
                raise SetupError(f"{self.name} keeps no release before the one that readers get")
            withdraw(name, listed.newest)
        return name

    def _listed(self) -> _Listed:
        """What stands there; SetupError where it is not ours."""
        found = self._asked(_LIST, self.place)
        self._went(found)
        own, _, rest = found.stdout.decode("utf-8", "replace").partition("\n\n")
        *names, current, withdrawn = rest.split("\n")[:-1] if rest else ("", "")
        if own.strip() and releases.RELEASES not in own.split("\n"):
            raise SetupError(f"{self.name} holds something else: name a new or an empty folder")
        ends = (link.rpartition("/")[2] for link in (current, withdrawn))
        return _Listed(releases.finished(names), *ends)

    def _send(self, site: Site, newest: str, progress: Progress) -> None:
        shell = shlex.join([*_shell(), *self._way("-p")])
        options = ["--recursive", "--checksum", "--perms", "--chmod=D755,F644", "--delete"]
        options += ["--omit-dir-times", "--protect-args", "--out-format=%n", f"--rsh={shell}"]
        if newest:
            options.append(f"--link-dest=../{newest}")
        where = f"{self.host}:{self.place}/releases/{releases.INCOMING}/"
        line = ["rsync", *options, "--", f"{site.folder}/", where]
        with _started(line, stderr=subprocess.PIPE) as sender:
            for _ in sender.stdout or ():
                progress(1)
            said = sender.stderr.read().decode("utf-8", "replace") if sender.stderr else ""
        if sender.returncode:
            raise SetupError(f"rsync to {self.name} ended: {_last(said)}")

    @contextmanager
    def _locked(self, script: str) -> Generator[Callable[..., None]]:
        """No other publish writes there until the script has run, with the words that it is given.

        Where it is given none, as when this process is killed, the lock ends with the connection.
        """
        line = self._line(_HOLD, self.place, str(releases.WAIT), script)
        with _started(line, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as holder:
            if not holder.stdout or holder.stdout.readline() != b"held\n":
                why = "another publish goes on there, or it may not be written"
                raise SetupError(f"{self.name} cannot be locked: {why}")

            def go(*words: str) -> None:
                _, said = holder.communicate(f"{' '.join(words)}\n".encode(), timeout=SECONDS)
                self._went(subprocess.CompletedProcess(line, holder.returncode, b"", said))

            yield go

    def _asked(
        self, script: str, *words: str, given: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        line = self._line(script, *words)
        try:
            return subprocess.run(  # noqa: S603 (what the other shell reads is quoted)
                line, input=given, capture_output=True, check=False, timeout=SECONDS
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SetupError(f"{self.name} does not answer: {error}") from error

    def _went(self, done: subprocess.CompletedProcess[bytes], *, but: int = 0) -> bool:
        """Whether it ended well, or not with the code that says that there is nothing."""
        if done.returncode in (0, but):
            return done.returncode == 0
        said = _last(done.stderr.decode("utf-8", "replace"))
        what = "cannot be reached" if done.returncode == _LOST else "refuses"
        raise SetupError(f"{self.name} {what}: {said}")

    def _line(self, script: str, *words: str) -> list[str]:
        remote = shlex.join(["sh", "-c", script, "sh", *words])
        return [*_shell(), *self._way("-p"), "--", self.host, remote]

    def _way(self, option: str) -> list[str]:
        return [] if self.port is None else [option, str(self.port)]


@value
class _Listed:
    """Whole releases, oldest first, and to which of them the links lead."""

    names: Sequence[str]
    current: str
    withdrawn: str

    @property
    def newest(self) -> str:
        """The newest release; empty where there is none."""
        return self.names[-1] if self.names else ""


def _shell() -> list[str]:
    """What starts a command there; all of one publish share a connection, see ssh_config(5)."""
    shared = ["ControlMaster=auto", f"ControlPath={_connection()}", "ControlPersist=15"]
    options = [part for each in ("BatchMode=yes", *shared) for part in ("-o", each)]
    return [*shlex.split(os.environ.get("RSYNC_RSH") or "ssh"), *options]


@cache
def _connection() -> str:
    """Where the connection of this process has its socket, which no other user can reach."""
    folder = TemporaryDirectory(prefix="ts", ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)
    return f"{folder.name}/%C"


def _started(
    line: Sequence[str], *, stdin: int | None = None, stderr: int | None = None
) -> subprocess.Popen[bytes]:
    """The program, whose output is read."""
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(line, stdin=stdin, stdout=pipe, stderr=stderr)  # noqa: S603 (as above)
    except FileNotFoundError as error:
        raise SetupError(f"`{line[0]}` was not found: install it") from error


def _last(said: str) -> str:
    """The last line that a program said of why it ended."""
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "it does not say why"
