"""The site around the articles: what the theme makes of our pages, and what it may not."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import lxml.html
import pytest
from community_files import picture as shades
from markupsafe import escape
from mkdocs.commands.build import build as build_with_mkdocs

from townsquare import build, ledger, search, site, sitemap
from townsquare.bodies import Heading
from townsquare.pages import FeedLink, Footer, Page
from townsquare.problems import SetupError
from townsquare.settings import Settings
from townsquare.site import configuration, events, mending
from townsquare.site.events import ARTICLE
from townsquare.site.surroundings import Surroundings, of_plan
from townsquare.site.theme import Theme
from townsquare.slots import contents

NASTY = 'A <script>alert("x")</script> & "more" \'ends\''
SETTINGS = Settings(
    site_name='R&D "Square" <b>',
    site_url="https://example.org/town/",
    site_description="A <community> & friends",
    repo_url="https://github.com/example/town",
    copyright="CC BY 4.0",
)


@dataclass(frozen=True)
class Plan:
    pages: tuple[Page, ...]
    files: dict[str, bytes] = field(default_factory=dict)
    assets: dict[str, Path] = field(default_factory=dict)
    footer: Footer = field(default_factory=Footer)


def page(address: str, title: str = "", **facts: object) -> Page:
    return Page(address, title or address or "Welcome", "none.html", **facts)


HOME = page("", in_nav=True, order=1)
BLOG = page("blog/", "Blog", in_nav=True, order=10)
POST = page(
    "blog/2026/x/",
    NASTY,
    section="blog/",
    source="content/blog/2026/x.md",
    description=NASTY,
    headings=(Heading(2, "one", NASTY), Heading(3, "two", "Two"), Heading(2, "three", "Three")),
    feeds=(FeedLink(NASTY, "feeds/tags/x.xml"),),
    structured={"name": "</script><!--" + NASTY},
    image="blog/2026/x.png",
)
GUIDES = (
    page("onboarding/", "Onboarding", in_nav=True, order=30),
    page("onboarding/second/", "Second", in_nav=True, order=2, section="onboarding/"),
    page("onboarding/first/", "First", in_nav=True, order=1, section="onboarding/"),
    page("onboarding/paths/author/", "Author", in_nav=True, section="onboarding/"),
)
ALONE = (
    page("about/", "About", in_nav=True, order=70, source="content/about.md"),
    page("imprint/", "Imprint", in_nav=True, order=80, source="content/imprint.md"),
)
HIDDEN = page("gone/", "Gone", indexed=False)
PAGES = (HOME, BLOG, POST, *GUIDES, *ALONE, HIDDEN)


def article(of: Page) -> str:
    return f"<h1>{escape(of.title)}</h1>\n\n\n<pre>  kept\n\n as it is</pre>"


def planned(*pages: Page, files: dict[str, bytes] | None = None, **plan: object) -> Plan:
    every = (*pages, search.page())
    return Plan(every, sitemap.files(to_be_found(every), SETTINGS) | (files or {}), **plan)


def to_be_found(pages: Iterable[Page]) -> list[str]:
    return [page.address for page in pages if page.indexed]


def built(root: Path, *pages: Page, settings: Settings = SETTINGS, **plan: object) -> Path:
    out = root / "out"
    ours = Surroundings(planned(*(pages or PAGES), **plan), settings, article)
    site.build(ours, root, out)
    return out


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    return built(tmp_path_factory.mktemp("community"))


def html(out: Path, address: str) -> str:
    return (out / address / "index.html").read_text(encoding="utf-8")


def mkdocs_yml(root: Path, *lines: str) -> None:
    standard = ["site_name: A", "theme: {name: material}", "plugins: []"]
    (root / "content").mkdir(exist_ok=True)
    (root / "mkdocs.yml").write_text("\n".join([*standard, *lines]) + "\n", encoding="utf-8")


def test_every_page_stands_at_its_address_with_its_article_as_it_was_rendered(out):
    for each in PAGES:
        assert html(out, each.address).count(article(each)) == 1


def test_no_title_or_description_is_markup_anywhere_on_any_page(out):
    for file in out.rglob("*.html"):
        rest = file.read_text(encoding="utf-8").replace(article(POST), "")
        assert "<script>alert" not in rest
        assert "<community>" not in rest
        assert "<b>" not in rest


def test_titles_are_escaped_once(out, tmp_path):
    section = page("onboarding/", "R&D", in_nav=True)
    inside = built(tmp_path, HOME, section, page("onboarding/x/", NASTY, in_nav=True))
    for file in inside.rglob("*.html"):
        assert "&amp;amp;" not in file.read_text(encoding="utf-8")
    text = html(out, POST.address)
    assert f"<title>{escape(NASTY)} - {escape(SETTINGS.site_name)}</title>" in text
    assert "&amp;lt;" not in text
    assert "&amp;amp;" not in text


def test_structured_data_cannot_end_its_script(out):
    text = html(out, POST.address)
    data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert [json.loads(each) for each in data] == [POST.structured]


def test_the_head_names_the_canonical_address_and_every_feed(out):
    head = html(out, POST.address).partition("</head>")[0]
    assert '<link rel="canonical" href="https://example.org/town/blog/2026/x/">' in head
    for feed in ("../../../feeds/tags/x.xml", "../../../rss.xml", "../../../atom.xml"):
        assert f'href="{feed}"' in head
    assert '<meta property="og:image" content="https://example.org/town/blog/2026/x.png">' in head
    assert "generator" not in head


def test_a_page_that_is_not_to_be_found_says_so_and_is_not_in_the_sitemap(out):
    assert '<meta name="robots" content="noindex">' in html(out, HIDDEN.address)
    assert 'rel="canonical"' not in html(out, HIDDEN.address)
    listed = re.findall("<loc>(.*)</loc>", (out / "sitemap.xml").read_text(encoding="utf-8"))
    assert listed == [SETTINGS.absolute(p) for p in sorted(p.address for p in PAGES if p.indexed)]


def test_a_sitemap_is_the_same_whenever_it_is_made():
    listed = to_be_found(PAGES)
    assert sitemap.files(listed, SETTINGS) == sitemap.files(reversed(listed), SETTINGS)


def test_the_edit_link_leads_to_the_file_in_the_repository(out):
    edit = "https://github.com/example/town/edit/main/content/blog/2026/x.md"
    assert f'<a href="{edit}"' in html(out, POST.address)
    assert 'rel="edit"' not in html(out, BLOG.address)


def tabs(text: str) -> list[tuple[str, str, bool]]:
    bar = text.partition('class="md-tabs__list"')[2].partition("</nav>")[0]
    found = re.findall(r'<li class="([^"]*)">\s*<a href="([^"]*)"[^>]*>(.*?)</a>', bar, re.DOTALL)
    return [(name.strip(), href, "--active" in classes) for classes, href, name in found]


def test_tabs_are_the_sections_by_order_and_pages_of_the_root_share_one(out):
    expected = [
        ("Home", "./", True),
        ("Blog", "blog/", False),
        ("Onboarding", "onboarding/", False),
        ("About", "about/", False),
    ]
    assert [(n, "./" if h == "." else h, a) for n, h, a in tabs(html(out, ""))] == expected


def test_a_page_outside_the_navigation_marks_the_tab_of_its_section(out):
    active = [name for name, _, active in tabs(html(out, POST.address)) if active]
    assert active == ["Blog"]


def test_a_page_of_no_section_marks_no_tab_and_has_no_breadcrumbs(out):
    text = html(out, "search/")
    assert [name for name, _, active in tabs(text) if active] == []
    assert "md-path" not in text


def test_a_section_lists_its_pages_by_order_and_the_first_is_its_own(out):
    text = html(out, "onboarding/first/")
    side = text.partition('data-md-type="navigation"')[2].partition('data-md-type="toc"')[0]
    names = re.findall(r'<span class="md-ellipsis">\s*(.*?)\s*</span>', side)
    inside = names[names.index("Onboarding") :]
    assert inside[:5] == ["Onboarding", "First", "Second", "Paths", "Author"]


def test_posts_are_not_in_the_navigation(out):
    for address in ("", "blog/", "onboarding/"):
        assert "2026" not in html(out, address).replace(article(POST), "")


def test_headings_become_a_table_of_contents_by_level():
    levels = (3, 2, 3, 4, 4, 2, 4)
    html = contents([Heading(level, f"h{n}", f"H{n}") for n, level in enumerate(levels)])
    tree = lxml.html.fragment_fromstring(html)
    parents = {}
    for item in tree.iter("li"):
        above = list(item.iterancestors("li"))
        parents[item.find("a").get("href")] = above[0].find("a").get("href") if above else None
    assert parents == {
        "#h0": None,
        "#h1": None,
        "#h2": "#h1",
        "#h3": "#h2",
        "#h4": "#h2",
        "#h5": None,
        "#h6": "#h5",
    }


def test_every_page_has_a_link_that_skips_to_its_article(out):
    for each in PAGES:
        text = html(out, each.address)
        assert text.count('href="#__content"') == 1
        assert text.count('id="__content"') == 1


def test_every_mend_of_the_theme_still_applies(tmp_path, monkeypatch):
    monkeypatch.setattr(mending, "mended", lambda text: text)
    monkeypatch.setattr(mending, "mended_script", lambda text: text)
    raw = built(tmp_path)
    pages = "".join(file.read_text(encoding="utf-8") for file in raw.rglob("*.html"))
    bundle = next(raw.glob("assets/javascripts/bundle.*.js")).read_text(encoding="utf-8")
    assert [mend.old for mend in mending.MENDS if mend.old not in pages] == []
    assert [mend.old for mend in mending.SCRIPT_MENDS if mend.old not in bundle] == []


def test_no_fault_that_is_mended_is_left(out):
    pages = "".join(file.read_text(encoding="utf-8") for file in out.rglob("*.html"))
    assert [mend.old for mend in mending.MENDS if mend.old in pages] == []


def test_pages_run_no_script_that_stands_in_the_page(out):
    for file in out.rglob("*.html"):
        for attributes, inside in re.findall(
            r"<script([^>]*)>(.*?)</script>", file.read_text(encoding="utf-8"), re.DOTALL
        ):
            assert "src=" in attributes or 'type="application/' in attributes, inside


def test_pages_ask_no_other_host(out):
    loading = r'(?:script|img|iframe|source|link rel="(?:stylesheet|preload|icon)")'
    loads = f'<{loading}[^>]*(?:src|href)="https?:'
    for file in out.rglob("*.html"):
        assert not re.findall(loads, file.read_text(encoding="utf-8"))
    bundle = next(out.glob("assets/javascripts/bundle.*.js")).read_text(encoding="utf-8")
    assert "unpkg.com/mermaid" not in bundle


def test_assets_change_their_name_with_their_content(out):
    text = html(out, POST.address)
    for link in re.findall(r'(?:href|src)="\.\./\.\./\.\./(assets/townsquare/[^"]+)"', text):
        assert (out / link).is_file()
        assert re.fullmatch(r"assets/townsquare/\w+\.[0-9a-f]{8}\.(css|js|svg)", link)


def test_the_theme_s_own_search_is_not_published(out):
    assert not list(out.rglob("*lunr*"))
    assert not list(out.rglob("search_index*"))
    assert not list(out.rglob("*.map"))


def test_the_page_for_missing_addresses_works_at_any_depth(out):
    text = (out / "404.html").read_text(encoding="utf-8")
    addresses = re.findall(r'(?:href|src)="([^"#]*)"', text.partition("<body")[2])
    assert addresses
    assert [a for a in addresses if not a.startswith(("/town", "https://"))] == []


def test_files_and_assets_of_the_plan_are_published_as_they_are(tmp_path):
    picture = tmp_path / "picture.png"
    picture.write_bytes(shades("\r\n and more"))
    files = {"rss.xml": b"<rss/>", "api/posts.json": b"[]\r\n"}
    out = built(tmp_path, HOME, files=files, assets={"blog/p.png": picture})
    assert (out / "blog" / "p.png").read_bytes() == picture.read_bytes()
    assert {path: (out / path).read_bytes() for path in files} == files


def test_what_stands_in_content_is_published_only_through_the_plan(tmp_path):
    mkdocs_yml(tmp_path, "docs_dir: content", "extra_css: [extra.css]")
    content = tmp_path / "content"
    for name in ("draft.md", "evil.html", "evil.js", "CNAME"):
        (content / name).write_text("secret")
    (content / "extra.css").write_text("p{}")
    out = built(tmp_path, HOME)
    texts = [f.read_bytes() for f in out.rglob("*") if f.is_file()]
    assert not [text for text in texts if b"secret" in text]
    assert (out / "extra.css").read_text() == "p{}"
    assert 'href="extra.css"' in html(out, "")


def test_the_palette_and_features_of_mkdocs_yml_are_respected(tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: A\nplugins: []\n"
        "theme: {name: material, palette: {primary: red}, features: [navigation.top]}\n"
    )
    text = html(built(tmp_path, HOME), "")
    assert 'data-md-color-primary="red"' in text
    assert '"features": ["navigation.top"]' in text
    assert "md-tabs__list" not in text
    assert "fonts.googleapis" not in text


def test_a_mkdocs_yml_may_say_its_name_alone(tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: A\n")
    assert html(built(tmp_path, HOME), "").count(article(HOME)) == 1


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("nav: [index.md]", "take out `nav`"),
        ("theme: {name: mkdocs}", "write `theme: {name: material}`"),
        ("plugins: [search]", "`material/search` changes pages"),
        ("plugins: [tags]", "`material/tags` changes pages"),
        ("extra_css: 5", "extra_css"),
        ("hooks: [absent.py]", "hooks"),
    ],
)
def test_a_setting_that_cannot_hold_here_is_refused_with_its_name(tmp_path, line, fault):
    settings = {"site_name": "A", "theme": "{name: material}", "plugins": "[]"}
    name, _, value = line.partition(": ")
    (tmp_path / "content").mkdir()
    text = "".join(f"{k}: {v}\n" for k, v in (settings | {name: value}).items())
    (tmp_path / "mkdocs.yml").write_text(text)
    with pytest.raises(SetupError, match=re.escape(fault)):
        built(tmp_path, HOME)


def test_the_theme_speaks_the_site_s_language_where_it_can():
    spoken = {"de": "de", "de-AT": "de", "pt-BR": "pt-BR", "tlh": "en"}
    for language, expected in spoken.items():
        config = configuration.read(Path(__file__).parent, Path("/nowhere"))
        assert configuration._translation(language, config) == expected


def found(folder: Path) -> dict[str, bytes]:
    files = (f for f in folder.rglob("*") if f.is_file())
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in files}


def test_two_builds_of_one_plan_are_the_same_bytes(tmp_path, out):
    assert found(built(tmp_path, *PAGES)) == found(out)


def by_mkdocs(root: Path, *pages: Page) -> Path:
    """The site as MkDocs' own loop builds it: every page rendered by the theme."""
    out = root / "by-mkdocs"
    config = configuration.read(root, out)
    events.hand_over(config, Surroundings(planned(*pages), SETTINGS, article))
    build_with_mkdocs(config)
    return out


