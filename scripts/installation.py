"""Makes `.venv` from a lock file: whole or not at all, by one process at a time.

Every package is checked against the lock's hashes. All is made in `.venv.part` and renamed when it
is whole, so a killed set-up leaves nothing that looks finished.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.util import find_spec

import environment

PART = environment.VENV + ".part"
OLD = environment.VENV + ".old"

# feedgen is published as source only, so it is built: with the setuptools of the lock.
BUILT_HERE = "feedgen"
INSTALLERS = ("pip", "setuptools")
HASHED = ["--require-hashes", "--only-binary", ":all:"]
QUIET = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-compile"]

# These would send packages elsewhere, or another Python's modules here.
MISLEADING = re.compile(r"PYTHON|VIRTUAL_ENV$|PIP_(USER|TARGET|PREFIX|ROOT|REQUIRE_VIRTUALENV)$")
UNREACHABLE = re.compile(
    r"(NewConnection|ConnectTimeout|MaxRetry|Connection|Proxy)Error|CERTIFICATE_VERIFY_FAILED|"
    r"dns error|error sending request|client error \(Connect\)|invalid peer certificate|"
    r"[Nn]ame resolution|Network is unreachable|"
    r"Could not find a version that satisfies .*\(from versions: none\)"
)
WRONG_HASH = re.compile(r"DO NOT MATCH THE HASHES|[Hh]ash mismatch")


class SetUpFailed(Exception):
    """Why `.venv` could not be made, and what to do about it."""


def prepare(lock: str) -> None:
    """`.venv` holds what `lock` names, or the process ends with 2 and says what to do."""
    try:
        with one_at_a_time():
            if not environment.is_ready(lock):
                _make(lock)
    except SetUpFailed as failure:
        sys.exit(_told(f"Set-up failed. {failure}"))
    except OSError as error:
        sys.exit(_told(f"Set-up failed. {environment.VENV} could not be made: {error}"))


def _told(message: str) -> int:
    print(message, file=sys.stderr, flush=True)
    return 2


def _make(lock: str) -> None:
    began = time.monotonic()
    uv = shutil.which("uv")
    _told(f"Setting up .venv from {lock} with {'uv' if uv else 'pip'}; this is done once …")
    shutil.rmtree(PART, ignore_errors=True)
    for line in _with_uv(uv, lock) if uv else _with_pip(lock):
        _run(line)
    _link_package()
    for installed in (lock, *environment.INCLUDED[lock]):
        _write(os.path.join(PART, installed), environment.stamp(installed))
    _swap()
    _told(f"Set-up done in {time.monotonic() - began:.0f} s.")


def _with_uv(uv: str, lock: str) -> Iterator[list[str]]:
    yield [uv, "venv", "--quiet", "--no-project", "--python", _interpreter(), PART]
    install = [uv, "pip", "install", "--quiet", "--python", environment.python(PART), *HASHED]
    yield from _in_two_steps(install, install, lock)


def _with_pip(lock: str) -> Iterator[list[str]]:
    yield [_interpreter(), "-I", "-m", "venv", *([] if _has_pip() else ["--without-pip"]), PART]
    inside = [environment.python(PART), "-I"]
    pip = [*inside, "-m", "pip", "install", *QUIET, *HASHED]
    first = pip if _has_pip() else [*inside, _fetched_pip(), "install", *QUIET, *HASHED]
    yield from _in_two_steps(first, pip, lock)


def _in_two_steps(first: list[str], then: list[str], lock: str) -> Iterator[list[str]]:
    """The pinned pip and setuptools, then the rest, built by those where it must be built."""
    installers = os.path.join(PART, "installers.txt")
    _write(installers, "\n".join(_pinned(name) for name in INSTALLERS).encode())
    yield [*first, "-r", installers]
    rest = ["--no-binary", BUILT_HERE, "--no-build-isolation"]
    yield [*then, *rest, "-r", os.path.join(environment.ROOT, lock)]


def _interpreter() -> str:
    """The Python to make it from: where this one runs inside a virtual environment, its parent."""
    return getattr(sys, "_base_executable", None) or sys.executable


def _has_pip() -> bool:
    """Whether this Python can put pip into what it makes (Debian's cannot without python3-venv)."""
    return find_spec("ensurepip") is not None


def _pinned(name: str) -> str:
    """The requirement of one package with its hashes, as the lock has it."""
    with open(os.path.join(environment.ROOT, environment.RUNTIME), encoding="utf-8") as file:
        found = re.search(rf"^{name}==.*(?:\n[ ].*)*", file.read(), re.MULTILINE)
    return found[0] if found else ""


def _fetched_pip() -> str:
    """The path of pip's own program inside its wheel, fetched from the index by pinned hash.

    PEP 503: an index lists a project's files as links. PIP_INDEX_URL and PIP_CERT are honoured.
    """
    pinned = _pinned("pip")
    version = pinned.split()[0].partition("==")[2]
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
    links = re.findall(r'href="([^"]+)"', _fetched(index).decode())
    name = f"pip-{version}-py3-none-any.whl"
    link = next((link for link in links if name in link), None)
    if link is None:
        raise SetUpFailed(f"{index} has no {name}: name an index that has it in PIP_INDEX_URL.")
    wheel = _fetched(urllib.parse.urljoin(index, link.partition("#")[0]))
    if sha256(wheel).hexdigest() not in pinned:
        raise SetUpFailed(_wrong_hash(name))
    _write(os.path.join(PART, name), wheel)
    return os.path.join(PART, name, "pip")


def _fetched(address: str) -> bytes:
    import ssl

    context = ssl.create_default_context(cafile=os.environ.get("PIP_CERT") or None)
    asked = urllib.request.Request(address, headers={"Accept": "text/html, */*;q=0.1"})
    try:
        with urllib.request.urlopen(asked, timeout=60, context=context) as answer:
            return answer.read()
    except (urllib.error.URLError, TimeoutError) as error:
        raise SetUpFailed(_unreachable(str(error))) from error


def _run(line: list[str]) -> None:
    kept = {name: value for name, value in os.environ.items() if not MISLEADING.match(name)}
    # pip trusts the system's certificates; uv does when told (older ones by the second name).
    kept = {"UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true"} | kept
    if "PIP_INDEX_URL" in kept:
        kept.setdefault("UV_DEFAULT_INDEX", kept["PIP_INDEX_URL"])
    done = subprocess.run(
        line,
        env=kept,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        close_fds=False,  # the lock goes along: see one_at_a_time
        check=False,
    )
    if done.returncode:
        raise SetUpFailed(_explained(done.stdout.decode(errors="replace")))


def _explained(output: str) -> str:
    if found := WRONG_HASH.search(output):
        named = re.search(r"[\w.-]+==[\w.]+", output[found.start() :])
        return _wrong_hash(named[0] if named else "A package")
    if found := UNREACHABLE.search(output):
        return _unreachable(output[found.start() :].partition("\n")[0])
    return "The installer said:\n" + "\n".join(output.strip().splitlines()[-12:])


def _wrong_hash(package: str) -> str:
    return (
        f"{package}, as the index gave it, is not what the lock file names (its hash differs), so "
        "nothing was installed. Ask another index (PIP_INDEX_URL); where you changed a version, "
        "make the lock again as pyproject.toml says."
    )


def _unreachable(why: str) -> str:
    return (
        "The package index could not be reached. Look at your connection, proxy (https_proxy) and "
        "certificates (SSL_CERT_FILE, PIP_CERT), or name another index in PIP_INDEX_URL, and start "
        f"this again. The installer said: {why}"
    )


def _link_package() -> None:
    """`hooks/` is on the environment's path, relative to it, so that the repository can move."""
    depth = ("Lib",) if os.name == "nt" else ("lib", f"python3.{sys.version_info[1]}")
    packages = os.path.join(PART, *depth, "site-packages")
    hooks = os.path.join(environment.ROOT, "hooks")
    line = os.path.relpath(hooks, packages)
    _write(os.path.join(packages, "townsquare.pth"), f"{line}\n".encode())


def _swap() -> None:
    shutil.rmtree(OLD, ignore_errors=True)
    if os.path.lexists(environment.VENV):
        os.rename(environment.VENV, OLD)
    os.rename(PART, environment.VENV)
    shutil.rmtree(OLD, ignore_errors=True)


def _write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """No other set-up runs in this repository meanwhile; processes that die free it.

    What is installing holds the lock too, so that a new set-up waits for what a killed one left
    running instead of sharing a folder with it.
    """
    with open(environment.VENV + ".lock", "a+b") as file:
        os.set_inheritable(file.fileno(), True)
        if not _locked(file.fileno()):
            _told("Another set-up is running here: waiting for it …")
            while not _locked(file.fileno()):
                time.sleep(0.2)
        yield


def _locked(descriptor: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
