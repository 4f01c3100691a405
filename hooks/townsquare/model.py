"""What all kinds of content share: common fields, facets, an entry, a kind.

Outputs know facets, not kinds: a feed takes what is Published, a calendar what is Dated.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache, cached_property
from typing import TYPE_CHECKING, Annotated, Any, Generic, NamedTuple, TypeVar

from townsquare import texts, times
from townsquare.clock import Clock
from townsquare.fields import Doc, Loc, Parsed, Reference, record
from townsquare.problems import Fault, Place
from townsquare.source import Source
from townsquare.values import value

if TYPE_CHECKING:
    from townsquare.recurrence import Schedule
    from townsquare.settings import Settings

Line = Annotated[str, Parsed(texts.parse_line)]
Text = Annotated[str, Parsed(texts.parse_text)]
Slug = Annotated[str, Parsed(texts.parse_slug)]
Flag = Annotated[bool, Parsed(texts.parse_flag, format="yes or no")]
Count = Annotated[int, Parsed(texts.parse_count, format="a whole number")]
Url = Annotated[str, Parsed(texts.parse_url, format="uri")]
Contact = Annotated[str, Parsed(texts.parse_contact, format="an https address or mailto:")]
Address = Annotated[str, Parsed(texts.parse_address)]
FilePath = Annotated[str, Parsed(texts.parse_file_path)]
Language = Annotated[str, Parsed(texts.parse_language)]
Day = Annotated[date, Parsed(times.parse_day, format="2026-05-21")]
Moment = Annotated[date | datetime, Parsed(times.parse_moment, format="2026-05-21 18:00")]
Interval = Annotated[times.Interval, Parsed(times.parse_interval, format="6 months")]
Zone = Annotated[str, Parsed(times.parse_zone, format="Europe/Berlin")]

PersonId = Annotated[str, Reference("person"), Parsed(texts.parse_slug)]
PartnerId = Annotated[str, Reference("partner"), Parsed(texts.parse_slug)]
EventId = Annotated[str, Reference("event"), Parsed(texts.parse_slug)]
GuideId = Annotated[str, Reference("guide"), Parsed(texts.parse_slug)]
GuidelineId = Annotated[str, Reference("guideline"), Parsed(texts.parse_slug)]
TagId = Annotated[str, Reference("tag"), Parsed(texts.parse_tag)]


@record
class Image:
    """A picture beside the file, with the words that stand in for it."""

    src: Annotated[FilePath, Doc("The image file, relative to this file.", "cover.png")]
    alt: Annotated[Line, Doc("What the picture shows.", "Ten people around a table")]


@record
class Credit:
    """Who is credited: a person of this community by id, or a guest by name."""

    __shorthand__ = "person"

    person: Annotated[PersonId | None, Doc("The id of a file in content/people.", "ana")] = None
    name: Annotated[Line | None, Doc("A guest's name.", "Bo Guest")] = None
    url: Annotated[Url | None, Doc("A guest's own page.", "https://example.org/bo")] = None
    affiliation: Annotated[Line | None, Doc("Where a guest works.", "Example Ltd")] = None

    def __post_init__(self) -> None:
        name_once(self.person, self.name)


def name_once(id: str | None, name: str | None) -> None:
    """Raises a Fault unless somebody is named, either by the id of a file or by a guest's name."""
    if id is None and name is None:
        raise Fault(
            "field_missing", "nobody is named here", "write an id, or `name: …` for a guest"
        )
    if id is not None and name is not None:
        hint = "keep the id; the name stands in that file"
        raise Fault("value_invalid", f"`{id}` and a name are two ways to say one thing", hint)


@record
class Fields:
    """What every kind of entry may say."""

    title: Annotated[Line, Doc("The heading, at most 200 characters.", "May community call")]
    description: Annotated[
        Line | None, Doc("One sentence for lists, search engines and cards.", "What we discuss")
    ] = None
    tags: Annotated[tuple[TagId, ...], Doc("Topics from content/tags.yml.", "[events]")] = ()
    id: Annotated[
        Slug | None, Doc("Who this entry is for ever; defaults to the file's name.", "may-call")
    ] = None
    aliases: Annotated[
        tuple[Address, ...], Doc("Old addresses, which lead here.", "[/blog/old-name/]")
    ] = ()
    image: Annotated[Image | None, Doc("A picture for lists and cards.")] = None
    draft: Annotated[Flag, Doc("Hide the entry until this is taken away.", "yes")] = False
    publish: Annotated[Moment | None, Doc("Hide until then.", "2026-06-01")] = None
    expires: Annotated[Moment | None, Doc("Hide from then on.", "2027-01-01")] = None
    language: Annotated[Language | None, Doc("If not the site's own.", "de")] = None
    translation_of: Annotated[Slug | None, Doc("The id of the original.", "may-call")] = None

    def shown_from(self) -> date | datetime | None:
        """When the entry may first be seen, in the site's zone; nothing means at once."""
        return self.publish

    def shown_as_page(self) -> bool:
        """Whether the entry has a page and stands in lists at all."""
        return True

    def summary(self) -> str:
        """The entry's description, for lists."""
        return self.description or ""


