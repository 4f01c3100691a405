"""The schemas take what the build takes, and refuse what it refuses."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
import yaml
from community_files import NOW

from townsquare import (
    canonical_json,
    library,
    makings,
    new,
    report_schemas,
    schemas,
    settings,
    source,
)
from townsquare.clock import Clock
from townsquare.field_guide import describe
from townsquare.kinds import KINDS
from townsquare.settings import Settings

SITE: Any = SimpleNamespace(
    community=SimpleNamespace(settings=Settings(site_url="https://example.org/site/"))
)
FILES: dict[str, bytes] = makings.made(schemas.makings(SITE.community), SITE)
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@cache
def schema(address: str) -> Any:
    return json.loads(FILES[address])


def faults(kind: str, front: Any) -> list[str]:
    checker = jsonschema.Draft202012Validator(schema(f"schemas/{kind}.json"))
    return [each.message for each in checker.iter_errors(front)]


def test_every_kind_has_a_schema_for_its_front_matter_and_for_its_data():
    names = set(FILES)
    assert {f"schemas/{kind.name}.json" for kind in KINDS} < names
    assert "schemas/api/posts.json" in names and "schemas/api/index.json" in names
    assert len(names) == 2 * len(KINDS) + 2 + len(report_schemas.FILES)


@pytest.mark.parametrize("address", sorted(FILES))
def test_a_schema_is_a_schema_and_names_its_own_address(address):
    jsonschema.Draft202012Validator.check_schema(schema(address))
    assert schema(address)["$id"] == f"https://example.org/site/{address}"
    data = FILES[address]
    assert data == canonical_json.encoded(schema(address)) and data.endswith(b"}\n")


def test_the_sample_is_valid_as_the_build_reads_it_and_as_editors_read_it(root: Path):
    choices, _ = settings.read(root)
    held, _ = library.load(root, choices, Clock(NOW, choices.timezone))
    assert len(held.entries) > 20
    for entry in held.entries:
        assert faults(entry.kind.name, entry.source.front) == [], entry.path
        text = (root / entry.path).read_text("utf-8").split("---\n", 2)[1]
        assert faults(entry.kind.name, yaml.load(text, Loader=Core)) == [], entry.path


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors read it: no dates, no `yes`, no `on`, no 18:00 as 1080."""


_CORE = {
    "bool": ("true|false", "tf"),
    "int": ("[-+]?[0-9]+", "-+0123456789"),
    "float": (r"[-+]?[0-9]*\.[0-9]+", "-+.0123456789"),
    "null": ("~|null|", ["~", "n", ""]),
}
Core.yaml_implicit_resolvers = {}
for _name, (_form, _first) in _CORE.items():
    Core.add_implicit_resolver(
        f"tag:yaml.org,2002:{_name}", re.compile(f"^(?:{_form})$"), [*_first]
    )


@every_kind
def test_a_new_entry_is_valid(kind):
    text = new.text(kind, "A title", NOW.date(), Settings())
    parsed, _ = source.parse("new.md", text)
    assert parsed and faults(kind.name, parsed.front) == []


@every_kind
def test_every_example_is_valid(kind):
    for name, part in schema(f"schemas/{kind.name}.json")["properties"].items():
        checker = jsonschema.Draft202012Validator(
            {**part, "$defs": schema(f"schemas/{kind.name}.json")["$defs"]}
        )
        assert part["description"] and part["title"] == name
        for each in part["examples"]:
            checker.validate(each)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("post", {"title": "A"}),
        ("post", {"title": "A", "date": "21.5.2026"}),
        ("post", {"title": "A", "date": "2026-05-21", "drafft": "yes"}),
        ("post", {"title": "A", "date": "2026-05-21", "draft": "perhaps"}),
        ("post", {"title": ["A"], "date": "2026-05-21"}),
        ("post", {"title": "A", "date": "2026-05-21", "media": {"type": "smell"}}),
        ("post", {"title": "A", "date": "2026-05-21", "canonical": "example.org"}),
        ("post", {"title": "A", "date": "2026-05-21", "media": {"type": "audio", "bytes": -1}}),
        ("event", {"title": "A", "start": "2026-05-21", "status": "maybe"}),
        ("event", {"title": "A", "start": "2026-05-21", "timezone": "CET"}),
        ("event", {"title": "A", "start": "2026-05-21", "changes": ["2026-05-21"]}),
        ("event", {"title": "A", "start": "2026-05-21", "duration": "an hour"}),
        ("person", {"title": "A", "links": [{"title": "x"}]}),
        ("guideline", {"title": "A", "type": "law", "version": "1", "status": "active"}),
        ("page", {"title": "A", "review_every": "sometimes"}),
        ("partner", {"title": "A", "url": "https://example.org", "logo": "x.svg"}),
    ],
)
def test_what_is_wrong_is_refused(kind, wrong):
    assert len(faults(kind, wrong)) > 0


@pytest.mark.parametrize(
    ("kind", "right"),
    [
        ("post", {"title": 2026, "date": "2026-05-21", "tags": "one", "draft": True, "id": None}),
        ("post", {"title": "A", "date": "2026-05-21 18:00", "authors": "ana"}),
        ("post", {"title": "A", "date": "2026-05-21", "authors": [{"name": "Bo"}, "ana"]}),
        ("event", {"title": "A", "start": "2026-05-21", "place": "Town Hall", "capacity": 40}),
        ("event", {"title": "A", "start": "2026-05-21", "place": {"geo": [52.5, "13.4"]}}),
        ("guideline", {"title": "A", "type": "policy", "version": 1.0, "status": "draft"}),
    ],
)
def test_every_way_of_writing_is_taken(kind, right):
    assert faults(kind, right) == []


@every_kind
def test_every_field_is_described_for_the_reference(kind):
    rows = describe(kind)
    names = [row.name for row in rows if "." not in row.name]
    assert sorted(names) == sorted(schema(f"schemas/{kind.name}.json")["properties"])
    assert names[0] == "title"
    for row in rows:
        assert row.meaning and row.form and row.example and row.group, row
        assert "…" not in row.example, row


def test_fields_inside_fields_have_dotted_names():
    rows = {row.name: row for row in describe(next(k for k in KINDS if k.name == "post"))}
    assert rows["image"].form == "fields"
    assert (rows["image.src"].required, rows["image.src"].example) == (True, "cover.png")
    assert rows["authors"].form == "a list; each: fields, or its `person` alone"
    assert rows["media.type"].form == "one of `video`, `audio`"
    assert rows["draft"].form == "yes or no"
    assert rows["date"].form == "as in `2026-05-21 18:00`"
    assert rows["event"].form == "the id of an event"
