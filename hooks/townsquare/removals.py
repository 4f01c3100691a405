"""What sanitising takes from a body, told to its author with the place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from townsquare.patterns import pattern
from townsquare.sanitising import ATTRIBUTES, SCHEMES, TAGS, scheme
from townsquare.spots import Spot, Spots, attributes

# Taken away without a word: no reader misses them.
QUIET = frozenset(
    ("class", "decoding", "for", "loading", "markdown", "referrerpolicy", "rel", "target", "width")
)
_OPENED = pattern(r"<([a-zA-Z][^\s<>/]*)")
# Of the text read backwards, so that the search goes from one `=` to the next.
_HANDLER = pattern(r"=\s*(?:[a-z]+no|codcrs|noitcamrof)\b", re.IGNORECASE)
_ACTIVE = pattern(r"<[a-zA-Z][^<>]*[\s\"'/](on[a-z]+|srcdoc|formaction)\s*=", re.IGNORECASE)


def removed(html: str, spots: Spots) -> Iterator[tuple[str, Spot]]:
    """What `sanitising.clean` takes from this HTML, and where it was typed.

    `html` is the text of `spots`, converted and not yet clean.
    """
    seen: set[str] = set()
    left = (
        _left_over(html) if "<" in spots.prose or _HANDLER.search(spots.text[::-1]) else set[str]()
    )
    for what, start, end in _typed(html, spots, left):
        seen.add(what)
        yield what, spots.at(start, end)
    text = spots.text.lower()
    for what in sorted(left - seen):
        mark = what.rstrip(">=")
        at = max(0, text.find(mark))
        yield what, spots.at(at, at + len(mark))


def _typed(html: str, spots: Spots, left: set[str]) -> Iterator[tuple[str, int, int]]:
    for target in spots.targets:
        if (word := scheme(target.address)) and word not in SCHEMES:
            yield f"{word}:", target.start, target.end
    if "<" in spots.prose:
        yield from _typed_tags(html, spots)
    for start, rest in spots.attribute_lists() if left else ():
        for name, at in attributes(rest):
            if f"{name}=" in left:
                yield f"{name}=", start + at, start + at + len(name)


def _typed_tags(html: str, spots: Spots) -> Iterator[tuple[str, int, int]]:
    for tag, start, rest in spots.tags():
        if "@" in tag or ":" in tag or f"<{tag}" not in html:
            continue
        if tag.lower() in TAGS:
            allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(tag.lower(), set()) | QUIET
            for name, at in attributes(rest):
                if name not in allowed:
                    at += start + len(tag)
                    yield f"{name}=", at, at + len(name)
        else:
            yield f"<{tag.lower()}>", start - 1, start + len(tag)


def _left_over(html: str) -> set[str]:
    """Refused tags and handlers in HTML, wherever they came from."""
    tags = {tag.lower() for tag in _OPENED.findall(html)} - TAGS
    found = {f"<{tag}>" for tag in tags}
    return found | {f"{name.lower()}=" for name in _ACTIVE.findall(html)}
