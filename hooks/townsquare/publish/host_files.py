"""`_headers` and `_redirects`, by which Netlify and Cloudflare Pages are told what a site means.

https://docs.netlify.com/routing/headers/ and https://docs.netlify.com/routing/redirects/;
https://developers.cloudflare.com/pages/configuration/headers/, /redirects/ and /platform/limits/.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from urllib.parse import quote

from townsquare.problems import SetupError
from townsquare.publish import headers
from townsquare.publish.former import Former
from townsquare.publish.target import Site

HEADERS, REDIRECTS = "_headers", "_redirects"

MOST_RULES = 100
MOST_LINE = 2000
MOST_REDIRECTS = 2000
MOST_REDIRECT = 1000
MOST_REDIRECTS_BYTES = 100_000
MOST_FILES = 20_000
MOST_BYTES = 25 * 1024 * 1024
"""Cloudflare Pages' limits: rules and characters of a line in `_headers`; redirects, characters of
one and bytes of all in `_redirects`; files of a site, and bytes of one."""

# What both hosts say of every file. They join two rules' values for one header: none repeats it.
_SAID_ANYWAY = headers.cache_control("index.html")

Rule = tuple[str, Mapping[str, str]]


def netlify(site: Site, former: Former) -> dict[str, bytes]:
    """What Netlify reads. A redirect is forced, because our page at the old address would win.

    Removed pages are answered with 404, which is the nearest to 410 that Netlify knows.
    """
    lines = [f"{_at(old)} {_at(new)} 301!" for old, new in former.moved.items()]
    lines += [f"{_at(gone)} {_at(gone)}index.html 404!" for gone in former.removed]
    return _files(list(rules(site.published.files)), lines)


def cloudflare(site: Site, former: Former) -> dict[str, bytes]:
    """What Cloudflare Pages reads. It has no answer of its own for removed pages.

    Raises SetupError, naming file and limit, for what it would refuse or cut off.
    """
    _refuse_large(site)
    known = list(rules(site.published.files))
    if len(known) > MOST_RULES:
        raise SetupError(
            f"`{HEADERS}` needs {len(known)} rules, and Cloudflare Pages takes {MOST_RULES}"
        )
    made = _files(
        known, _fitting(f"{_at(old)} {_at(new)} 301" for old, new in former.moved.items())
    )
    for line in made[HEADERS].decode().splitlines():
        if len(line) > MOST_LINE:
            raise SetupError(f"`{HEADERS}` has a line of more than {MOST_LINE} characters")
    return made


def rules(paths: Collection[str]) -> Iterator[Rule]:
    """What is said of which paths, such as `/calendars/*`, the whole site first.

    No path is told the same header twice, because both hosts would join the values.
    """
    yield "/*", headers.SITE_WIDE
    yield from _rules("", sorted(paths))


def _rules(folder: str, paths: list[str]) -> Iterator[Rule]:
    """One rule for a folder whose files are all alike, else one for each of its parts."""
    first = _said(paths[0]) if paths else {}
    # A pattern also meets what is not there: that an asset is missing must not be kept for a year.
    if folder and "Cache-Control" not in first and all(_said(path) == first for path in paths):
        if first:
            yield f"{_at(folder)}*", first
        return
    parts: dict[str, list[str]] = {}
    for path in paths:
        name, slash, _ = path[len(folder) :].partition("/")
        parts.setdefault(folder + name + slash, []).append(path)
    for part, inner in parts.items():
        if part.endswith("/"):
            yield from _rules(part, inner)
        elif headed := _said(part):
            yield _at(part), headed


def _said(path: str) -> dict[str, str]:
    """What hosts must be told of a file, because they would say something else."""
    said = headers.of(path)
    if not headers.shared(path):
        del said["Content-Type"]
    if said["Cache-Control"] == _SAID_ANYWAY:
        del said["Cache-Control"]
    return said


def _fitting(lines: Iterator[str]) -> list[str]:
    """As many redirects as Cloudflare takes; the pages at all other old addresses lead on as well.

    More are no error: what moved is never forgotten, and the site could not be published again.
    """
    kept: list[str] = []
    left = MOST_REDIRECTS_BYTES
    for line in lines:
        left -= len(line) + 1
        if len(kept) == MOST_REDIRECTS or left < 0:
            break
        if len(line) <= MOST_REDIRECT:
            kept.append(line)
    return kept


def _refuse_large(site: Site) -> None:
    if len(site.published.files) > MOST_FILES:
        count = len(site.published.files)
        raise SetupError(f"the site has {count} files, and Cloudflare Pages takes {MOST_FILES}")
    for path in sorted(site.published.files):
        if (site.folder / path).stat().st_size > MOST_BYTES:
            most = MOST_BYTES // 2**20
            raise SetupError(f"{path} is larger than the {most} MiB that Cloudflare Pages takes")


def _files(known: list[Rule], redirects: list[str]) -> dict[str, bytes]:
    blocks = (
        "\n".join((pattern, *(f"  {name}: {said}" for name, said in headed.items())))
        for pattern, headed in known
    )
    made = {HEADERS: "\n\n".join(blocks) + "\n", REDIRECTS: "".join(f"{r}\n" for r in redirects)}
    return {name: text.encode() for name, text in made.items() if text}


def _at(address: str) -> str:
    return f"/{quote(address)}"
