"""Partners: organisations that the community works with, current and past."""

from collections.abc import Iterator
from typing import Annotated, Literal

from townsquare.clock import Clock
from townsquare.fields import Doc, record
from townsquare.model import (
    Contact,
    Count,
    Day,
    Fields,
    FilePath,
    Finding,
    Flag,
    Kind,
    Line,
    Permitted,
    PersonId,
    Slug,
    Url,
    below,
)
from townsquare.settings import Settings


@record
class Logo(Permitted):
    """A partner's logo and until when it may be shown."""

    src: Annotated[FilePath, Doc("The image file, relative to this file.", "acme.svg")]
    alt: Annotated[Line, Doc("What it shows.", "Acme")]
    permission_until: Annotated[Day | None, Doc("When the permission ends.", "2027-12-31")] = None


@record
class Import:
    """A feed or calendar of the partner's that is brought in when somebody asks for it."""

    url: Annotated[Url, Doc("Its address.", "https://example.org/events.ics")]
    what: Annotated[Literal["posts", "events"], Doc("What it holds.", "events")]
    enabled: Annotated[Flag, Doc("Whether it is fetched and shown.", "yes")] = True
    in_feeds: Annotated[Flag, Doc("Whether its posts stand in our own feeds, too.", "yes")] = False


@record
class Partner(Fields):
    """An organisation; after `until` it moves to the past partners by itself."""

    url: Annotated[Url, Doc("Its own site.", "https://example.org")]
    logo: Annotated[Logo | None, Doc("Its logo.")] = None
    kind: Annotated[Slug | None, Doc("What sort of partner it is.", "sponsor")] = None
    tier: Annotated[Line | None, Doc("Its level, where there are levels.", "gold")] = None
    since: Annotated[Day | None, Doc("When the partnership began.", "2026-01-01")] = None
    until: Annotated[Day | None, Doc("Its last day.", "2026-12-31")] = None
    renewal_notice_days: Annotated[Count, Doc("Days before its end to speak of it.", "60")] = 60
    owner: Annotated[PersonId | None, Doc("Who looks after it here.", "ana")] = None
    public_contact: Annotated[
        Contact | None,
        Doc("A role's address, never a person's own.", "https://example.org/contact"),
    ] = None
    imports: Annotated[tuple[Import, ...], Doc("Feeds that may be brought in.")] = ()

    def is_past(self, clock: Clock) -> bool:
        """Whether the partnership's last day is over."""
        return self.until is not None and clock.day_passed(self.until)


def check(partner: Partner, _settings: Settings) -> Iterator[Finding]:
    """Faults that a partner has by itself."""
    if partner.since and partner.until and partner.until < partner.since:
        message = f"it ends on {partner.until}, before it begins on {partner.since}"
        yield Finding(("until",), "ends_before_start", message, "correct one of the two dates")
    for number, each in enumerate(partner.imports):
        if each.in_feeds and each.what == "events":
            message = "a partner's events stand in no calendar of ours"
            hint = "delete the field; the partner's page links to their own calendar"
            yield Finding(("imports", number, "in_feeds"), "value_invalid", message, hint)


KIND = Kind(
    name="partner",
    fields=Partner,
    matches=below("content/partners/"),
    template="partner.html",
    folder="content/partners",
    section="partners",
    check=check,
)