MANY = (
    *PAGES,
    page("onboarding/third/", NASTY, in_nav=True, order=3, section="onboarding/", source="a.md"),
    page("onboarding/unlisted/", "Unlisted", section="onboarding/"),
    page("onboarding/paths/", "Paths", in_nav=True, section="onboarding/"),
    page("events/", "Events", in_nav=True, order=20, headings=POST.headings),
    page("events/2026/y/", NASTY, section="events/", source="events/2026/y.md"),
    page("events/2026/z/", "Z", section="events/", description="two\n lines"),
    page("events/2026/", "The year", section="events/"),
    page("events/past/", "Past", section="events/", headings=POST.headings),
    page("events/months/2026-05/", "May", section="events/"),
    page("tags/", "Tags"),
    page("tags/größe/", "Größe & <Maß>"),
    page("blog/archive/", "Archive", section="blog/"),
    page("blog/archive/2026/", "Archive of 2026", section="blog/"),
    page("blog/page/1/", "Page 1", section="blog/", indexed=False),
    page("subscribe/", "Subscribe", in_nav=True, order=75),
    page("deep/er/still/", "Deep", in_nav=True, order=76),
)


def test_pages_filled_into_shells_are_those_that_mkdocs_renders_one_by_one(tmp_path):
    filled, rendered = found(built(tmp_path, *MANY)), found(by_mkdocs(tmp_path, *MANY))
    assert sorted(filled) == sorted(rendered)
    assert [path for path in filled if filled[path] != rendered[path]] == []


