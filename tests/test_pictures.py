"""Published pictures show what they showed and say nothing else; what is none is refused."""

from __future__ import annotations

import io
import json
import subprocess
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner
from community_files import NOW, write
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms, ImageOps, PngImagePlugin

from judges import installed
from townsquare import attachments, build, cli, ledger, pictures

FORMS = {".jpg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".gif": "GIF", ".avif": "AVIF"}
PUBLISHED = attachments.published
SECRET = "Taken at home by Ana"
XMP = f"<x:xmpmeta><exif:GPSLatitude>52,30.0N</exif:GPSLatitude>{SECRET}</x:xmpmeta>".encode()


def drawn(mode: str = "RGB", size: tuple[int, int] = (40, 24)) -> Image.Image:
    """Something that looks different however it is turned."""
    picture = Image.new("RGB", size, "navy")
    picture.paste((250, 200, 0), (0, 0, size[0] // 2, size[1] // 3))
    picture.paste((0, 160, 60), (4, size[1] - 6, 12, size[1]))
    return picture.convert(mode)


def said(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x013B], exif[0x010E] = orientation, "Ana", SECRET
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 0.0), 3: "E", 4: (13.0, 24.0, 0.0)})
    exif.get_ifd(0x8769).update({0x9286: SECRET.encode()})
    return exif


def saved(picture: Image.Image, ending: str, **more: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, FORMS[ending], **more)
    return out.getvalue()


def pixels(data: bytes) -> Image.Image:
    """What somebody sees, turned as the picture asks."""
    return ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGBA")


def same(one: bytes, other: bytes) -> bool:
    first, second = pixels(one), pixels(other)
    return first.size == second.size and not ImageChops.difference(first, second).getbbox()


def told(data: bytes, ending: str, folder: Path) -> set[str]:
    """What exiftool reads in the file, but for what the picture itself consists of."""
    installed.program("exiftool")
    file = folder / f"published{ending}"
    file.write_bytes(data)
    line = ["exiftool", "-json", "-G1", "-a", "-u", "-U", "-ee3", str(file)]
    done = subprocess.run(line, check=True, capture_output=True)
    (found,) = json.loads(done.stdout)
    assert SECRET not in done.stdout.decode()
    groups = {name.partition(":")[0] for name in found if ":" in name}
    assert "ExifTool:Warning" not in found, found
    return groups - {"ExifTool", "System", "File", "Composite"}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp"])
def test_what_a_camera_says_is_gone_and_the_picture_is_turned_as_before(
    tmp_path, ending, orientation
):
    xmp = {} if ending == ".png" else {"xmp": XMP}
    data = saved(drawn(), ending, exif=said(orientation), **xmp)
    assert SECRET.encode() in data
    found = pictures.read(data, ending)
    assert found.located and same(found.data, data)
    assert (found.width, found.height) == (40, 24)
    assert pictures.read(found.data, ending) == pictures.Picture(40, 24, found.data)
    usual = {".jpg": {"JFIF"}, ".png": {"PNG"}, ".webp": {"RIFF"}}[ending]
    turned = {"IFD0"} if orientation > 1 else set()
    assert told(found.data, ending, tmp_path) <= usual | turned
    assert pictures.read(saved(drawn(), ending), ending).located is False


@pytest.mark.parametrize(
    ("ending", "picture", "how"),
    [
        (".jpg", drawn(), {"comment": SECRET, "progressive": True, "quality": 60}),
        (".jpg", drawn("CMYK"), {"exif": said()}),
        (".jpg", drawn("L"), {"exif": said(), "restart_marker_rows": 1}),
        (".png", drawn("P"), {"exif": said()}),
        (".png", drawn("RGBA"), {"exif": said()}),
        (".png", drawn("LA"), {"exif": said()}),
        (".png", Image.frombytes("I;16", (4, 2), bytes(range(16))), {"exif": said()}),
        (".png", drawn("1"), {}),
        (".gif", drawn("P"), {"comment": SECRET}),
        (".webp", drawn("RGBA"), {"lossless": True, "exif": said()}),
        (".avif", drawn(), {}),
    ],
)
def test_pictures_of_every_sort_look_as_they_did(tmp_path, ending, picture, how):
    data = saved(picture, ending, **how)
    found = pictures.read(data, ending)
    assert same(found.data, data) and SECRET.encode() not in found.data
    told(found.data, ending, tmp_path)


