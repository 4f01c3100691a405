"""What the theme is given for one build: the plan and how its articles are rendered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from townsquare import static_files
from townsquare.pages import Page
from townsquare.settings import Settings
from townsquare.values import value

Render = Callable[[Page], str]


class Plan(Protocol):
    """What a build writes. Keys are paths from the site's root."""

    @property
    def pages(self) -> tuple[Page, ...]:
        """Every page."""
        ...

    @property
    def files(self) -> Mapping[str, bytes]:
        """Feeds, calendars, data: their content."""
        ...

    @property
    def assets(self) -> Mapping[str, Path]:
        """Images and other files: where they stand in the sources."""
        ...


@value
class Surroundings:
    """One build's content for the theme. `render` gives a page's article as HTML."""

    plan: Plan
    settings: Settings
    render: Render

    def files(self) -> dict[str, bytes]:
        """The plan's files, and those that every page asks for."""
        return {**static_files.files(), **self.plan.files}
