"""The podcast: what apps and directories require."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid5

import pytest
from communities import community, made_by
from feed_readers import parsed
from lxml import etree

from townsquare import feeds

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
EPISODE = """
    ---
    title: Episode & one
    date: 2026-01-05
    image: {src: one.png, alt: A microphone}
    media: {type: audio, file: one.mp3, duration: 1h2m, transcript: ../transcripts/one.md}
    ---
    What we spoke about.
    """
FILES = {
    "content/blog/one.md": EPISODE,
    "content/blog/one.mp3": "0123456789",
    "content/blog/one.png": "x",
    "content/transcripts/one.md": "---\ntitle: Transcript\n---\nWords.\n",
    "content/blog/two.md": (
        "---\ntitle: Two\ndate: 2026-02-05\n"
        "media: {type: audio, url: 'https://media.example.org/two.m4a?x=1', bytes: 99}\n---\n"
    ),
    "content/blog/film.md": (
        "---\ntitle: Film\ndate: 2026-03-05\n"
        "media: {type: video, url: https://media.example.org/film.mp4}\n---\n"
    ),
    "content/blog/plain.md": "---\ntitle: Plain\ndate: 2026-01-01\n---\n",
}


def podcast(root: Path, files: dict[str, str]) -> bytes:
    found = community(root, files)
    return made_by(feeds, found)["podcast.xml"]


def channel(root: Path, files: dict[str, str] = FILES):
    return etree.fromstring(podcast(root, files))[0]


def test_only_posts_with_sound_are_episodes(tmp_path):
    titles = [item.findtext("title") for item in channel(tmp_path).iterfind("item")]
    assert titles == ["Two", "Episode & one"]


def test_a_community_without_sound_has_no_podcast(tmp_path):
    found = community(tmp_path, {"content/blog/plain.md": FILES["content/blog/plain.md"]})
    assert "podcast.xml" not in made_by(feeds, found)
    assert "podcast.xml" not in feeds.machines(found)


def test_an_episode_has_its_file_with_size_type_and_length(tmp_path):
    two, one = channel(tmp_path).iterfind("item")
    assert dict(one.find("enclosure").attrib) == {
        "url": "https://example.org/site/blog/one.mp3", "length": "10", "type": "audio/mpeg",
    }  # fmt: skip
    assert dict(two.find("enclosure").attrib) == {
        "url": "https://media.example.org/two.m4a?x=1", "length": "99", "type": "audio/mp4",
    }  # fmt: skip
    assert one.findtext(f"{ITUNES}duration") == "3720"
    assert dict(one.find(f"{PODCAST}transcript").attrib) == {
        "url": "https://example.org/site/transcripts/one/", "type": "text/html",
    }  # fmt: skip


@pytest.mark.parametrize(
    "tag", ["title", "link", "description", "language", f"{ITUNES}author", f"{ITUNES}explicit"]
)
def test_the_channel_has_what_directories_require(tmp_path, tag):
    (found,) = channel(tmp_path).findall(tag)
    assert found.text


def test_the_channel_has_a_category_and_a_picture(tmp_path):
    found = channel(tmp_path)
    assert found.find(f"{ITUNES}category").get("text") == "Society & Culture"
    assert found.find(f"{ITUNES}image").get("href") == "https://example.org/site/blog/one.png"


def test_a_cover_beside_the_front_page_is_the_picture(tmp_path):
    found = channel(tmp_path, FILES | {"content/podcast.png": "x"})
    assert found.find(f"{ITUNES}image").get("href") == "https://example.org/site/podcast.png"


def test_the_guid_is_made_from_the_authority_so_that_a_move_keeps_it(tmp_path):
    space = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
    expected = uuid5(space, "example.org,2026/podcast.xml")
    assert channel(tmp_path).findtext(f"{PODCAST}guid") == str(expected)


def test_feedparser_reads_the_podcast(tmp_path):
    found = parsed(podcast(tmp_path, FILES))
    assert [len(entry.enclosures) for entry in found.entries] == [1, 1]
    assert found.feed.image.href == "https://example.org/site/blog/one.png"
