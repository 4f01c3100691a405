"""What is installed, what the lock says, and what the package index has by now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from townsquare import remote, versions
from townsquare.problems import SetupError

INDEX = "https://pypi.org/pypi/{name}/json"
"""https://docs.pypi.org/api/json/"""
MAX_BYTES = 64 * 1024 * 1024
_AT_ONCE = 4


def state(lock: Path, *, ask_for_newer: bool) -> dict[str, Any]:
    """How many are pinned, which are installed otherwise, and which have newer releases.

    The index is asked for those only with `ask_for_newer`; of `unknown` it told nothing. Where
    there is no lock, as in an installed package, nothing is pinned.
    """
    pinned = pins(lock.read_text(encoding="utf-8")) if lock.is_file() else {}
    installed = versions.known()
    newest = _newest(pinned) if ask_for_newer else {}
    return {
        "pinned": len(pinned),
        "differ": [
            {"name": name, "pinned": pin, "installed": installed.get(name)}
            for name, pin in pinned.items()
            if installed.get(name) != pin
        ],
        "newer": [
            {"name": name, "pinned": pinned[name], "newest": found}
            for name, found in newest.items()
            if found and _parsed(found) > _parsed(pinned[name])
        ],
        "unknown": [name for name, found in newest.items() if not found],
    }


def pins(lock: str) -> dict[str, str]:
    """Each distribution of a requirements file that is meant for this machine, and its version."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    found: dict[str, str] = {}
    for line in lock.splitlines():
        if not line[:1].isalnum():
            continue
        try:
            wanted = Requirement(line.rstrip("\\ "))
        except InvalidRequirement as error:
            raise SetupError(f"the lock has a line that is none: {line[:80]}") from error
        if wanted.marker is None or wanted.marker.evaluate():
            [pin] = wanted.specifier
            found[canonicalize_name(wanted.name)] = pin.version
    return found


def newest_of(releases: Mapping[str, Iterable[Mapping[str, Any]]]) -> str:
    """The newest of these that is final and that its makers did not take back; else nothing."""
    from packaging.version import InvalidVersion

    found: list[str] = []
    for version, files in releases.items():
        try:
            if any(not file.get("yanked") for file in files) and not _parsed(version).is_prerelease:
                found.append(version)
        except InvalidVersion:
            continue
    return max(found, key=_parsed, default="")


def _newest(pinned: Mapping[str, str]) -> dict[str, str]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(pinned, pool.map(_asked, pinned), strict=True))


def _asked(name: str) -> str:
    try:
        answer = remote.fetched(INDEX.format(name=name), MAX_BYTES)
        return newest_of(json.loads(answer)["releases"])
    except (OSError, SetupError, ValueError, KeyError):
        return ""


def _parsed(version: str) -> Any:
    from packaging.version import Version

    return Version(version)
