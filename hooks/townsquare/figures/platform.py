"""How heavy and how sound a site is, from what every file of it weighs; sizes in kB of 1,000 bytes.

Rounded to whole kB: a figure that moves with each edited word would change the report each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil
from typing import NamedTuple

PAGE, JSON = "reports/platform/", "reports/platform.json"
SCHEMA = "schemas/reports/platform.json"
OWN = (f"{PAGE}index.html", JSON)
"""What says it is not part of what it says."""
BROKEN = ("link_broken", "anchor_broken", "links_to_hidden", "image_missing")
HEAVIEST = 10
_INDEX = "index.html"
# Records of a build, and the search index, which stands on published sites only.
_ASIDE = ("build.json", "SHA256SUMS", "pagefind/")


class Sized(NamedTuple):
    """A file or page by its address, and what it weighs in kB."""

    address: str
    kilobytes: int


class Weights(NamedTuple):
    """Files of one sort: how many, what they weigh together, half and 95 of 100 at most; in kB.

    `over` are those above `budget`, where there is one.
    """

    files: int
    total: int
    median: int
    percentile_95: int
    heaviest: tuple[Sized, ...]
    budget: int | None
    over: int


class Platform(NamedTuple):
    """A site's counts, the weights of its sorts of files, and its broken links by code."""

    counts: tuple[tuple[str, int], ...]
    pages: Weights
    feeds: Weights
    calendars: Weights
    shared: Weights
    media: Weights
    broken: tuple[tuple[str, int], ...]


def measured(
    sizes: Mapping[str, int], counts: Mapping[str, int], faults: Mapping[str, int], budget: int
) -> Platform:
    """The site whose files weigh this many bytes, by path; `faults` are counts of codes.

    `shared` is what pages of all sorts ask for: styles, scripts, fonts.
    """
    sorts: dict[str, dict[str, int]] = {
        name: {} for name in ("pages", "feeds", "calendars", "shared", "media", "")
    }
    for path, size in sizes.items():
        if path not in OWN and not path.startswith(_ASIDE):
            sorts[_sort(path)][path] = size
    return Platform(
        tuple(sorted(counts.items())),
        _weights(sorts["pages"], budget),
        _weights(sorts["feeds"]),
        _weights(sorts["calendars"]),
        _weights(sorts["shared"]),
        _weights(sorts["media"]),
        tuple((code.replace("_", "-"), faults.get(code, 0)) for code in BROKEN),
    )


def _sort(path: str) -> str:
    if path.endswith(".html"):
        return "pages"
    if path.endswith(".ics"):
        return "calendars"
    if is_feed(path):
        return "feeds"
    if path.endswith((".css", ".js", ".woff2", ".woff")):
        return "shared"
    return "" if path.endswith((".json", ".xml", ".txt", ".csv", ".opml", ".gz")) else "media"


def is_feed(path: str) -> bool:
    """Whether a file of the site, by its path, is a feed."""
    return path == "feed.json" or (path.endswith(".xml") and path != "sitemap.xml")


def _weights(sizes: Mapping[str, int], budget: int | None = None) -> Weights:
    found = sorted(sizes.values())
    heaviest = sorted(sizes.items(), key=lambda item: (-_kilobytes(item[1]), item[0]))[:HEAVIEST]
    return Weights(
        len(found),
        _kilobytes(sum(found)),
        _kilobytes(_middle(found)) if found else 0,
        _kilobytes(percentile(found, 95)) if found else 0,
        tuple(Sized(path.removesuffix(_INDEX), _kilobytes(size)) for path, size in heaviest),
        budget,
        sum(size > budget * 1000 for size in found) if budget is not None else 0,
    )


def _middle(found: list[int]) -> int:
    """The median of these, which are sorted, rounded down: `statistics` takes 3 ms to import."""
    return (found[(len(found) - 1) // 2] + found[len(found) // 2]) // 2


def percentile(found: Iterable[int], per_cent: int) -> int:
    """The smallest of these that so many of 100 do not exceed; they are sorted, and not empty."""
    values = list(found)
    return values[ceil(len(values) * per_cent / 100) - 1]


def _kilobytes(size: int) -> int:
    return ceil(size / 1000)
