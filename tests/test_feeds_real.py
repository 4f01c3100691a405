"""Feeds and data of whole communities: the sample, and with --full the real ones."""

from __future__ import annotations

import json
import re
from pathlib import Path

import communities
import jsonschema
import pytest
from feed_readers import ATOM, addresses_in, from_atom, from_json, from_rss, parsed
from json_feed import SCHEMA
from lxml import etree

from townsquare import api, feeds, schemas
from townsquare.community import Community
from townsquare.model import Published

WHOLE = re.compile(r"(?:https?://|mailto:)\S+")


def every_feed_is_right(found: Community) -> None:
    built = communities.made_by(feeds, found)
    for address, data in built.items():
        if not address.endswith(".xml"):
            continue
        parsed(data)
        read = from_rss(data) if b"<rss " in data[:300] else from_atom(data)
        assert len({each.id for each in read}) == len(read)
        for each in read:
            assert each.id.startswith("tag:") and WHOLE.fullmatch(each.url)
            assert "<script" not in each.content and "townsquare:" not in each.content
            for link in addresses_in(each.content):
                # Browsers drop line ends inside addresses, and authors wrap long ones.
                assert WHOLE.fullmatch(link.replace("\n", "")), (address, each.id, link)
    assert from_atom(built["atom.xml"]) == from_rss(built["rss.xml"])
    assert from_atom(built["atom.xml"]) == from_json(built["feed.json"])
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(built["feed.json"]))
    archived = [
        each.text
        for address, data in built.items()
        if address.startswith("feeds/archive/")
        for each in etree.fromstring(data).iterfind(f"{ATOM}entry/{ATOM}id")
    ]
    assert len(archived) == len(set(archived)) == len(found.library.visible(Published))


def every_data_file_is_valid(found: Community) -> None:
    made = communities.made_by(schemas, found)
    for address, data in communities.made_by(api, found).items():
        checker = jsonschema.Draft202012Validator(
            json.loads(made[f"schemas/{address}"]), format_checker=jsonschema.FormatChecker()
        )
        checker.validate(json.loads(data))


def test_the_samples_feeds_and_data_are_right(root: Path):
    found = communities.at(root)
    assert len(found.posts) > 10
    every_feed_is_right(found)
    every_data_file_is_valid(found)


@pytest.mark.full
def test_feeds_and_data_of_real_communities_are_right(corpora: Path):
    folders = [each for each in sorted(corpora.iterdir()) if each.is_dir()]
    assert folders
    for folder in folders:
        found = communities.at(folder)
        every_feed_is_right(found)
        every_data_file_is_valid(found)
