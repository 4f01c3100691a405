"""What a build that changes little must not pay for: libraries that only some steps need."""

import json
import subprocess
import sys

import pytest

# Each takes from 5 to 200 ms to import, on every run of every command.
HEAVY = {
    *("yaml", "frontmatter", "pydantic", "pydantic_core", "markdown", "pymdownx", "pygments"),
    *("jinja2", "feedgen", "lxml", "icalendar", "dateutil", "PIL", "mkdocs", "rich"),
    *(
        "click",
        "importlib.resources",
        "zipfile",
        "urllib.request",
        "http.client",
        "email",
        "ssl",
        "asyncio",
        "difflib",
    ),
}


def imported(line: str) -> set[str]:
    """What a fresh process has imported after this line; no test's own imports are among it."""
    code = f"{line}\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))


LIGHT = ("kinds", "tags", "pages", "slots", "shells", "wordbook", "zones", "ledger", "community")


@pytest.mark.parametrize("module", LIGHT)
def test_what_every_build_imports_brings_no_heavy_library(module):
    assert sorted(imported(f"import townsquare.{module}") & HEAVY) == []


def test_a_zone_is_found_without_archive_readers():
    line = (
        "from townsquare import times; times.zoneinfo.ZoneInfo(times.parse_zone('Europe/Berlin'))"
    )
    assert sorted(imported(line) & HEAVY) == []


def test_a_heavy_library_is_found():
    assert {"yaml", "frontmatter"} <= imported("import frontmatter") & HEAVY
