"""People: one file each, so that two who join on one day never meet in a merge conflict."""

from collections.abc import Iterator
from typing import Annotated

from townsquare.clock import Clock
from townsquare.fields import Doc, record
from townsquare.model import Day, Fields, Finding, Flag, Image, Kind, Line, PartnerId, Url, below
from townsquare.settings import Settings


@record
class Link:
    """Where else a person or partner can be found."""

    title: Annotated[Line, Doc("What the link leads to.", "Website")]
    url: Annotated[Url, Doc("Its address.", "https://example.org")]


@record
class Role:
    """What a person does here, and for how long."""

    role: Annotated[Line, Doc("The role.", "Moderator")]
    team: Annotated[Line | None, Doc("The team.", "Conduct team")] = None
    since: Annotated[Day | None, Doc("When it began.", "2026-01-01")] = None
    until: Annotated[Day | None, Doc("When the term ends.", "2026-12-31")] = None


@record
class Person(Fields):
    """Somebody of the community; the title is their name."""

    pronouns: Annotated[Line | None, Doc("How to speak of them.", "they/them")] = None
    avatar: Annotated[Image | None, Doc("A picture of them.")] = None
    links: Annotated[tuple[Link, ...], Doc("Where else to find them.")] = ()
    roles: Annotated[tuple[Role, ...], Doc("What they do here.")] = ()
    joined: Annotated[Day | None, Doc("When they joined.", "2026-01-15")] = None
    git: Annotated[tuple[Line, ...], Doc("Names under which they commit.", "[Ana Example]")] = ()
    affiliation: Annotated[
        PartnerId | None, Doc("The partner for whom they take part.", "acme")
    ] = None
    listed: Annotated[Flag, Doc("`no`: no page and no list names them.", "no")] = True

    def has_left(self, clock: Clock) -> bool:
        """Whether they had roles here, and the term of each is over."""
        return bool(self.roles) and all(r.until and clock.day_passed(r.until) for r in self.roles)

    def shown_as_page(self) -> bool:
        """Only with their consent."""
        return self.listed


def check(person: Person, _settings: Settings) -> Iterator[Finding]:
    """Faults that a person's file has by itself."""
    for number, role in enumerate(person.roles):
        if role.since and role.until and role.until < role.since:
            message = f"it ends on {role.until}, before it begins on {role.since}"
            hint = "correct one of the two dates"
            yield Finding(("roles", number, "until"), "ends_before_start", message, hint)


KIND = Kind(
    name="person",
    fields=Person,
    matches=below("content/people/"),
    template="person.html",
    folder="content/people",
    section="people",
    check=check,
)
