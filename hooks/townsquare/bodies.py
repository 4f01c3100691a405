"""A body converted once: Markdown in, safe HTML, headings, links, plain text and a summary out.

Pages, lists, feeds, calendars and search all read a `Body`. Same text and path, same `Body`: no
clock, no files, no settings. Markdown, Pygments and nh3 are imported by the first conversion.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from townsquare import complexity, excerpts, markup, patience, removals, sanitising, versions
from townsquare.markup import Heading
from townsquare.spots import Spot, Spots
from townsquare.values import value

__all__ = ["Body", "Heading", "Link", "Refusal", "Removal", "convert"]

SECONDS = 20
"""The processor's time in which a body is converted; the slowest within all bounds takes 5."""
_HALVE = "take away half of the text at a time to find the part that is to blame"
_MORE = re.compile(r"<!--[ \t]*more[ \t]*-->", re.IGNORECASE)
# What XML 1.0 (§2.2) cannot hold, and what HTML calls a control or a noncharacter.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


@value
class Link:
    """A link or image of a body, and where it was typed.

    `raw` is the address as typed. `path` is the file, folder (with `/` at its end) or address of
    the repository that it means, empty for other sites; `or_path` is a second reading. `alt` is an
    image's description, or nothing if it has none.
    """

    raw: str
    path: str
    or_path: str
    fragment: str
    is_image: bool
    alt: str | None
    spot: Spot


@value
class Removal:
    """An element (`<script>`), attribute (`onclick=`) or scheme (`javascript:`) taken away."""

    what: str
    spot: Spot


@value
class Refusal:
    """Why the body could not be converted, or must not be published: a code and its words."""

    code: str
    message: str
    hint: str
    spot: Spot


