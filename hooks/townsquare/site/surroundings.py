"""What the theme is given for one build: the plan and how its articles are rendered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from townsquare import static_files
from townsquare.pages import Article, Footer, Page
from townsquare.settings import Settings
from townsquare.values import value

if TYPE_CHECKING:
    from townsquare.build import Plan as Whole

Render = Callable[[Page], str]


class Plan(Protocol):
    """What a build writes. Keys are paths from the site's root."""

    @property
    def pages(self) -> tuple[Page, ...]:
        """Every page."""
        ...

    @property
    def footer(self) -> Footer:
        """What stands below every page."""
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
    """One build's content for the theme.

    `render` gives a page's article as HTML; `finish` adds to the folder in which all else stands.
    """

    plan: Plan
    settings: Settings
    render: Render
    finish: Callable[[Path], None] = lambda _folder: None

    def files(self) -> dict[str, bytes]:
        """The plan's files, and those that every page asks for."""
        return {**static_files.files(), **self.plan.files}


def of_plan(plan: Whole) -> Surroundings:
    """What the theme is given for everything that a community publishes."""
    from townsquare import measuring

    settings = plan.community.settings
    render = Article(settings, plan.community.addresses).render
    return Surroundings(plan, settings, render, partial(measuring.finish, plan, render=render))