@record
class Published(Fields):
    """Facet: dated once and read as news."""

    date: Annotated[
        Moment, Doc("When it is published; later dates hide it until then.", "2026-05-21")
    ]
    updated: Annotated[Moment | None, Doc("When its meaning last changed.", "2026-06-01")] = None

    def shown_from(self) -> Moment | None:
        """Its date, or `publish` where that is later."""
        return max(self.publish or self.date, self.date, key=_at_midnight)


@record
class Reviewed:
    """Facet: somebody answers for it and looks again from time to time."""

    owner: Annotated[PersonId | None, Doc("Who answers for this text.", "conduct-team")] = None
    review_every: Annotated[Interval | None, Doc("How long it may go unread.", "6 months")] = None

    def last_review(self) -> date | None:
        """When somebody last confirmed it."""
        raise NotImplementedError


class Credited:
    """Facet: people made it."""

    def credits(self) -> Iterator[tuple[str, Credit]]:
        """Each person with the role they had: `author`, `speaker`, `organiser`."""
        raise NotImplementedError


class Dated:
    """Facet: it takes place, once or repeatedly."""

    def schedule(self, settings: "Settings") -> "Schedule":
        """When it takes place."""
        raise NotImplementedError


class Permitted:
    """Facet of a part: somebody else allows that it is shown, for ever or until a day."""

    permission_until: date | None

    def permitted(self, clock: Clock) -> bool:
        """Whether it may be shown now."""
        return self.permission_until is None or not clock.day_passed(self.permission_until)


class Version(NamedTuple):
    """What one version of a text changed, and from which day it held."""

    name: str
    day: date
    summary: str


class Versioned:
    """Facet: its text changes in numbered versions, and readers are told of each."""

    def versions(self) -> Iterator[Version]:
        """Every version that readers may be told of, in any order."""
        raise NotImplementedError


F = TypeVar("F", bound=Fields)
F_co = TypeVar("F_co", bound=Fields, covariant=True)


@value
class Kind(Generic[F]):
    """A kind of content: its fields, the files that hold it, its template, a new one's first text.

    `matches` is asked in the registry's order. `check` yields the faults that one entry has by
    itself; what needs other entries is in `checks`. `part_of` names the kind and id of the entry
    with which an entry is shown and hidden.
    """

    name: str
    fields: type[F]
    matches: Callable[[str], bool]
    template: str
    folder: str
    section: str
    check: "Callable[[Any, Settings], Iterator[Finding]]" = lambda _fields, _settings: iter(())
    body_template: str = "Write here.\n"
    yearly: bool = False
    id_of: Callable[[str], str] = lambda path: stem(path)
    part_of: Callable[[str], tuple[str, str] | None] = lambda _path: None


def below(folder: str) -> Callable[[str], bool]:
    """Matches Markdown files in the folder and below it, but no index: that is a page."""
    return lambda path: (
        path.startswith(folder) and path.endswith(".md") and not path.endswith("/index.md")
    )


class Finding(NamedTuple):
    """A fault of an entry's own values, before it has a file and line."""

    loc: Loc
    code: str
    message: str
    hint: str = ""


@value
class Entry(Generic[F_co]):
    """One file's content, valid and typed. No slots: its key is asked for a dozen times a build."""

    kind: Kind[Any]
    source: Source
    fields: F_co

    @property
    def path(self) -> str:
        """Its file, from the repository's root."""
        return self.source.path

    @cached_property
    def id(self) -> str:
        """Who it is for ever: what its author says, else what its file's name says."""
        return self.fields.id or self.kind.id_of(self.path)

    @cached_property
    def key(self) -> str:
        """`post:welcome`: unique in the community and stable when the file is renamed."""
        return f"{self.kind.name}:{self.id}"

    @property
    def title(self) -> str:
        """Its heading."""
        return self.fields.title

    @property
    def address(self) -> str:
        """The page's path from the site's root, with a slash at its end and none at its start."""
        return address_of(self.path)

    @property
    def tag_words(self) -> tuple[str, ...]:
        """Its tags as their author wrote them."""
        return self.fields.tags

    def place(self, *loc: str | int) -> Place:
        """Where the field stands in its file."""
        return self.source.place(loc)


def _at_midnight(moment: date | datetime) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


@cache
def stem(path: str) -> str:
    """The file's name without folder and ending; an index takes its folder's name."""
    parts = path.removesuffix(".md").split("/")
    return parts[-2] if parts[-1] == "index" and len(parts) > 1 else parts[-1]


@cache
def address_of(path: str) -> str:
    """The address of a file's page: `content/blog/x.md` → `blog/x/`, `events/y.md` → `events/y/`.

    An index stands at its folder: `content/index.md` at nothing, the front page.
    """
    parts = path.removeprefix("content/").removesuffix(".md").split("/")
    if parts[-1] == "index":
        parts.pop()
    return "".join(f"{p}/" for p in parts)


class State(StrEnum):
    """Whether readers see an entry. One rule decides for every output."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    CURRENT = "current"
    EXPIRED = "expired"


def state(fields: Fields, clock: Clock, zone: str) -> State:
    """What readers see of the entry now. Dates without a time begin at midnight in the zone."""
    if fields.draft:
        return State.DRAFT
    starts, ends = fields.shown_from(), fields.expires
    if starts is not None and not clock.passed(times.instant(starts, zone)):
        return State.SCHEDULED
    if ends is not None and clock.passed(times.instant(ends, zone)):
        return State.EXPIRED
    return State.CURRENT
