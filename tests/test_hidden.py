"""What is hidden takes with it what belongs to it alone."""

from __future__ import annotations

from pathlib import Path

from community_files import NOW, write

from townsquare import build, ledger

POST = "---\ntitle: {0}\ndate: 2026-01-05\n{1}---\n{2}\n"
GUIDELINE = """---
title: Photos
type: policy
version: 2.0
status: active
effective: 2026-01-05
{}---
Ask first.
"""
FORMER = "---\ntitle: Photos\nversion: 1.0\n---\nFormer text.\n"


def planned(root: Path) -> build.Plan:
    return build.plan(build.check(root, now=NOW), previous=ledger.Previous())


def test_a_picture_that_only_hidden_entries_name_is_not_published(tmp_path: Path) -> None:
    for name in ("secret", "cover", "shared", "loose"):
        write(tmp_path, {f"content/blog/{name}.png": "picture"})
    draft = "draft: yes\nimage: {src: cover.png, alt: A cover}\n"
    shown = "![Shared](shared.png)"
    write(
        tmp_path,
        {
            "content/blog/a.md": POST.format("A", draft, f"![Secret](secret.png) {shown}"),
            "content/blog/b.md": POST.format("B", "", shown),
        },
    )
    assert set(planned(tmp_path).assets) == {"blog/shared.png", "blog/loose.png"}


def test_former_texts_are_hidden_with_their_document(tmp_path: Path) -> None:
    archived = {"guidelines/archive/photos/1.0.md": FORMER}
    write(tmp_path, {"guidelines/photos.md": GUIDELINE.format(""), **archived})
    assert "guidelines/archive/photos/1.0/" in {p.address for p in planned(tmp_path).pages}
    write(tmp_path, {"guidelines/photos.md": GUIDELINE.format("draft: yes\n")})
    plan = planned(tmp_path)
    assert "guidelines/archive/photos/1.0/" not in {p.address for p in plan.pages}
    assert not [path for path, data in plan.files.items() if b"Former text" in data]


def test_an_old_address_that_names_a_file_redirects(tmp_path: Path) -> None:
    write(tmp_path, {"content/blog/a.md": POST.format("A", "aliases: [/2019/a.html]\n", "Text")})
    plan = planned(tmp_path)
    assert b'url=http://localhost:8000/blog/a/"' in plan.files["2019/a.html"]
    assert "2019/a.html" not in {page.address for page in plan.pages}


def test_a_link_to_a_hidden_entrys_old_address_is_reported(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "content/blog/a.md": POST.format("A", "draft: yes\naliases: [/old/]\n", "Text"),
            "content/blog/b.md": POST.format("B", "", "[old](/old/)"),
        },
    )
    assert [p.code for p in build.check(tmp_path, now=NOW).problems] == ["link_broken"]
