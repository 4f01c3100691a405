"""Finds the tools that judges run, and installs the npm ones once into `.cache/tools`."""

import functools
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from townsquare import output

ROOT = Path(__file__).parents[2]
LISTED = ROOT / "tests" / "tools"
CACHE = ROOT / ".cache" / "tools"
STAMP = CACHE / "installed"


def required_in_ci() -> bool:
    """Whether a tool that is not there is a failure here, not a test left out."""
    return os.environ.get("CI", "").lower() == "true"


def left_out(reason: str) -> None:
    """End this test: left out with its reason, or failed where every tool must be there."""
    if required_in_ci():
        pytest.fail(f"{reason}, and CI must have it")
    pytest.skip(reason)


def program(*names: str) -> str:
    """The path of the first of these programs that is installed; without one, the test ends."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        left_out(f"no {names[0]}")
    return str(found)


def node() -> str:
    """Node's path."""
    return program("node", "nodejs")


def answered(script: Path, question: object) -> Any:
    """What a script of Node's answers to a question, both JSON; raises RuntimeError if it fails."""
    done = subprocess.run(
        [node(), str(script)],
        input=json.dumps(question).encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return json.loads(done.stdout)


def java() -> str:
    """Java's path."""
    return program("java")


def chromium() -> str:
    """The path of an installed Chromium or Chrome: none is ever downloaded."""
    return program("chromium", "chromium-browser", "google-chrome", "chrome")


@functools.cache
def npm_package(name: str) -> Path:
    """The folder of an npm package at the version and digest of `tests/tools/package-lock.json`."""
    install_npm_packages()
    return CACHE / "node_modules" / name


def install_npm_packages() -> None:
    """`.cache/tools/node_modules` holds just what the lock names; no package's script has run."""
    lock = (LISTED / "package-lock.json").read_bytes()
    CACHE.mkdir(parents=True, exist_ok=True)
    # Two workers of one run may come here at once.
    with output.locked(CACHE / "npm", waiting=600):
        if not (STAMP.exists() and STAMP.read_bytes() == lock):
            _install(lock)


def _install(lock: bytes) -> None:
    npm = program("npm")
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(LISTED / name, CACHE / name)
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=CACHE,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        left_out(f"npm could not install the judges ({done.stderr.strip()[-300:]})")
    STAMP.write_bytes(lock)
