"""Everything public as data, nothing hidden, valid by its own schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from communities import community, made_by
from feed_readers import utc

from townsquare import api, schemas

FILES = {
    "content/tags.yml": "news:\n  title: News\n  description: What is new.\nnone:\n  title: None\n",
    "content/index.md": "---\ntitle: Home\nreview_every: 6 months\nowner: ana\n---\nWelcome.\n",
    "content/blog/a.md": """
        ---
        title: "Größe <b> & more"
        date: 2026-01-05
        authors: [ana, quiet, secret, {name: Bo}]
        tags: [News]
        event: fair
        image: {src: a.png, alt: A}
        media: {type: audio, file: none.mp3, duration: 1h2m}
        aliases: [/old/]
        ---
        The *first* paragraph.
        """,
    "content/blog/a.png": "x",
    "content/blog/draft.md": "---\ntitle: Secret\ndate: 2026-01-05\ndraft: yes\n---\n",
    "content/people/ana.md": "---\ntitle: Ana\ngit: [Secret Name]\n---\n",
    "content/people/quiet.md": "---\ntitle: Quiet\nlisted: no\n---\n",
    "content/people/secret.md": "---\ntitle: Bashful\ndraft: yes\n---\n",
    "events/fair.md": """
        ---
        title: Fair
        start: 2026-10-22 18:00
        end: 19:30
        timezone: America/New_York
        repeat: {every: week, times: 40}
        changes:
          2026-12-03: {status: cancelled, status_note: Holiday}
        organisers: [ana]
        part_of: days
        registration: {url: https://example.org/r, closes: 2026-10-20 12:00}
        place: {name: Hall, geo: [52.5, 13.4]}
        ---
        """,
    "events/days.md": "---\ntitle: Days\nstart: 2026-10-22\nexpires: 2026-10-30\n---\n",
    "events/camp.md": "---\ntitle: Camp\nstart: 2026-12-22\nend: 2026-12-24\n---\n",
    "guidelines/coc.md": """
        ---
        title: Code
        type: policy
        version: 1.0
        status: active
        effective: 2026-01-01
        ladder: [{rung: Word, event: Harm, consequence: Talk}]
        ---
        """,
    "guidelines/transparency/2026-H1.md": (
        "---\ntitle: Half\nperiod: 2026-H1\ncases: [{category: spam, count: 12}, "
        "{category: other, count: not collected}]\n---\n"
    ),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return made_by(api, community(tmp_path_factory.mktemp("community"), FILES))


def items(built: dict[str, bytes], name: str) -> dict[str, Any]:
    return {each["id"]: each for each in json.loads(built[f"api/{name}.json"])["items"]}


def test_every_kind_has_a_file_and_the_index_lists_them(built):
    listed = {each["name"]: each for each in json.loads(built["api/index.json"])["items"]}
    assert set(built) == {f"api/{name}.json" for name in (*listed, "index")}
    assert set(listed) == {
        "events", "former-texts", "guidelines", "guides", "pages", "partners", "paths", "people",
        "posts", "tags", "transparency",
    }  # fmt: skip
    assert listed["posts"] == {
        "name": "posts",
        "count": 1,
        "url": "https://example.org/site/api/posts.json",
        "schema": "https://example.org/site/schemas/api/posts.json",
    }


def test_every_file_is_valid_by_the_schema_that_it_names(built, tmp_path):
    made = made_by(schemas, community(tmp_path, FILES))
    for address, data in built.items():
        schema = json.loads(made[f"schemas/{address}"])
        whole = json.loads(data)
        assert whole["schema"] == schema["$id"]
        validator = jsonschema.Draft202012Validator(
            schema, format_checker=jsonschema.FormatChecker()
        )
        validator.validate(whole)
        whole["items"].append({"surprise": 1})
        assert not validator.is_valid(whole)


def test_a_schema_refuses_a_wrong_value(built, tmp_path):
    made = made_by(schemas, community(tmp_path, FILES))
    validator = jsonschema.Draft202012Validator(json.loads(made["schemas/api/posts.json"]))
    for name, wrong in (("date", 5), ("pages", "x"), ("authors", {"name": "Bo"})):
        whole = json.loads(built["api/posts.json"])
        whole["items"][0]["fields"][name] = wrong
        assert not validator.is_valid(whole), name


def test_an_entry_has_its_address_and_its_fields_by_their_own_names(built):
    post = items(built, "posts")["a"]
    assert post == {
        "id": "a",
        "title": "Größe <b> & more",
        "address": "blog/a/",
        "url": "https://example.org/site/blog/a/",
        "summary": "The first paragraph.",
        "published": "2026-01-04T23:00:00+00:00",
        "updated": "2026-01-04T23:00:00+00:00",
        "fields": {
            "date": "2026-01-05",
            "tags": [{"kind": "tag", "id": "news", "title": "News", "address": "tags/news/"}],
            "authors": [
                {
                    "person": {
                        "kind": "person", "id": "ana", "title": "Ana", "address": "people/ana/",
                    }
                },
                {"person": {"title": "Quiet"}},
                {"person": {"title": "Bashful"}},
                {"name": "Bo"},
            ],
            "event": {
                "kind": "event", "id": "fair", "title": "Fair", "address": "events/fair/",
            },
            "image": {"src": "https://example.org/site/blog/a.png", "alt": "A"},
            "media": {"type": "audio", "duration": "PT1H2M"},
            "sponsored": False,
        },
    }  # fmt: skip


def test_nothing_hidden_stands_in_any_file(built):
    for address, data in built.items():
        for word in (b"Secret", b"secret", b"/old/", b"Days", b"quiet"):
            assert word not in data, (address, word)
    assert set(items(built, "people")) == {"ana"}


def test_dates_have_the_offset_of_the_events_own_zone(built):
    fair = items(built, "events")["fair"]
    assert fair["fields"]["start"] == "2026-10-22T18:00:00-04:00"
    assert fair["fields"]["registration"]["closes"] == "2026-10-20T12:00:00-04:00"
    assert fair["fields"]["place"]["geo"] == [52.5, 13.4]
    assert "part_of" not in fair["fields"]


def test_occurrences_past_and_to_come_follow_the_clocks(built):
    held = items(built, "events")["fair"]["occurrences"]
    assert len(held) == 5 + 12
    assert [each["start"] for each in held[:3]] == [
        "2026-10-22T18:00:00-04:00",
        "2026-10-29T18:00:00-04:00",
        "2026-11-05T18:00:00-05:00",
    ]
    assert held[0]["end"] == "2026-10-22T19:30:00-04:00"
    (cancelled,) = [each for each in held if each["status"] == "cancelled"]
    assert cancelled == {
        "id": "2026-12-03",
        "title": "Fair",
        "start": "2026-12-03T18:00:00-05:00",
        "end": "2026-12-03T19:30:00-05:00",
        "timezone": "America/New_York",
        "status": "cancelled",
        "status_note": "Holiday",
        "url": "https://example.org/site/events/fair/#2026-12-03",
    }


def test_a_rule_is_told_as_calendars_write_it(built):
    assert items(built, "events")["fair"]["rule"].startswith("FREQ=WEEKLY")
    assert "rule" not in items(built, "events")["camp"]


def test_all_day_is_told_in_days_the_last_one_included(built):
    (held,) = items(built, "events")["camp"]["occurrences"]
    assert (held["start"], held["end"]) == ("2026-12-22", "2026-12-24")


def test_a_ladder_and_figures_are_data(built):
    assert items(built, "guidelines")["coc"]["fields"]["ladder"] == [
        {"rung": "Word", "event": "Harm", "consequence": "Talk"}
    ]
    half = items(built, "transparency")["2026-H1"]["fields"]
    assert half == {
        "period": "2026-H1",
        "cases": [
            {"category": "spam", "count": 12},
            {"category": "other", "count": "not collected"},
        ],
    }


def test_a_tag_lists_what_carries_it(built):
    tags = items(built, "tags")
    assert [each["id"] for each in tags["news"]["entries"]] == ["a"]
    assert (tags["none"]["entries"], tags["news"]["summary"]) == ([], "What is new.")


def test_bytes_are_canonical_and_the_same_in_another_folder(built, tmp_path: Path):
    again = made_by(api, community(tmp_path, dict(reversed(FILES.items()))))
    assert again == built
    for data in built.values():
        text = json.dumps(json.loads(data), ensure_ascii=False, sort_keys=True, indent=2) + "\n"
        assert data == text.encode()


def test_time_moves_an_occurrence_to_the_past_and_nothing_else(tmp_path):
    seen = community(tmp_path, FILES)
    made_by(api, seen)
    assert seen.clock.next_change == utc(2026, 11, 27, 0, 30)


def test_a_percent_safe_address_for_letters_of_any_script(tmp_path):
    text = "---\ntitle: A\ndate: 2026-01-05\n---\n"
    built = made_by(api, community(tmp_path, {"content/blog/größe.md": text}))
    post = items(built, "posts")["größe"]
    assert post["address"] == "blog/größe/"
    assert post["url"] == "https://example.org/site/blog/gr%C3%B6%C3%9Fe/"


def test_the_ladder_is_data_that_its_schema_describes(tmp_path):
    rung = {"rung": "Word", "event": "A slip", "consequence": "A talk", "repair": "A note"}
    old = "[{rung: Word, event: Harm, consequence: Talk}]"
    new = f"[{json.dumps(rung)}, {{rung: Pause, event: Again, consequence: A pause}}]"
    text = FILES["guidelines/coc.md"].replace(old, new)
    found = community(tmp_path, FILES | {"guidelines/coc.md": text})
    made = made_by(api, found) | made_by(schemas, found)
    data = json.loads(made["api/guidelines.json"])
    (ladder,) = [item["fields"]["ladder"] for item in data["items"]]
    assert ladder == [rung, {"rung": "Pause", "event": "Again", "consequence": "A pause"}]
    validator = jsonschema.Draft202012Validator(json.loads(made["schemas/api/guidelines.json"]))
    assert validator.is_valid(data)
    for name, wrong in (("consequence", 5), ("fine", "x")):
        ladder[1] = {**rung, name: wrong}
        assert not validator.is_valid(data), name
