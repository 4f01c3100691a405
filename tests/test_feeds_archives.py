"""All posts in parts that never change: RFC 5005."""

from __future__ import annotations

from pathlib import Path

from communities import community, made_by
from feed_readers import ATOM, from_atom, parsed
from lxml import etree

from townsquare import feeds

HISTORY = "{http://purl.org/syndication/history/1.0}"


POST = "---\ntitle: P{}\ndate: {}-{:02}-01\n---\n"


def built(root: Path, count: int) -> dict[str, bytes]:
    files = {
        f"content/blog/p{n:03}.md": POST.format(n, 2010 + n // 12, n % 12 + 1) for n in range(count)
    }
    found = community(root, {"content/index.md": "---\ntitle: Home\n---\n", **files})
    return made_by(feeds, found)


def links(data: bytes) -> dict[str, str]:
    found = etree.fromstring(data).findall(f"{ATOM}link")
    return {
        each.get("rel"): each.get("href").removeprefix("https://example.org/site/")
        for each in found
    }


def parts(found: dict[str, bytes]) -> dict[str, bytes]:
    return {at: data for at, data in found.items() if at.startswith("feeds/archive/")}


def test_every_post_stands_in_one_part_the_oldest_in_the_first(tmp_path):
    found = parts(built(tmp_path, 120))
    ids = [[each.id.rpartition(":")[2] for each in from_atom(data)] for data in found.values()]
    assert [len(each) for each in ids] == [50, 50, 20]
    assert [ids[0][-1], ids[0][0]] == ["p000", "p049"]
    assert len({each for part in ids for each in part}) == 120


def test_the_parts_lead_from_the_feed_to_the_oldest_and_back(tmp_path):
    found = built(tmp_path, 120)
    at, seen = links(found["atom.xml"])["prev-archive"], []
    while at:
        seen.append(at)
        assert links(found[at])["current"] == "atom.xml"
        assert links(found[at])["self"] == at
        at = links(found[at]).get("prev-archive", "")
    assert seen == ["feeds/archive/3.xml", "feeds/archive/2.xml", "feeds/archive/1.xml"]
    for older, newer in ((3, 2), (2, 1)):
        assert links(found[f"feeds/archive/{newer}.xml"])["next-archive"] == (
            f"feeds/archive/{older}.xml"
        )
    assert "next-archive" not in links(found["feeds/archive/3.xml"])


def test_a_part_says_that_it_is_an_archive_of_the_same_feed(tmp_path):
    found = built(tmp_path, 60)
    for data in parts(found).values():
        feed = etree.fromstring(data)
        assert feed.find(f"{HISTORY}archive") is not None
        assert feed.findtext(f"{ATOM}id") == "tag:example.org,2026:feed:posts"
        parsed(data)
    assert etree.fromstring(found["atom.xml"]).find(f"{HISTORY}archive") is None


def test_a_full_part_never_changes_again(tmp_path):
    before, after = built(tmp_path / "a", 50), built(tmp_path / "b", 51)
    assert (
        list(parts(before)) == list(parts(after)) == ["feeds/archive/1.xml", "feeds/archive/2.xml"]
    )
    assert before["feeds/archive/1.xml"] == after["feeds/archive/1.xml"]
    assert len(from_atom(before["feeds/archive/2.xml"])) == 0
    assert len(from_atom(after["feeds/archive/2.xml"])) == 1


def test_a_community_without_posts_has_one_empty_part(tmp_path):
    found = built(tmp_path, 0)
    assert list(parts(found)) == ["feeds/archive/1.xml"]
    assert from_atom(found["feeds/archive/1.xml"]) == []
