"""Ids of a body's headings and elements: stable, unique on the page, in no script's way.

The theme's ids and our templates' begin with `__`; no body's does, but those that wire its tabs.
"""

from __future__ import annotations

import re

_OWN = re.compile(r"(?!_)[\w.-]+")
_NOTE = re.compile(r"fn(?:ref\d*)?:[^\s]+")
# Names that scripts look up as global variables: an element with such an id would stand in for one
# (DOM clobbering).
RESERVED = frozenset(
    ("define", "exports", "mermaid", "mermaidconfig", "module", "require", "search")
)


class Anchors:
    """The ids of one page's body. `taken` holds them in the order of the page."""

    def __init__(self) -> None:
        self.taken: dict[str, None] = {}
        self._numbers: dict[str, int] = {}

    def keep_own(self, attributes: dict[str, str]) -> None:
        """Keep an author's id if it is an author's to give and the first of its kind."""
        wanted = attributes.pop("id", None)
        if wanted is None or wanted in self.taken:
            return
        if _NOTE.fullmatch(wanted) or (_OWN.fullmatch(wanted) and wanted.lower() not in RESERVED):
            self.taken[wanted] = None
            attributes["id"] = wanted

    def of_heading(self, text: str) -> str:
        """A new id for a heading, with the first free number, as forges make and number them."""
        wanted = slug(text)
        id = wanted
        while id in self.taken or id in RESERVED:
            number = self._numbers[wanted] = self._numbers.get(wanted, 0) + 1
            id = f"{wanted}-{number}"
        self.taken[id] = None
        return id


def slug(text: str) -> str:
    """A heading's text in lower case, letters and digits of any script, blanks as `-`."""
    from pymdownx import slugs  # pyright: ignore[reportMissingTypeStubs]

    made: str = slugs.slugify(case="lower")(text, "-")  # pyright: ignore[reportUnknownMemberType]
    return made.lstrip("_") or "section"
