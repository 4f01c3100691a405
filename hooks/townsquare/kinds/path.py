"""Paths: the guides that lead into a role, in order."""

from typing import Annotated

from townsquare.fields import Doc, record
from townsquare.kinds.guide import Step
from townsquare.model import Contact, Fields, GuideId, Kind, Line, PersonId, Text, below


@record
class OnboardingPath(Fields):
    """An ordered list of guides for a role."""

    guides: Annotated[tuple[GuideId, ...], Doc("The guides, in order.", "[first-post]")]
    role: Annotated[Line | None, Doc("The role that it leads to.", "author")] = None
    audience: Annotated[Line | None, Doc("Whom it is for.", "New authors")] = None
    outcome: Annotated[Text | None, Doc("What one can do at the end.", "Publish a post")] = None
    first_contribution: Annotated[
        tuple[Step, ...], Doc("What to do first of one's own, once it is done.", "[Say hello]")
    ] = ()
    owner: Annotated[PersonId | None, Doc("Who answers for it.", "ana")] = None
    contact: Annotated[Contact | None, Doc("Whom to ask.", "https://example.org/chat")] = None


KIND = Kind(
    name="path",
    fields=OnboardingPath,
    matches=below("content/onboarding/paths/"),
    template="path.html",
    folder="content/onboarding/paths",
    section="onboarding",
)
