"""Faults of the theme's markup, mended in the rendered page around the article.

Each is an exact piece of text, so that a new version of the theme that words it otherwise is seen
by the test that every one still applies.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Mend(NamedTuple):
    """One fault: what the theme writes, what takes its place, and why."""

    old: str
    new: str
    why: str


MENDS: tuple[Mend, ...] = (
    Mend(
        'data-md-toggle="drawer" type="checkbox" id="__drawer" autocomplete="off">',
        'data-md-toggle="drawer" type="checkbox" id="__drawer" aria-label="Navigation">',
        "a checkbox has no autocompletion; this one is reached by keyboard (see the style sheet)",
    ),
    Mend(
        'data-md-toggle="search" type="checkbox" id="__search" autocomplete="off">',
        'data-md-toggle="search" type="checkbox" id="__search" hidden>',
        "the bundle asks for it; the dialog that it opens is not on the page",
    ),
    Mend(
        '<article class="md-content__inner md-typeset">',
        '<article class="md-content__inner md-typeset" id="__content">',
        "where the skip link leads: the theme's own leads to the first heading, if there is one",
    ),
    Mend(' tabindex=""', "", "an empty tabindex is no number"),
    Mend(' aria-expanded="true"', "", "a navigation region cannot be expanded"),
    Mend(' aria-expanded="false"', "", "a navigation region cannot be expanded"),
)

SCRIPT_MENDS: tuple[Mend, ...] = (
    Mend(
        '"link[rel=alternate]"',
        '"link[rel=alternate][hreflang]"',
        "it takes every feed for a translation of the site and asks for a sitemap beside it",
    ),
    Mend(
        "https://unpkg.com/mermaid@11/dist/mermaid.min.js",
        "about:blank",
        "diagrams stay source: no other host is asked",
    ),
    Mend(
        'closest("[id]")',
        'closest("pre[id]")',
        "code within anything that has an id got the same id: each button copied the first block",
    ),
)

_BLANK = re.compile(r"\s*\n\s*")


def mended_script(script: str) -> str:
    """The theme's bundle with every known fault mended."""
    for mend in SCRIPT_MENDS:
        script = script.replace(mend.old, mend.new)
    return script


def mended(html: str) -> str:
    """The page with every known fault mended, and without the templates' blank lines."""
    for mend in MENDS:
        html = html.replace(mend.old, mend.new)
    return _BLANK.sub("\n", html.lstrip())