@value
class Body:
    """What a body says. `html` and `summary` are safe; their links are private (`links`).

    `ids` are what a link's fragment can name. A body with a refusal may be empty otherwise.
    """

    html: str = ""
    headings: tuple[Heading, ...] = ()
    links: tuple[Link, ...] = ()
    ids: tuple[str, ...] = ()
    text: str = ""
    summary: str = ""
    summary_text: str = ""
    words: int = 0
    removed: tuple[Removal, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The body as what `json` can write: its parts as rows, each with its spot at the end."""
        return {
            "html": self.html,
            "headings": [(each.level, each.id, each.text) for each in self.headings],
            "links": [
                (e.raw, e.path, e.or_path, e.fragment, e.is_image, e.alt, *_numbers(e.spot))
                for e in self.links
            ],
            "ids": self.ids,
            "text": self.text,
            "summary": self.summary,
            "summary_text": self.summary_text,
            "words": self.words,
            "removed": [(each.what, *_numbers(each.spot)) for each in self.removed],
            "refusals": [(e.code, e.message, e.hint, *_numbers(e.spot)) for e in self.refusals],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Body:
        """The body that `to_json` wrote."""
        return cls(**{name: part_of(name, written) for name, written in data.items()})


_ROWS: dict[str, Callable[[list[Any]], Any]] = {
    "headings": lambda row: Heading(*row),
    "links": lambda row: Link(*row[:-3], spot=Spot(*row[-3:])),
    "ids": str,
    "removed": lambda row: Removal(*row[:-3], spot=Spot(*row[-3:])),
    "refusals": lambda row: Refusal(*row[:-3], spot=Spot(*row[-3:])),
}
"""What is made of each row of a body's part, where the part is rows."""


def part_of(name: str, written: Any) -> Any:
    """The part of a body of which `to_json` wrote this."""
    row = _ROWS.get(name)
    return written if row is None else tuple([row(each) for each in written])


def _numbers(spot: Spot) -> tuple[int, int, int]:
    return spot.line, spot.column, spot.width


# What a conversion consists of: `bodies` and all that it imports of ours.
MODULES = (
    "anchors",
    "blocks",
    "bodies",
    "colouring",
    "complexity",
    "conversion",
    "excerpts",
    "highlighting",
    "inlines",
    "links",
    "markup",
    "passes",
    "patience",
    "patterns",
    "removals",
    "sanitising",
    "spots",
    "values",
    "versions",
)
_LIBRARIES = ("Markdown", "pymdown-extensions", "Pygments", "nh3")


@functools.cache
def fingerprint() -> bytes:
    """What a conversion depends on beside the text: our own modules, and the libraries."""
    from hashlib import blake2b

    made = blake2b(digest_size=16)
    for name in MODULES:
        made.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    made.update("\n".join([sys.version, *map(versions.installed, _LIBRARIES)]).encode())
    return made.digest()


def convert(text: str, path: str, first_line: int) -> Body:
    """The body of the file `path`, whose text begins on the file's line `first_line`.

    Never raises for content: what cannot be converted is a `Body` with a refusal.
    """
    spots = Spots(text, first_line)
    if excess := complexity.excess(text):
        return _refused(spots, excess)
    try:
        with patience.bounded(SECONDS):
            return _converted(spots, path)
    except complexity.TooManySteps as error:
        at = max(0, text.find(str(error).lstrip()[:20]))
        hint = "close its brackets and marks, part it by empty lines, or write it as code"
        message = "this paragraph holds more open marks than any real text"
        return _refused(spots, complexity.Excess(message, hint, at, at + 20))
    except RecursionError:
        return _refused(spots, complexity.too_deep())
    except patience.TookTooLong:
        message = f"converting the text takes more than {SECONDS} seconds"
        return _refused(spots, complexity.Excess(message, _HALVE, 0, 1))
    except Exception as error:
        message = f"the text cannot be converted ({type(error).__name__})"
        return _refused(spots, complexity.Excess(message, _HALVE, 0, 1))


def _refused(spots: Spots, excess: complexity.Excess) -> Body:
    spot = spots.at(excess.start, excess.end)
    return Body(refusals=(Refusal("body_too_complex", excess.message, excess.hint, spot),))


def _converted(spots: Spots, path: str) -> Body:
    from townsquare import conversion

    ordinary = _is_ordinary(spots.text)
    text = spots.text if ordinary else _CONTROLS.sub("\ufffd", spots.text)
    raw = conversion.to_html(text)
    removed = [*removals.removed(raw, spots), *(() if ordinary else _controls(spots))]
    clean = sanitising.clean(_MORE.sub(excerpts.MORE, raw, count=1) if "<!--" in raw else raw)
    done = markup.finish(clean if _is_ordinary(clean) else _CONTROLS.sub("\ufffd", clean), path)
    html = done.html.replace(excerpts.MORE, "", 1)
    summary = excerpts.summary(done.html)
    text = excerpts.plain(html)
    return Body(
        html=html,
        headings=tuple(done.headings),
        links=tuple(_located(done.uses, spots)),
        ids=done.ids,
        text=text,
        summary=summary,
        summary_text=excerpts.plain(summary),
        words=len(text.split()),
        removed=tuple(Removal(what, spot) for what, spot in removed),
        refusals=() if ordinary else tuple(_hidden_directions(spots)),
    )


def _located(uses: list[markup.Use], spots: Spots) -> Iterator[Link]:
    """The links with their places: the n-th use of an address stands at its n-th place.

    A reference's definition stands once for all its uses.
    """
    if not uses:
        return
    places: dict[str, list[int]] = {}
    for number, target in enumerate(spots.targets):
        places.setdefault("".join(target.address.split()), []).append(number)
    for use in uses:
        numbers = places.get("".join(use.raw.split()))
        alt: str | None = use.alt or None
        if numbers:
            target = spots.targets[numbers.pop(0) if len(numbers) > 1 else numbers[0]]
            spot = spots.at(target.start, target.end)
            alt = "" if alt is None and re.search(r"""alt=(?:""|'')""", target.tag) else alt
        else:
            at = max(0, spots.text.find(use.raw))
            spot = spots.at(at, at + max(1, len(use.raw)))
        if not use.is_image:
            alt = None
        yield Link(use.raw, use.path, use.or_path, use.fragment, use.is_image, alt, spot)


def _is_ordinary(text: str) -> bool:
    """Whether the text surely holds no control, noncharacter or mark of direction.

    None of them is printable to Python, which finds out faster than three searches do.
    """
    return text.replace("\n", "").replace("\t", "").isprintable()


def _controls(spots: Spots) -> Iterator[tuple[str, Spot]]:
    for found in _CONTROLS.finditer(spots.text):
        yield f"U+{ord(found[0]):04X}", spots.at(found.start(), found.end())


def _hidden_directions(spots: Spots) -> Iterator[Refusal]:
    """Marks in code that make it read otherwise than it runs (CVE-2021-42574)."""
    for found in _BIDI.finditer(spots.text):
        if spots.prose[found.start()] != found[0]:
            message = f"code holds U+{ord(found[0]):04X}, which changes the direction of text"
            hint = "delete it, or write it as an escape"
            yield Refusal("text_has_controls", message, hint, spots.at(*found.span()))
