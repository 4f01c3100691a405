"""The site's own choices, typed, read from mkdocs.yml without MkDocs.

What MkDocs itself knows (`site_name`, `site_url`, …) is taken from its place; the rest stands under
`extra: townsquare:`. A folder without mkdocs.yml is built with the defaults.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, cast
from urllib.parse import quote, urlsplit

from townsquare import folders, source, texts, times
from townsquare.codes import CODES
from townsquare.fields import Doc, Parsed, record, shapes
from townsquare.model import Contact, Count, Language, Line, Slug, Text, Url, Zone, address_of
from townsquare.notations import shown
from townsquare.podcasts import Podcast
from townsquare.problems import Fault, Place, Problem, did_you_mean, problem

FILE = "mkdocs.yml"
LOCAL = "http://localhost:8000/"
# What we take from MkDocs' own fields, and every place of the file that is ours.
MKDOCS = (
    *("site_name", "site_url", "site_description", "site_author"),
    *("repo_url", "edit_uri", "copyright"),
)
OURS = ("extra", "townsquare")
OWNED = (*((name,) for name in MKDOCS), OURS)


def parse_site_url(text: str) -> str:
    """The address under which the site stands; a path is kept, and ends with a slash."""
    url = texts.parse_url(text)
    if re.search("[?#]", url):
        message = "the site's address has neither `?` nor `#`"
        raise Fault("value_invalid", message, "write it as in `https://example.org/commons/`")
    return url.rstrip("/") + "/"


def parse_authority(text: str) -> str:
    """A tagging authority (RFC 4151 §2.1): a host, and a year in which it was ours."""
    line = texts.parse_line(text).replace(", ", ",")
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?,[0-9]{4}(-[0-9]{2}){0,2}", line):
        message = f"`{line}` is not a host and a year"
        raise Fault("value_invalid", message, "write it as in `example.org,2026`")
    return line


def parse_page_size(text: str) -> int:
    """How many entries stand on a page of a list: from 1 to 1000."""
    number = texts.parse_count(text)
    if not 1 <= number <= 1000:
        raise Fault("value_invalid", f"{number} entries are no page", "write a number up to 1000")
    return number


def parse_section(text: str) -> str:
    """A guideline's file, with or without one of its headings."""
    line = texts.parse_line(text)
    if not re.fullmatch(r"guidelines/[^#?]+\.md(#[^#?]+)?", line):
        hint = "write it as in `guidelines/content-policy.md#titles`"
        raise Fault("value_invalid", f"{shown(line)} is no section of a guideline", hint)
    return line


SiteUrl = Annotated[str, Parsed(parse_site_url, format="uri")]
Authority = Annotated[str, Parsed(parse_authority, format="host,year")]
PageSize = Annotated[int, Parsed(parse_page_size, format="1 to 1000")]
Duration = Annotated[timedelta, Parsed(times.parse_duration, format="1h30m")]
SeverityWord = Literal["error", "warning", "notice"]


GuidelineSection = Annotated[
    str, Parsed(parse_section, format="guidelines/content-policy.md#titles")
]

KINDER_WORDS = {
    "blacklist": "blocklist",
    "whitelist": "allowlist",
    "chairman": "chair",
    "guys": "everybody, people, all",
    "man-hour": "hours of work",
    "manpower": "people, hands",
    "ninja": "say what was done",
    "rockstar": "say what was done",
    "sanity check": "quick check",
}