def test_with_templates_of_a_community_s_own_the_same_holds(tmp_path):
    own = tmp_path / "own" / "partials"
    own.mkdir(parents=True)
    (own / "path.html").write_text("<p>{{ page.url }} {{ page.title }}</p>")
    (tmp_path / "content").mkdir()
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: A\nplugins: []\n"
        "theme: {name: material, custom_dir: own, features: [navigation.path]}\n"
    )
    filled, rendered = found(built(tmp_path, *MANY)), found(by_mkdocs(tmp_path, *MANY))
    assert [path for path in rendered if filled.get(path) != rendered[path]] == []
    assert b"<p>events/2026/z/ Z</p>" in filled["events/2026/z/index.html"]


def test_the_theme_runs_once_for_many_pages_of_one_folder(tmp_path, monkeypatch):
    rendered: list[str] = []
    learned = Theme._rendered
    monkeypatch.setattr(
        Theme, "_rendered", lambda self, of: rendered.append(of.entry.address) or learned(self, of)
    )
    posts = tuple(page(f"blog/2026/{n}/", section="blog/") for n in range(50))
    built(tmp_path, HOME, BLOG, *posts)
    assert rendered.count("") == 2  # once to see what the theme links to
    assert [address for address in rendered if address.startswith("blog/2026/")] == ["blog/2026/0/"]


