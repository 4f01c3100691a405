"""The reference pages say all that the kinds and the codes declare."""

from __future__ import annotations

from pathlib import Path

import pytest
from communities import community
from lxml import html

from townsquare import views
from townsquare.codes import CODES
from townsquare.field_guide import describe
from townsquare.kinds import KINDS
from townsquare.pages import Article, Page
from townsquare.views import reference


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Page, str]]:
    root: Path = tmp_path_factory.mktemp("community")
    found = community(root, {"content/index.md": "---\ntitle: Home\n---\n"})
    article = Article(found.settings, found.addresses)
    made = (page for page in views.pages(found) if page.address.startswith("reference/"))
    return {page.address: (page, article.render(page)) for page in made}


def test_there_is_a_page_for_each_kind_and_one_for_problems(rendered):
    assert set(rendered) == {
        "reference/", "reference/problems/", *(f"reference/{kind.name}/" for kind in KINDS)
    }  # fmt: skip


def test_the_front_page_leads_to_all_of_them(rendered):
    links = html.fromstring(rendered["reference/"][1]).xpath("//@href")
    assert sorted(links) == sorted([*(f"{kind.name}/" for kind in KINDS), "problems/"])


def test_every_problem_has_an_anchor_and_its_explanation(rendered):
    tree = html.fromstring(rendered["reference/problems/"][1])
    assert tree.xpath("//dt/@id") == sorted(code.replace("_", "-") for code in CODES)
    texts = [each.text_content() for each in tree.xpath("//dd")]
    assert texts == [CODES[code].why.replace("`", "") for code in sorted(CODES)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_field_has_a_row_with_its_meaning(rendered, kind):
    text = rendered[f"reference/{kind.name}/"][1]
    tree = html.fromstring(text)
    rows = describe(kind)
    assert tree.xpath("//tbody//th/code/text()") == [row.name for row in rows]
    meanings = [each.text_content() for each in tree.xpath("//tbody/tr/td[1]")]
    assert meanings == [row.meaning.replace("`", "") for row in rows]
    assert len(set(tree.xpath("//@id"))) == len(tree.xpath("//@id"))
    assert f"../../schemas/{kind.name}.json" in tree.xpath("//@href")
    assert len(text) < 60_000


def test_code_is_told_from_words():
    assert reference.spans("`a` or `b`.") == (
        ("a", True),
        (" or ", False),
        ("b", True),
        (".", False),
    )