@record
class Settings:
    """Every choice with its default."""

    site_name: Annotated[Line, Doc("The community's name.")] = "Community"
    site_url: Annotated[SiteUrl, Doc("The site's own address.", "https://example.org/")] = LOCAL
    site_description: Annotated[Text | None, Doc("One sentence about the community.")] = None
    site_author: Annotated[Line | None, Doc("Who publishes the site.")] = None
    repo_url: Annotated[Url | None, Doc("The repository on the forge.")] = None
    edit_uri: Annotated[Line | None, Doc("The path from the repository to a file's editor.")] = None
    copyright: Annotated[Text | None, Doc("A line for every page's footer.")] = None

    timezone: Annotated[Zone, Doc("The zone of dates without one.", "Europe/Berlin")] = "UTC"
    language: Annotated[Language, Doc("The language of the site.", "en")] = "en"
    authority: Annotated[
        Authority | None,
        Doc("Makes ids of feeds and calendars; never change it.", "example.org,2026"),
    ] = None
    default_duration: Annotated[Duration, Doc("An event's length where none is given.", "1h")] = (
        timedelta(hours=1)
    )
    event_formats: Annotated[tuple[Slug, ...], Doc("Formats of events besides our own.")] = ()
    page_size: Annotated[PageSize, Doc("Entries on a list's page.", "10")] = 10
    page_budget: Annotated[Count, Doc("Kilobytes a page's own document may weigh.", "100")] = 100
    image_budget: Annotated[Count, Doc("Kilobytes an image may weigh.", "500")] = 500
    severities: Annotated[dict[str, SeverityWord], Doc("Codes moved to another severity.")] = field(
        default_factory=dict[str, SeverityWord]
    )
    bots: Annotated[
        tuple[Line, ...], Doc("Names under which machines commit, besides the usual ones.")
    ] = ()
    kinder_words: Annotated[
        dict[str, Line], Doc("Words that have a kinder one, and what to write instead.")
    ] = field(default_factory=lambda: dict(KINDER_WORDS))
    public_contacts: Annotated[
        tuple[Line, ...],
        Doc("E-mail addresses, `@hosts` and numbers that are no person's own.", '["@acme.org"]'),
    ] = ()
    guideline_sections: Annotated[
        dict[str, GuidelineSection], Doc("By code, the section of a guideline that asks for it.")
    ] = field(default_factory=dict[str, str])
    podcast: Annotated[Podcast, Doc("How the podcast is listed.")] = Podcast()
    question: Annotated[
        Contact | None,
        Doc("Where members ask questions: on every page's foot.", "https://example.org/chat"),
    ] = None

    def moved(self) -> dict[str, str]:
        """The severity of each code that is moved, by the code as `codes.CODES` has it."""
        return {code.replace("-", "_"): word for code, word in self.severities.items()}

    def told_by(self) -> dict[str, str]:
        """Where the rule behind a code is read, by the code as `codes.CODES` has it."""
        pairs = self.guideline_sections.items()
        return {code.replace("-", "_"): self._section(where) for code, where in pairs}

    def _section(self, where: str) -> str:
        if self.site_url == LOCAL:
            return where
        path, mark, heading = where.partition("#")
        return self.absolute(quote(address_of(path))) + mark + quote(heading)

    def authority_name(self) -> str:
        """`host,year`: RFC 4151's tagging authority, from the site's host where none is set."""
        return self.authority or f"{_ascii_host(self.site_url)},2026"

    def absolute(self, address: str) -> str:
        """The full web address of a path on the site."""
        return self.site_url.rstrip("/") + "/" + address

    def edit_url(self, path: str) -> str | None:
        """Where the forge edits this file of the repository."""
        if not self.repo_url or self.edit_uri == "":
            return None
        return f"{self.repo_url.rstrip('/')}/{(self.edit_uri or 'edit/main/').strip('/')}/{path}"


def read(root: Path) -> tuple[Settings, list[Problem]]:
    """The settings of the community in this folder, and what is wrong with them.

    A choice that is faulty has its default, so that nothing else is said to be wrong because of it;
    with any error among the problems nothing may be built.
    """
    choices, problems, _ = read_with_values(root)
    return choices, problems


def read_with_values(root: Path) -> tuple[Settings, list[Problem], dict[str, Any]]:
    """The settings, what is wrong, and the values as typed of which the settings are made."""
    if not os.path.lexists(root / FILE):
        return Settings(), [], {}
    parsed, problems = _parsed(root)
    return _validated(parsed) if parsed else (Settings(), problems, {})


def place_of(root: Path, *names: str) -> Place:
    """Where a choice of ours stands in the settings file, else the file itself."""
    parsed, _ = _parsed(root)
    return parsed.key((*OURS, *names)) if parsed else Place(FILE)


