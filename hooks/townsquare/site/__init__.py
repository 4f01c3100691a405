"""The site around the articles: the only package that knows MkDocs and its theme.

A plain `mkdocs build` with `hooks: [hooks/mkdocs_hook.py]` and `build()` below run the same events
over the same plan and so give the same bytes.
"""

from __future__ import annotations

from pathlib import Path

from townsquare.settings import Settings
from townsquare.site import configuration, events
from townsquare.site.surroundings import Plan, Render, Surroundings


def build(plan: Plan, settings: Settings, root: Path, out: Path, *, render: Render) -> None:
    """The whole site stands in the folder `out`: every page in the theme, every file, every asset.

    `render` gives a page's article. The folder is emptied first. Raises SetupError where mkdocs.yml
    asks for what the theme cannot do here.
    """
    from mkdocs.commands.build import build as build_with_mkdocs

    config = configuration.read(root, out)
    events.hand_over(config, Surroundings(plan, settings, render))
    build_with_mkdocs(config)
