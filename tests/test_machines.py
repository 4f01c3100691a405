"""Files for machines are listed before any is made, and each asks only what concerns it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from communities import community

from townsquare import api, feeds, ledger, makings, schemas, subscriptions
from townsquare.release import Release

HOOKS = Path(__file__).parents[1] / "hooks"
POST = "---\ntitle: P{0}\ndate: {1}\ntags: [news]\n---\n"
EVENT = "---\ntitle: Fair\nstart: 2026-12-03 18:00\ntags: [news]\n---\n"
OUTPUTS = (feeds, subscriptions, api, schemas)


def release(root: Path, posts: int, **more: str) -> Release:
    files = {
        f"content/blog/p{n:03}.md": POST.format(n, f"2020-{n // 28 + 1:02}-{n % 28 + 1:02}")
        for n in range(posts)
    }
    found = community(root, {"content/index.md": "---\ntitle: Home\n---\n", **files, **more})
    before = ledger.Previous()
    told = subscriptions.of(found, before)
    outcome = ledger.advance(
        before,
        shown=told.shown,
        components=told.components,
        machines=told.machines,
        authority=found.settings.authority_name(),
        clock=found.clock,
    )
    return Release(found, outcome)


def answered(root: Path, posts: int, address: str) -> dict[Any, Any]:
    """What the maker of one file asks by name, with entries as their keys."""
    whole = release(root, posts)
    listed = {each.address: each for each in feeds.makings(whole.community)}
    whole.community.answers.clear()
    makings.made([listed[address]], whole)
    answers = whole.community.answers
    return {key: _structure(value) for key, value in answers.items() if len(key) > 1}


def _structure(answer: Any) -> Any:
    is_entries = isinstance(answer, tuple) and all(hasattr(each, "key") for each in answer)
    return [entry.key for entry in answer] if is_entries else answer


@pytest.mark.parametrize("module", OUTPUTS, ids=lambda module: module.__name__)
def test_every_output_is_named_once_and_made_of_plain_values(module, tmp_path):
    whole = release(tmp_path, 3, **{"events/fair.md": EVENT})
    listed = list(module.makings(whole.community))
    assert len({each.address for each in listed}) == len(listed) > 0
    for each in listed:
        assert all(isinstance(value, str | int) for value in each.arguments)
        assert isinstance(makings.function_of(each)(whole, *each.arguments), bytes)


def test_a_new_post_does_not_change_what_a_full_part_of_the_archive_asks(tmp_path):
    first, second = "feeds/archive/1.xml", "feeds/archive/2.xml"
    assert answered(tmp_path / "a", 60, first) == answered(tmp_path / "b", 61, first)
    assert answered(tmp_path / "c", 60, second) != answered(tmp_path / "d", 61, second)


def test_listing_all_outputs_and_making_data_needs_no_library_for_feeds():
    names = "api, feeds, schemas, subscriptions"
    assert _imported(f"from townsquare import {names}", "feedgen", "lxml") == "[]"


def test_feeds_need_no_library_for_the_network():
    code = "from townsquare.feeds import changes, opml, posts"
    assert _imported(code, "urllib.request", "xml.sax", "ssl") == "[]"


def _imported(code: str, *names: str) -> str:
    ask = f"import sys; sys.path.insert(0, {str(HOOKS)!r}); {code}"
    found = f"print([name for name in {names!r} if name in sys.modules])"
    line = [sys.executable, "-I", "-c", f"{ask}; {found}"]
    return subprocess.run(line, capture_output=True, text=True, check=True).stdout.strip()
