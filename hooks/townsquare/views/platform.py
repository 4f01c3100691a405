"""The platform's report: what the site holds and weighs, and which of its links are broken.

What files weigh is known once all are made: the page is made without, and filled in at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from townsquare.community import Community
from townsquare.figures import platform
from townsquare.figures.platform import Platform
from townsquare.makings import Making
from townsquare.pages import Page
from townsquare.views.shapes import list_page
from townsquare.wordbook import _

BEGIN, END = "<!-- measured -->", "<!-- until here -->"
"""Between these stands what is filled in; no author's text holds a comment."""


def makings(_community: Community) -> Iterator[Making]:
    """The report alone."""
    yield Making(platform.PAGE, "views.platform:report")


def report(community: Community, measured: Platform | None = None) -> Page:
    """The report, with or without what was measured."""
    sorts: list[tuple[str, str, Any]] = []
    if measured:
        sorts = [
            ("pages", _("Pages"), measured.pages),
            ("feeds", _("Feeds"), measured.feeds),
            ("calendars", _("Calendars"), measured.calendars),
            ("shared", _("Styles, scripts and fonts, loaded once"), measured.shared),
            ("media", _("Images and media"), measured.media),
        ]
    return list_page(
        community,
        platform.PAGE,
        _("Platform report"),
        "platform.html",
        {"measured": measured, "sorts": sorts, "begin": BEGIN, "end": END, "json": platform.JSON},
        description=_("What this site holds, what it weighs, and whether its links hold."),
    )
