"""Builds a community once, in one process, and says what it did: bodies, articles, files."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from townsquare import bodies, pages
from townsquare.upkeep import crew, session, snapshot

counts: Counter[str] = Counter()


def counting(owner: Any, name: str, what: str) -> None:
    """Each call of this function is counted."""
    called = getattr(owner, name)

    def count(*args: Any, **options: Any) -> Any:
        counts[what] += 1
        return called(*args, **options)

    setattr(owner, name, count)


def main(root: str) -> dict[str, int]:
    """What a build of this folder into its `site` does now."""
    counting(bodies, "convert", "converted")
    counting(pages.Article, "render", "rendered")
    crew._cores = lambda: 1
    out, now = Path(root, "site"), datetime.now(UTC)
    checked = session.check(snapshot.taken(root), now=now, out=out, strict=False)
    if checked is None or checked.errors:
        raise SystemExit("the community cannot be built")
    done = session.build(checked, out)
    session.remember(done.state, checked, out)
    return {"converted": 0, "rendered": 0, **counts, "written": done.made.written}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
