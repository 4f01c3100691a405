"""Pages: everything else in content, and every section's index."""

from datetime import date
from typing import Annotated

from townsquare.fields import Doc, record
from townsquare.model import Count, Day, Fields, Kind, Reviewed


@record
class Page(Reviewed, Fields):
    """A page of the navigation."""

    order: Annotated[Count | None, Doc("Its place among its neighbours, smallest first.", "20")] = (
        None
    )
    last_reviewed: Annotated[
        Day | None, Doc("When somebody last read it through.", "2026-05-21")
    ] = None

    def last_review(self) -> date | None:
        """When somebody last confirmed it."""
        return self.last_reviewed


def matches(path: str) -> bool:
    """Any Markdown file that no other kind takes."""
    return path.endswith(".md") and path.startswith(("content/", "events/", "guidelines/"))


KIND = Kind(
    name="page", fields=Page, matches=matches, template="page.html", folder="content", section=""
)
