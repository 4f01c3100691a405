"""The site's own choices, typed, read from mkdocs.yml without MkDocs.

What MkDocs itself knows (`site_name`, `site_url`, …) is taken from its place; the rest stands under
`extra: townsquare:`. A folder without mkdocs.yml is built with the defaults.
"""

from __future__ import annotations

from dataclasses import field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from townsquare import source, times
from townsquare.codes import CODES
from townsquare.fields import Doc, Parsed, record
from townsquare.model import Count, Language, Line, Slug, Text, Url, Zone
from townsquare.problems import Place, Problem, problem

Duration = Annotated[timedelta, Parsed(times.parse_duration, format="1h30m")]
SeverityWord = Literal["error", "warning", "notice"]
FILE = "mkdocs.yml"

# What we take from MkDocs' own fields, and every place of the file that is ours.
MKDOCS = (
    *("site_name", "site_url", "site_description", "site_author"),
    *("repo_url", "edit_uri", "copyright"),
)
OWNED = (*((name,) for name in MKDOCS), ("extra", "townsquare"))


@record
class Settings:
    """Every choice with its default."""

    site_name: Annotated[Line, Doc("The community's name.")] = "Community"
    site_url: Annotated[Url, Doc("The site's own address.")] = "http://localhost:8000/"
    site_description: Annotated[Text | None, Doc("One sentence about the community.")] = None
    site_author: Annotated[Line | None, Doc("Who publishes the site.")] = None
    repo_url: Annotated[Url | None, Doc("The repository on the forge.")] = None
    edit_uri: Annotated[Line | None, Doc("The path from the repository to a file's editor.")] = None
    copyright: Annotated[Text | None, Doc("A line for every page's footer.")] = None

    timezone: Annotated[Zone, Doc("The zone of dates without one.", "Europe/Berlin")] = "UTC"
    language: Annotated[Language, Doc("The language of the site.", "en")] = "en"
    authority: Annotated[
        Line | None, Doc("Makes ids of feeds and calendars; never change it.", "example.org,2026")
    ] = None
    default_duration: Annotated[Duration, Doc("An event's length where none is given.", "1h")] = (
        timedelta(hours=1)
    )
    event_formats: Annotated[tuple[Slug, ...], Doc("Formats of events besides our own.")] = ()
    page_size: Annotated[Count, Doc("Entries on a list's page.", "10")] = 10
    image_budget: Annotated[Count, Doc("Kilobytes an image may weigh.", "500")] = 500
    severities: Annotated[
        dict[str, SeverityWord], Doc("Codes moved to another severity.")
    ] = field(default_factory=dict[str, SeverityWord])
    question: Annotated[Url | None, Doc("Where members ask questions.")] = None

    def authority_name(self) -> str:
        """`host,year`: RFC 4151's tagging authority, from the site's host where none is set."""
        return self.authority or f"{urlsplit(self.site_url).hostname},2026"

    def absolute(self, address: str) -> str:
        """The full web address of a path on the site."""
        return self.site_url.rstrip("/") + "/" + address

    def edit_url(self, path: str) -> str | None:
        """Where the forge edits this file of the repository."""
        if not self.repo_url or self.edit_uri == "":
            return None
        return f"{self.repo_url.rstrip('/')}/{(self.edit_uri or 'edit/main/').strip('/')}/{path}"


def read(root: Path) -> tuple[Settings, list[Problem]]:
    """The settings of the community in this folder, and what is wrong with them."""
    file = root / FILE
    if not file.is_file():
        return Settings(site_name=_name_from(root)), []
    text = source.normalise_newlines(file.read_text(encoding="utf-8"))
    parsed, problems = source.parse_yaml(FILE, text, owned=OWNED)
    if parsed is None:
        return Settings(), problems
    return _validated(parsed)


def _validated(parsed: source.Source) -> tuple[Settings, list[Problem]]:
    from townsquare.validation import validate

    front = _own_choices(parsed)
    settings, problems = validate(Settings, parsed, front)
    if settings is None:
        return Settings(), problems
    problems = [
        problem(
            "value_not_listed",
            parsed.key(("severities", code)),
            f"no code is called `{code}`",
            "see `check --explain`",
        )
        for code in settings.severities
        if code not in CODES
    ]
    return settings, problems


def _own_choices(parsed: source.Source) -> dict[str, Any]:
    """Our fields from both places of mkdocs.yml, with positions as if they stood at the top."""
    front = {name: parsed.front[name] for name in MKDOCS if name in parsed.front}
    extra = parsed.front.get("extra")
    choices: Any = extra.get("townsquare") if isinstance(extra, dict) else None
    if isinstance(choices, dict):
        front |= choices
    prefix = ("extra", "townsquare")
    for positions in (parsed.places, parsed.keys):
        for loc, place in [(k[2:], v) for k, v in positions.items() if k[:2] == prefix and k[2:]]:
            positions[loc] = place
    return front


def _name_from(root: Path) -> str:
    return root.resolve().name.replace("-", " ").replace("_", " ").title() or "Community"


def place_of(root: Path, name: str) -> Place:
    """Where a choice of ours stands in the settings file, else the file itself."""
    file = root / FILE
    if not file.is_file():
        return Place(FILE)
    text = source.normalise_newlines(file.read_text(encoding="utf-8"))
    parsed, _ = source.parse_yaml(FILE, text, owned=OWNED)
    return parsed.key(("extra", "townsquare", name)) if parsed else Place(FILE)
