"""Whether readers get what was uploaded: asked at the host, from outside, until it shows it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from hashlib import sha256

from townsquare import catalogue
from townsquare.problems import SetupError
from townsquare.publish import published
from townsquare.publish.published import Published
from townsquare.publish.targets.artifact import Artifact

WAIT = 600.0
"""Seconds that a host has to show what it was given."""
PAUSE = 5.0
MOST = 100
"""How many of the other files are asked for, spread over the whole site."""
MAIN = ("index.html", catalogue.ALL, "rss.xml", "atom.xml", "feed.json")


def wait_for(target: Artifact) -> str:
    """The instant of the site that readers get, once it is the one in the target's folder.

    Raises SetupError where the host goes on showing another one, or shows a file otherwise.
    """
    folder = target.place
    expected = published.read(published.in_folder(folder), str(folder))
    if expected is None or target.live is None:
        raise SetupError(f"say where readers get the site that {folder} holds, with `--live`")
    until = time.monotonic() + WAIT
    while _shown(target) != expected.files:
        if time.monotonic() > until:
            raise SetupError(f"{target.live} still shows another site: look at the host's own log")
        time.sleep(PAUSE)
    for path in _asked(expected):
        content = target.read(path)
        if content is None or sha256(content).hexdigest() != expected.files[path]:
            raise SetupError(f"{target.live} shows {path} otherwise than it was sent")
    return f"{expected.record.now:%Y-%m-%dT%H:%M:%SZ}"


def _shown(target: Artifact) -> Mapping[str, str] | None:
    """The files of the site that readers get; nothing while the host changes over."""
    try:
        site = published.read(target.read, target.name)
    except SetupError:
        return None
    return site.files if site else None


def _asked(site: Published) -> list[str]:
    others = sorted(site.files.keys() - set(MAIN))
    step = max(1, len(others) // MOST)
    return [*(path for path in MAIN if path in site.files), *others[::step]]
