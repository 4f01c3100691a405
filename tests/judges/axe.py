"""Asks axe-core about the accessibility of a page that stands open in a browser."""

import functools
from typing import Any

from playwright.sync_api import Page

from judges import installed

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")


@functools.cache
def _source() -> str:
    return (installed.npm_package("axe-core") / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """`rule: help: selector` of every violation of WCAG 2.0 to 2.2, A and AA; empty is a pass.

    What axe cannot decide ("incomplete") is not counted.
    """
    # Evaluated, not added as a script element: the page's own CSP would refuse that.
    page.evaluate(_source())
    report: dict[str, Any] = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", list(TAGS)
    )
    return sorted(
        f"{rule['id']}: {rule['help']}: {' '.join(map(str, node['target']))}"
        for rule in report["violations"]
        for node in rule["nodes"]
    )
