"""The site around the articles: the only package that knows MkDocs and its theme.

`build` renders one page of each shape through the theme and fills the others into what it learned.
A plain `mkdocs build` with `hooks: [hooks/mkdocs_hook.py]` renders every page through the theme and
gives the same bytes: it is what `build` is held against.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from townsquare import output
from townsquare.settings import Settings
from townsquare.site import configuration, events
from townsquare.site.surroundings import Plan, Render, Surroundings
from townsquare.site.theme import Theme


def build(plan: Plan, settings: Settings, root: Path, out: Path, *, render: Render) -> int:
    """The whole site stands in the empty folder `out`; returns how many files it has.

    `render` gives a page's article. Raises SetupError where mkdocs.yml asks for what cannot be.
    """
    config = configuration.read(root, out)
    ours = Surroundings(plan, settings, render)
    events.hand_over(config, ours)
    theme = Theme(config)
    count = output.write(out, _files(theme, ours))
    config.plugins.on_post_build(config=config)
    return count


def _files(theme: Theme, ours: Surroundings) -> Iterator[tuple[str, bytes]]:
    yield from theme.files()
    yield from ours.files().items()
    for path, source in ours.plan.assets.items():
        yield path, source.read_bytes()
    for page in ours.plan.pages:
        yield page.address + "index.html", theme.page(page, ours.render(page))
