"""The podcast: what apps and directories require."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid5

import pytest
from communities import community, context, made_by, of_each
from feed_readers import parsed
from lxml import etree
from PIL import Image

from townsquare import feeds, podcasts, settings
from townsquare.checks import recordings

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


SETTINGS = """
    site_name: Test
    site_url: https://example.org/site/
    extra:
      townsquare:
        authority: example.org,2026
        podcast:
          title: Twelve minutes
          description: Short talks.
          author: The desk
          category: "society & culture>relationships"
          explicit: yes
          owner: mailto:desk@example.org
          locked: yes
          guid: 917393E3-1B1E-5CEF-ACE4-EDAA54E1F810
    """


def test_the_settings_describe_the_show(tmp_path):
    found = channel(tmp_path, FILES | {"mkdocs.yml": SETTINGS})
    assert found.findtext("title") == "Twelve minutes"
    assert found.findtext("description") == "Short talks."
    assert found.findtext(f"{ITUNES}author") == "The desk"
    assert found.findtext(f"{ITUNES}explicit") == "true"
    whole = found.find(f"{ITUNES}category")
    assert whole.get("text") == "Society & Culture"
    assert whole.find(f"{ITUNES}category").get("text") == "Relationships"
    locked = found.find(f"{PODCAST}locked")
    assert (locked.text, locked.get("owner")) == ("yes", "desk@example.org")
    assert found.findtext(f"{PODCAST}guid") == "917393e3-1b1e-5cef-ace4-edaa54e1f810"


def test_without_settings_the_show_is_open_and_for_everybody(tmp_path):
    found = channel(tmp_path)
    locked = found.find(f"{PODCAST}locked")
    assert (locked.text, dict(locked.attrib)) == ("no", {})
    assert found.findtext(f"{ITUNES}explicit") == "false"
    assert found.findtext("title") == "Test Commons"


@pytest.mark.parametrize(("show", "episode", "expected"), [
    ("no", "", "false"), ("yes", "", "true"), ("no", "yes", "true"), ("yes", "no", "false"),
])  # fmt: skip
def test_an_episode_is_as_explicit_as_the_show_unless_it_says_so(tmp_path, show, episode, expected):
    media = "media: {type: audio, url: 'https://e.example/a.mp3'"
    stated = f", explicit: {episode}" if episode else ""
    files = {
        "mkdocs.yml": SETTINGS.replace("explicit: yes", f"explicit: {show}"),
        "content/blog/a.md": f"---\ntitle: A\ndate: 2026-01-05\n{media}{stated}}}\n---\n",
    }
    (item,) = channel(tmp_path, files).iterfind("item")
    assert item.findtext(f"{ITUNES}explicit") == expected


def test_captions_are_transcripts_with_times_in_their_languages(tmp_path):
    captions = "[a.vtt, {file: a.de.vtt, language: de}]"
    media = f"media: {{type: audio, url: 'https://e.example/a.mp3', captions: {captions}}}"
    files = {
        "content/blog/a.md": f"---\ntitle: A\ndate: 2026-01-05\n{media}\n---\n",
        "content/blog/a.vtt": "WEBVTT\n",
        "content/blog/a.de.vtt": "WEBVTT\n",
    }
    (item,) = channel(tmp_path, files).iterfind("item")
    first, second = (dict(found.attrib) for found in item.iterfind(f"{PODCAST}transcript"))
    usual = {"type": "text/vtt", "rel": "captions"}
    assert first == {"url": "https://example.org/site/blog/a.vtt", **usual}
    assert second == {"url": "https://example.org/site/blog/a.de.vtt", "language": "de", **usual}


@pytest.mark.parametrize(
    ("line", "code"), [("category: Societies", "value_not_listed"), ("guid: 12", "value_invalid")]
)
def test_what_directories_would_refuse_is_told_before(tmp_path, line, code):
    text = f"site_name: T\nextra: {{townsquare: {{podcast: {{{line}}}}}}}\n"
    (tmp_path / "mkdocs.yml").write_text(text, encoding="utf-8")
    (found,) = settings.read(tmp_path)[1]
    assert (found.code, found.place.line) == (code, 2)


MEDIA = "---\ntitle: A\ndate: 2026-01-05\nmedia: {{type: {0}, url: 'https://e.example/a.mp4'{1}}}\n---\n"
TEXTS = {"content/blog/a.vtt": "WEBVTT\n"}


@pytest.mark.parametrize(("kind", "more", "faults"), [
    ("audio", "", 1), ("audio", ", captions: a.vtt", 1), ("audio", ", transcript: a.vtt", 0),
    ("video", "", 1), ("video", ", captions: a.vtt", 0), ("video", ", transcript: a.vtt", 0),
])  # fmt: skip
def test_what_is_said_can_be_read(tmp_path, kind, more, faults):
    seen = context(tmp_path, TEXTS | {"content/blog/a.md": MEDIA.format(kind, more)})
    assert len(of_each(recordings.transcript_missing)(seen)) == faults


@pytest.mark.parametrize(("kind", "cover", "faults"), [
    ("audio", "podcast.gif", 1), ("audio", "podcast.png", 0), ("audio", "podcast.jpg", 0),
    ("video", "podcast.gif", 0),
])  # fmt: skip
def test_a_podcast_has_a_picture(tmp_path, kind, cover, faults):
    seen = context(tmp_path, {"content/blog/a.md": MEDIA.format(kind, ""), f"content/{cover}": "x"})
    assert len(list(recordings.podcast_cover_missing(seen))) == faults


@pytest.mark.parametrize(("kind", "more", "faults"), [
    ("audio", "", 1), ("audio", ", bytes: 9", 0), ("video", "", 0), ("audio", ", file: a.vtt", 0),
])  # fmt: skip
def test_an_episode_elsewhere_says_how_large_it_is(tmp_path, kind, more, faults):
    seen = context(tmp_path, TEXTS | {"content/blog/a.md": MEDIA.format(kind, more)})
    assert len(of_each(recordings.recording_size_unknown)(seen)) == faults


def test_the_sample_s_cover_is_one_that_directories_take(root):
    with Image.open(root / podcasts.COVERS[1]) as cover:
        assert cover.width == cover.height
        assert 1400 <= cover.width <= 3000
        assert cover.format == "PNG"