def test_the_profile_of_colours_stays(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for ending in (".jpg", ".png", ".webp"):
        data = saved(drawn(), ending, icc_profile=profile, exif=said())
        kept = pictures.read(data, ending).data
        assert Image.open(io.BytesIO(kept)).info["icc_profile"] == profile
        assert SECRET.encode() not in kept


@pytest.mark.parametrize("ending", [".gif", ".png", ".webp"])
def test_animations_go_on_moving(ending):
    frames = [drawn(), ImageOps.mirror(drawn()), ImageOps.flip(drawn())]
    data = saved(frames[0], ending, save_all=True, append_images=frames[1:], loop=0, duration=90)
    kept = Image.open(io.BytesIO(pictures.read(data, ending).data))
    before = Image.open(io.BytesIO(data))
    assert kept.n_frames == before.n_frames == 3
    for number in range(3):
        kept.seek(number)
        before.seek(number)
        assert kept.convert("RGBA").tobytes() == before.convert("RGBA").tobytes()
        assert kept.info.get("duration") == before.info.get("duration")
        assert kept.info.get("loop") == before.info.get("loop") == 0


def test_text_in_a_png_is_gone(tmp_path):
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", SECRET)
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    info.add_text("Comment", SECRET, zip=True)
    found = pictures.read(saved(drawn(), ".png", pnginfo=info), ".png")
    assert found.located and told(found.data, ".png", tmp_path) == {"PNG"}


@pytest.mark.parametrize("ending", [".jpg", ".png", ".gif", ".webp"])
def test_what_stands_behind_a_picture_is_gone(ending):
    data = saved(drawn(), ending)
    assert pictures.read(data + b"<script>alert(1)</script>PK\3\4", ending).data == data


@pytest.mark.parametrize("ending", FORMS)
def test_a_picture_that_is_cut_off_is_refused(ending):
    data = saved(drawn(), ending)
    for size in range(len(data) - 1):
        with pytest.raises(pictures.NoPicture):
            pictures.read(data[:size], ending)


@pytest.mark.parametrize("ending", FORMS)
@pytest.mark.parametrize("held", FORMS)
def test_a_file_is_what_its_name_says(ending, held):
    data = saved(drawn(), held)
    if held == ending:
        pictures.read(data, ending)
    else:
        with pytest.raises(pictures.NoPicture, match="and its name says"):
            pictures.read(data, ending)


@pytest.mark.parametrize("text", [b"<html><script>1</script>", b"", b"%PDF-1.7", b"GIF", b"RIFF"])
@pytest.mark.parametrize("ending", pictures.ENDINGS)
def test_a_page_is_no_picture(ending, text):
    with pytest.raises(pictures.NoPicture, match="no picture of any kind"):
        pictures.read(text, ending)


def test_a_picture_of_a_billion_pixels_is_refused_unseen():
    """30,000 by 30,000 in a few hundred bytes: nobody unpacks them to find out."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)

    head = (30_000).to_bytes(4) * 2 + b"\x01\0\0\0\0"
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    with pytest.raises(pictures.NoPicture, match="30000 × 30000 pixels, at most 50,000,000"):
        pictures.read(b"\x89PNG\r\n\x1a\n" + parts, ".png")


SAMPLES = {ending: saved(drawn(), ending) for ending in FORMS}


@given(st.sampled_from(sorted(FORMS)), st.data())
def test_no_bytes_do_anything_but_be_read_or_refused(ending, data):
    whole = bytearray(SAMPLES[ending])
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
    try:
        found = pictures.read(bytes(whole), ending)
    except pictures.NoPicture:
        return
    assert pictures.read(found.data, ending).data == found.data


POST = "---\ntitle: A\ndate: 2026-01-05\n---\n![A garden](garden.jpg)\n"


def test_the_site_has_the_picture_and_the_author_is_told_of_the_place(tmp_path):
    root = write(tmp_path, {"content/blog/a.md": POST})
    data = saved(drawn(), ".jpg", exif=said(6))
    (root / "content/blog/garden.jpg").write_bytes(data)
    checked = build.check(root, now=NOW)
    assert [(each.code, each.place.path) for each in checked.problems] == [
        ("picture_located", "content/blog/garden.jpg")
    ]
    plan = build.plan(checked, previous=ledger.Previous())
    shown = attachments.published(plan.assets["blog/garden.jpg"])
    assert same(shown, data) and SECRET.encode() not in shown


def test_a_picture_is_read_once_and_made_anew_when_it_is_another(tmp_path, monkeypatch):
    root = write(tmp_path, {"content/blog/a.md": POST, "content/index.md": "---\ntitle: H\n---\n"})
    picture, shown = root / "content/blog/garden.jpg", root / "site/blog/garden.jpg"
    read: list[str] = []
    monkeypatch.setattr(
        attachments, "published", lambda file: read.append(file.name) or PUBLISHED(file)
    )

    def built() -> list[str]:
        read.clear()
        line = ["build", "--root", str(root), "--now", "2026-11-23T12:00:00Z"]
        assert CliRunner().invoke(cli.main, line).exit_code == 0
        return list(read)

    picture.write_bytes(saved(drawn(), ".jpg", exif=said(6)))
    assert built() == ["garden.jpg"]
    first = shown.read_bytes()
    assert SECRET.encode() not in first
    (root / "content/blog/a.md").write_text(POST + "More.\n")
    assert built() == [] and shown.read_bytes() == first
    picture.write_bytes(saved(ImageOps.mirror(drawn()), ".jpg", exif=said(3)))
    assert built() == ["garden.jpg"]
    assert (
        same(shown.read_bytes(), picture.read_bytes()) and SECRET.encode() not in shown.read_bytes()
    )