def test_an_article_s_place_cannot_be_forged_by_a_title(tmp_path):
    forged = page("x/", f"{ARTICLE} forged", description=ARTICLE, section="blog/")
    text = html(built(tmp_path, HOME, BLOG, forged), "x/")
    assert text.count(ARTICLE) == 0
    assert text.count(article(forged)) == 1


def test_the_search_index_holds_the_articles_of_entries_alone(tmp_path):
    made = indexed(PAGES, built(tmp_path, *PAGES))
    assert "pagefind/pagefind.js" in made
    assert sum(path.startswith("pagefind/fragment/") for path in made) == 3
    assert not [path for path in made if "ui" in Path(path).name]


def indexed(pages: tuple[Page, ...], out: Path) -> dict[str, bytes]:
    return dict(search.index(pages, lambda path: (out / path).read_bytes()))


def test_two_search_indexes_of_one_site_are_the_same_bytes(tmp_path):
    posts = tuple(
        page(f"blog/{n}/", f"Post {n}", section="blog/", source=f"content/blog/{n}.md")
        for n in range(60)
    )
    out = built(tmp_path, HOME, BLOG, *posts)
    made = indexed(posts, out)
    assert sum(path.startswith("pagefind/fragment/") for path in made) == 60
    assert made == indexed(posts, out)


