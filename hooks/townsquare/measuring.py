"""What is said of a site as a whole, once every other file of it is made: the platform's report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from townsquare import output, reports
from townsquare.community import Community
from townsquare.figures import platform
from townsquare.figures.platform import Platform
from townsquare.model import Dated, Published
from townsquare.pages import Page
from townsquare.problems import Problem
from townsquare.views import platform as view

if TYPE_CHECKING:
    from townsquare.build import Plan

Render = Callable[[Page], str]


def measured(
    community: Community,
    sizes: Mapping[str, int],
    counts: Mapping[str, int],
    problems: Iterable[Problem],
) -> Platform:
    """The site whose files weigh so many bytes, by path, and in whose content this was found."""
    faults = Counter(each.code for each in problems)
    return platform.measured(sizes, counts, faults, community.settings.page_budget)


def filled(community: Community, found: Platform, whole: bytes, *, render: Render) -> bytes:
    """The report's page with what was measured, in place of what was measured before."""
    article = render(view.report(community, found))
    own = article.partition(view.BEGIN)[2].partition(view.END)[0]
    before, begin, rest = whole.decode().partition(view.BEGIN)
    return f"{before}{begin}{own}{view.END}{rest.partition(view.END)[2]}".encode()


def finish(plan: Plan, folder: Path, *, render: Render) -> None:
    """The report stands in the folder, which holds every other file of the plan."""
    page, community = platform.OWN[0], plan.community
    files = (file for file in folder.rglob("*") if file.is_file())
    sizes = {file.relative_to(folder).as_posix(): file.stat().st_size for file in files}
    found = measured(community, sizes, counted(plan), plan.problems)
    html = filled(community, found, (folder / page).read_bytes(), render=render)
    output.write(
        folder, iter([(page, html), (platform.JSON, reports.platform_json(community, found))])
    )


def counted(plan: Plan) -> dict[str, int]:
    """How much of everything the plan holds."""
    community = plan.community
    held = community.library
    return {
        "pages": len(plan.pages),
        "posts": len(held.visible(Published)),
        "events": len(held.visible(Dated)),
        "occurrences": sum(len(community.occurrences(entry)) for entry in community.events),
        "feeds": len([path for path in plan.files if platform.is_feed(path)]),
        "calendars": len([path for path in plan.files if path.endswith(".ics")]),
    }