def _parsed(root: Path) -> source.Parsed:
    text, unreadable = folders.read_text(root, FILE)
    if text is None:
        return None, [unreadable] if unreadable else []
    return source.parse_yaml(FILE, text, owned=OWNED)


def _validated(parsed: source.Source) -> tuple[Settings, list[Problem], dict[str, Any]]:
    from townsquare.validation import validate

    choices, problems = _choices(parsed)
    problems += _misplaced(parsed, choices)
    own = {name: value for name, value in choices.items() if name not in MKDOCS}
    front = {name: parsed.front[name] for name in MKDOCS if name in parsed.front} | own
    positioned = _at_the_top(parsed)
    settings, faults = validate(Settings, positioned, front)
    if settings is None:
        faulty = {each.place for each in faults}
        front = {
            name: value for name, value in front.items() if not faulty & _spots(positioned, name)
        }
        settings, _ = validate(Settings, positioned, front)
    if settings is None:
        settings, front = Settings(), {}
    found = problems + faults + list(_severity_faults(positioned, settings))
    return settings, found, front


def _choices(parsed: source.Source) -> tuple[dict[str, Any], list[Problem]]:
    """What stands under `extra: townsquare:`, which must be fields if it is there at all."""
    value: Any = parsed.front
    for depth, name in enumerate(OURS, 1):
        value = cast("dict[str, Any]", value).get(name, {})
        if not isinstance(value, dict):
            hint = "write `extra:`, below it `  townsquare:`, and below that one choice on a line"
            message = f"`{name}` takes fields of its own"
            place = parsed.place(OURS[:depth])
            return {}, [problem("value_not_fields", place, message, hint)]
    return cast("dict[str, Any]", value), []


def _misplaced(parsed: source.Source, choices: dict[str, Any]) -> Iterator[Problem]:
    """Choices that stand where nobody reads them."""
    for name in MKDOCS:
        if name in choices:
            message = f"`{name}` is not read here"
            hint = "write it at the beginning of a line, outside of `extra`"
            yield problem("field_unknown", parsed.key((*OURS, name)), message, hint)
    for name in shapes(Settings).keys() - {*MKDOCS}:
        if name in parsed.front:
            message = f"`{name}` is not read here"
            hint = f"write it below `extra:`, `townsquare:`, as `    {name}: …`"
            yield problem("field_unknown", parsed.key((name,)), message, hint)


def _at_the_top(parsed: source.Source) -> source.Source:
    """The same file, with our choices' positions as if they stood beside MkDocs' own fields."""

    def moved(positions: dict[source.Loc, Place]) -> dict[source.Loc, Place]:
        kept = {loc: place for loc, place in positions.items() if loc[:1] and loc[0] in MKDOCS}
        return kept | {loc[2:]: at for loc, at in positions.items() if loc[:2] == OURS and loc[2:]}

    return source.Source(parsed.path, given=(moved(parsed.places), moved(parsed.keys)))


def _spots(positioned: source.Source, name: str) -> set[Place]:
    """Every place at which a fault of this choice can be reported."""
    both = (*positioned.places.items(), *positioned.keys.items())
    return {place for loc, place in both if loc[0] == name}


def _severity_faults(positioned: source.Source, settings: Settings) -> Iterator[Problem]:
    """Codes that are not there, and errors that would be less: what cannot be right stays one."""
    for name in ("severities", "guideline_sections"):
        for code in getattr(settings, name):
            if (known := code.replace("-", "_")) not in CODES:
                near = did_you_mean(known, CODES).replace("_", "-")
                hint = near or "a message ends with its code"
                message = f"no code is called `{code}`"
                yield problem("value_not_listed", positioned.key((name, code)), message, hint)
    for code, word in settings.severities.items():
        place = positioned.key(("severities", code))
        known = code.replace("-", "_")
        if known in CODES and CODES[known].severity == "error" and word != "error":
            message = f"`{code}` cannot be less than an error: a site with it could not be built"
            yield problem("value_invalid", place, message, "delete this line")


def _ascii_host(url: str) -> str:
    host = urlsplit(url).hostname or "localhost"
    if host.isascii():
        # As it stands. The codec's tables take longer to import than a page takes to make.
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host