NOW = "2026-11-23T12:00:00Z"
RECORDS = {"build.json", "SHA256SUMS"}  # what only our own command writes


def run(root: Path, *command: str | Path) -> None:
    epoch = str(int(datetime.fromisoformat(NOW).timestamp()))
    environment = {**os.environ, "SOURCE_DATE_EPOCH": epoch, "NO_MKDOCS_2_WARNING": "1"}
    environment["PYTHONPATH"] = str(root / "hooks")
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=root, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def sample(root, tmp_path_factory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("sample") / "site"
    run(root, "townsquare.cli", "build", "--root", root, "--out", out)
    files = found(out)
    assert set(files) >= RECORDS
    return {path: content for path, content in files.items() if path not in RECORDS}


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs"])
def test_a_plain_build_renders_every_page_and_gives_the_same_bytes(root, tmp_path, sample, engine):
    run(root, engine, "build", "--quiet", "-f", "mkdocs.yml", "-d", tmp_path / "site")
    plain = found(tmp_path / "site")
    assert sorted(plain) == sorted(sample)
    assert [path for path in plain if plain[path] != sample[path]] == []


@pytest.mark.full
def test_the_same_holds_for_a_large_community(corpora, tmp_path):
    root = corpora / "rust-community"
    checked = build.check(root, now=datetime.fromisoformat(NOW))
    plan = build.plan(checked, previous=ledger.load(None, first_publish=False))
    site.build(of_plan(plan), root, tmp_path / "filled")
    config = configuration.read(root, tmp_path / "rendered")
    events.hand_over(config, of_plan(plan))
    build_with_mkdocs(config)
    filled, rendered = found(tmp_path / "filled"), found(tmp_path / "rendered")
    assert sorted(filled) == sorted(rendered)
    assert [path for path in filled if filled[path] != rendered[path]] == []


def test_nothing_of_mkdocs_is_imported_before_a_page_is_themed():
    program = "import sys, townsquare.search, townsquare.output, townsquare.serve; "
    program += (
        "print([m for m in sys.modules if m.split('.')[0] in ('mkdocs', 'material', 'pagefind')])"
    )
    hooks = Path(__file__).parents[1] / "hooks"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=hooks, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr
