"""Guides: what a newcomer does, step by step, in content/onboarding."""

from datetime import date
from typing import Annotated

from townsquare.fields import Doc, record
from townsquare.model import (
    Contact,
    Count,
    Day,
    Fields,
    GuideId,
    Kind,
    Line,
    Reviewed,
    Text,
    below,
)


@record
class Step:
    """One thing to do."""

    __shorthand__ = "title"

    title: Annotated[Line, Doc("What to do.", "Open a pull request")]
    link: Annotated[
        Line | None, Doc("Where: a file's path from here, or an address.", "../about.md")
    ] = None
    done_when: Annotated[Text | None, Doc("How to see that it is done.", "CI is green")] = None


@record
class Guide(Reviewed, Fields):
    """A way to do something for the first time."""

    audience: Annotated[Line | None, Doc("Whom it is for.", "New authors")] = None
    role: Annotated[Line | None, Doc("The role that it belongs to.", "author")] = None
    minutes: Annotated[Count | None, Doc("How long it takes.", "20")] = None
    prerequisites: Annotated[tuple[GuideId, ...], Doc("Guides to do before.", "[first-steps]")] = ()
    steps: Annotated[tuple[Step, ...], Doc("What to do, in order.")] = ()
    outcome: Annotated[Text | None, Doc("What one has at the end.", "A post of your own")] = None
    contact: Annotated[Contact | None, Doc("Whom to ask.", "https://example.org/chat")] = None
    next: Annotated[GuideId | None, Doc("The guide that follows.", "read-the-errors")] = None
    last_verified: Annotated[Day | None, Doc("When somebody last followed it.", "2026-05-21")] = (
        None
    )

    def last_review(self) -> date | None:
        """When somebody last confirmed it."""
        return self.last_verified


KIND = Kind(
    name="guide",
    fields=Guide,
    matches=below("content/onboarding/"),
    template="guide.html",
    folder="content/onboarding",
    section="onboarding",
)
