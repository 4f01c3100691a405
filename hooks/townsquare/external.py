"""Links to other sites, asked one by one: politely, in bounded time, and never in a build's way.

What another site answers is not our content's fault, and differs from day to day: what is found is
a notice, is kept for a week in `.cache/`, and stands on the terminal alone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

from townsquare import layout
from townsquare.bodies import Body
from townsquare.imports import SourceFailed, fetching
from townsquare.imports.fetching import Policy, Reached
from townsquare.library import Library
from townsquare.model import Entry
from townsquare.problems import Place, Problem, problem

FILE = "external.json"
HOSTS_AT_ONCE = 8
PAUSE_SECONDS = 1.0
KEPT_SECONDS = 7 * 24 * 3600.0
POLICY = Policy(schemes=("https", "http"), seconds=15.0)
AGENT = "Townsquare link check"
# RFC 2606, RFC 6761: names that stand for others in examples and lead nowhere.
_EXAMPLES = ("example", "example.com", "example.net", "example.org", "test", "invalid", "localhost")
_GONE = frozenset((404, 410))

Ask = Callable[[str], Reached]


class Verdict(NamedTuple):
    """What is known of an address. `at` is the Unix time at which it was asked."""

    at: float
    status: int
    moved: str
    failure: str


def links(library: Library, bodies: Mapping[str, Body]) -> dict[str, list[Place]]:
    """Every http(s) address in bodies and front matter of what readers see, and where it stands."""
    found: dict[str, list[Place]] = {}
    for entry in library.readable():
        for url, place in (*_of_body(entry, bodies[entry.path]), *_of_front(entry)):
            found.setdefault(url.partition("#")[0], []).append(place)
    return {url: places for url, places in sorted(found.items()) if not _is_example(url)}


def _of_body(entry: Entry[Any], body: Body) -> Iterator[tuple[str, Place]]:
    for link in body.links:
        if link.raw.startswith(("http://", "https://")):
            spot = link.spot
            yield link.raw, Place(entry.path, spot.line, spot.column, spot.width)


def _of_front(entry: Entry[Any]) -> Iterator[tuple[str, Place]]:
    def walk(value: Any, loc: tuple[str | int, ...]) -> Iterator[tuple[str, Place]]:
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            yield value, entry.place(*loc)
        if isinstance(value, dict):
            for key, each in cast("dict[str, Any]", value).items():
                yield from walk(each, (*loc, key))
        if isinstance(value, list):
            for number, each in enumerate(cast("list[Any]", value)):
                yield from walk(each, (*loc, number))

    return walk(entry.source.front, ())


def _is_example(url: str) -> bool:
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return True
    return any(host == name or host.endswith(f".{name}") for name in _EXAMPLES)


def problems(found: Mapping[str, list[Place]], verdicts: Mapping[str, Verdict]) -> list[Problem]:
    """A notice at every place of an address that is gone, did not answer, or moved for good."""
    made = ((url, verdicts[url]) for url in found)
    return sorted(p for url, verdict in made for p in _problems(url, verdict, found[url]))


def _problems(url: str, verdict: Verdict, places: Iterable[Place]) -> Iterator[Problem]:
    if verdict.failure:
        message, hint = verdict.failure, "try it in a browser; it may be down for a day only"
    elif verdict.status in _GONE or verdict.status >= 500:
        message = f"it answers with {verdict.status}"
        hint = "find where it went, or link to a copy at https://web.archive.org/"
    elif verdict.moved:
        message, hint = "it has moved for good", f"write {verdict.moved}"
    else:
        # What refuses a machine (401, 403, 429 and the like) may well answer a reader.
        return
    for place in places:
        yield problem("external_link_broken", place, f"{url}: {message}", hint)


def asked(
    urls: Iterable[str],
    folder: Path,
    *,
    now: float,
    ask: Ask = lambda url: fetching.reached(url, policy=POLICY, agent=AGENT),
    pause: Callable[[float], None] = time.sleep,
) -> dict[str, Verdict]:
    """What is known of each address: what answered within a week is not asked again.

    One host is asked one question at a time, a second apart, and several hosts beside each other.
    """
    # Who was not reached may have been, from elsewhere or a moment later.
    known = {u: v for u, v in _kept(folder).items() if v.status and 0 <= now - v.at < KEPT_SECONDS}
    waiting: dict[str, list[str]] = {}
    for url in urls:
        if url not in known:
            waiting.setdefault(urlsplit(url).netloc, []).append(url)

    def of_host(own: list[str]) -> dict[str, Verdict]:
        found: dict[str, Verdict] = {}
        for number, url in enumerate(own):
            if number:
                pause(PAUSE_SECONDS)
            found[url] = _verdict(url, ask, now)
        return found

    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        for found in pool.map(of_host, waiting.values()):
            known |= found
            _keep(folder, known)
    return known


def _verdict(url: str, ask: Ask, now: float) -> Verdict:
    try:
        reached = ask(url)
    except SourceFailed as error:
        return Verdict(now, 0, "", str(error))
    return Verdict(now, reached.status, reached.moved, "")


def _kept(folder: Path) -> dict[str, Verdict]:
    with suppress(OSError, ValueError, TypeError, AttributeError):
        said = json.loads((folder / FILE).read_bytes())
        return {url: _typed(*row) for url, row in said.items()}
    return {}


def _typed(at: float, status: int, moved: str, failure: str) -> Verdict:
    return Verdict(float(at), int(status), str(moved), str(failure))


def _keep(folder: Path, known: Mapping[str, Verdict]) -> None:
    part = folder / f"{FILE}.part"
    with suppress(OSError):
        layout.make_cache(folder)
        part.write_text(json.dumps(known, sort_keys=True), encoding="utf-8")
        part.replace(folder / FILE)
