"""Guidelines: one file a document for life; former texts stand in guidelines/archive."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from townsquare.fields import Doc, record
from townsquare.model import (
    Contact,
    Day,
    Fields,
    Finding,
    GuidelineId,
    Kind,
    Line,
    Reviewed,
    Text,
    Version,
    Versioned,
    below,
)
from townsquare.settings import Settings


@record
class ReportChannel:
    """A way to report, and who reads it."""

    name: Annotated[Line, Doc("What it is called.", "Conduct team")]
    contact: Annotated[Contact, Doc("Its address.", "mailto:conduct@example.org")]
    reaches: Annotated[Line, Doc("Who reads it.", "two members of the conduct team")]


@record
class VersionNote:
    """What a version changed."""

    version: Annotated[Line, Doc("The version.", "1.0")]
    date: Annotated[Day, Doc("When it took effect.", "2026-03-01")]
    summary: Annotated[Text, Doc("What changed.", "First version")]


@record
class Rung:
    """One step of the enforcement ladder (the shape of Contributor Covenant 3)."""

    rung: Annotated[Line, Doc("Its name.", "Warning")]
    event: Annotated[Text, Doc("What leads to it.", "Harm that can be mended")]
    consequence: Annotated[Text, Doc("What follows.", "A written warning")]
    repair: Annotated[Text | None, Doc("How trust is mended.", "An apology")] = None
    duration: Annotated[Line | None, Doc("For how long.", "30 days")] = None


@record
class Guideline(Versioned, Reviewed, Fields):
    """A rule of the community, with its version and who answers for it."""

    type: Annotated[Literal["code-of-conduct", "policy", "process"], Doc("What it is.", "policy")]
    version: Annotated[Line, Doc("Its version.", "1.0")]
    status: Annotated[Literal["draft", "active", "superseded"], Doc("Whether it holds.", "active")]
    effective: Annotated[Day | None, Doc("From when it holds.", "2026-03-01")] = None
    supersedes: Annotated[
        GuidelineId | None, Doc("The document that it replaces.", "house-rules")
    ] = None
    applies_to: Annotated[tuple[Line, ...], Doc("Where it holds.", "[events, chat]")] = ()
    last_reviewed: Annotated[Day | None, Doc("When it was last read through.", "2026-05-21")] = None
    report_channels: Annotated[tuple[ReportChannel, ...], Doc("Ways to report.")] = ()
    after_report: Annotated[
        GuidelineId | None,
        Doc("The document that says what happens after a report.", "after-a-report"),
    ] = None
    changes: Annotated[tuple[VersionNote, ...], Doc("What each version changed.")] = ()
    ladder: Annotated[tuple[Rung, ...], Doc("What follows what.")] = ()

    def last_review(self) -> date | None:
        """When somebody last read it through; a new text was read when it took effect."""
        return self.last_reviewed or self.effective

    def versions(self) -> Iterator[Version]:
        """The versions of `changes`, and a first one that stands only in the front matter."""
        yield from (Version(note.version, note.date, note.summary) for note in self.changes)
        if not self.changes and self.effective and self.status != "draft":
            yield Version(self.version, self.effective, self.description or self.title)


def check(guideline: Guideline, _settings: Settings) -> Iterator[Finding]:
    """Faults that a guideline has by itself."""
    if guideline.status == "active" and guideline.effective is None:
        message = "an active guideline has no date from which it holds"
        yield Finding(("status",), "field_missing", message, "add `effective: 2026-03-01`")
    if guideline.type == "code-of-conduct":
        yield from _channels(guideline)
    versions = [note.version for note in guideline.changes]
    if versions and guideline.version not in versions:
        message = f"version {guideline.version} does not stand in `changes`"
        yield Finding(
            ("version",), "version_not_in_changes", message, "add it there, with what it changed"
        )


def _channels(guideline: Guideline) -> Iterator[Finding]:
    """Nobody should have to report to the person whom they report."""
    reached = {channel.reaches.casefold() for channel in guideline.report_channels}
    if len(guideline.report_channels) < 2 or len(reached) < 2:
        message = "a code of conduct needs two report channels that reach different people"
        hint = "add another under `report_channels`"
        yield Finding(("report_channels",), "report_channels_too_few", message, hint)


KIND = Kind(
    name="guideline",
    fields=Guideline,
    matches=below("guidelines/"),
    template="guideline.html",
    folder="guidelines",
    section="guidelines",
    check=check,
)
