"""What Material documents looks and works on a page as it did before bodies were sanitised."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import html5lib
import pytest
from community_files import NOW, write
from PIL import Image, ImageChops
from playwright.sync_api import expect
from skeletons import Element, by_lexbor

from judges import browser
from townsquare import build, ledger, publication, sanitising

PAGE = """\
---
title: Features
---
Words that are *leaning*, **heavy**, ~~struck~~, ==marked==, ^^under^^, H~2~O, x^2^ and `code`.
A note.[^1] Another.[^two] ++ctrl+alt+del++ and the CoC. `#!python print(1)` \\(a_1 * b\\).

*[CoC]: Code of Conduct

## Boxes

!!! note

    A note.

!!! warning "Care, `code` and *more*"

    - a list
    - in it

    ```python
    print("in a box")
    ```

!!! tip inline end "Beside"

    Beside the text.

Text beside a box.

??? example "Closed"

    Hidden at first.

???+ danger "Open"

    Shown at first.

    !!! info

        A box in a box.

## Tabs

=== "First"

    The first text.

    ```bash
    echo first
    ```

=== "Second"

    The second text.

    1. one
    2. two

## Code

```python title="hello.py" linenums="1" hl_lines="2 3"
def hello(name: str) -> None:
    print(f"hello {name}")
    return None
```

```
plain
```

```mermaid
graph LR
  A --> B
```

## Tables

| Left | Middle | Right |
|:-----|:------:|------:|
| a    | b      | c     |
| long words that need room | x | 1 |

## Lists

- [x] Done
- [ ] Not done
    - [x] Inside

1. One
2. Two
    - a
    - b

Term
:   What it means.

:   And more.

## The rest

> A quotation.
>
> > Within one.

![A table](img/table.png){ width="120" }

<figure markdown="span">
  ![A table](img/table.png)
  <figcaption>A caption</figcaption>
</figure>

[A button](index.md){ .md-button } [Another](index.md){ .md-button .md-button--primary }

<div class="grid cards" markdown>

- __One__

    ---

    Text of a card.

- __Two__

    ---

    Text of another.

</div>

$$
a^2 + b^2 = c^2
$$

---

<details markdown><summary>Raw</summary>

Raw *details*.

</details>

![A table](img/table.png){ align=right width="80" } Words beside a picture.

<p dir="rtl" lang="he">שלום</p>

[^1]: The first.
[^two]: The second, with `code`.

    And a paragraph.
"""
FILES = {
    "mkdocs.yml": "site_name: Commons\nsite_url: https://example.org/\n",
    "content/index.md": "---\ntitle: Home\n---\nHello.\n",
    "content/features.md": PAGE,
    "content/img/table.png": "a table " * 40,
}


VISITS = 3
OPENING = """() => {
    const still = document.createElement("style");
    still.textContent = "*, *::before, *::after { transition: none !important }";
    document.head.append(still);
    const closed = document.querySelectorAll("article details:not([open])");
    const second = document.querySelectorAll("article .tabbed-set > input:nth-of-type(2)");
    for (const each of closed) each.open = true;
    for (const each of second) each.checked = true;
    return [closed.length, second.length];
}"""
"""Opens all that is closed and shows every second tab."""


def built(folder: Path) -> Path:
    root, out = write(folder / "community", FILES), folder / "site"
    (root / "content/features.md").write_text(PAGE, encoding="utf-8")
    out.mkdir()
    checked = build.check(root, now=NOW)
    assert checked.errors == ()
    plan = build.plan(checked, previous=ledger.Previous())
    publication.write(plan, out, previous=ledger.Previous(), search=False)
    return out


def written_anew(html: str) -> str:
    """The HTML with everything that is in it, in the form that what comes next reads."""
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    how = {"quote_attr_values": "always", "omit_optional_tags": False}
    return html5lib.serialize(tree, minimize_boolean_attributes=False, sanitize=False, **how)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The addresses of the page as it is published, and as it is without sanitising."""
    place = tmp_path_factory.mktemp("features")
    ours = built(place / "ours")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sanitising, "clean", written_anew)
        stock = built(place / "stock")
    before, after = ((site / "features/index.html").read_bytes() for site in (stock, ours))
    assert before != after, "nothing was sanitised"
    with browser.served(ours) as one, browser.served(stock) as other:
        yield f"{one}features/", f"{other}features/"


def test_every_element_stays_with_its_attributes(sites: tuple[str, str]) -> None:
    """In the same order, too: only how the side to which a column is aligned is spelt differs."""
    ours, stock = (urlopen(address).read().decode() for address in sites)
    assert list(by_lexbor(ours)) == [_style_spelt(each) for each in by_lexbor(stock)]


def _style_spelt(element: Element) -> Element:
    spelt = {"style": lambda value: value.replace("text-align: ", "text-align:").rstrip(";")}
    known = ((name, spelt.get(name, str)(value)) for name, value in element.attributes)
    return element._replace(attributes=tuple(known))


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("opened", [False, True], ids=["at first", "opened"])
def test_every_feature_looks_as_before(
    sites: tuple[str, str], chromium: browser.Chromium, width: int, scheme: str, opened: bool
) -> None:
    def taken(address: str) -> Image.Image:
        with chromium.visit(address, width=width, scheme=scheme) as visit:
            visit.page.evaluate("document.fonts.ready")
            if opened:
                assert visit.page.evaluate(OPENING) == [2, 1]
            data = visit.page.locator("article").first.screenshot(animations="disabled")
            return Image.open(io.BytesIO(data)).convert("RGB")

    # A browser under load draws a page now and then with an edge that it has not on another visit:
    # what differs by more than that does so each time.
    differences = [_difference(*map(taken, sites))]
    while differences[-1] and len(differences) < VISITS:
        differences.append(_difference(*map(taken, sites)))
    assert differences[-1] is None, differences


def _difference(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int] | None:
    """The box around all that differs; nothing where the pictures are the same."""
    assert one.size == other.size
    return ImageChops.difference(one, other).getbbox()


def test_every_feature_works(sites: tuple[str, str], chromium: browser.Chromium) -> None:
    with chromium.visit(sites[0]) as visit:
        page = visit.page
        second = page.get_by_text("The second text.")
        expect(second).to_be_hidden()
        page.locator(".tabbed-labels label", has_text="Second").click()
        expect(second).to_be_visible()
        expect(page.get_by_text("The first text.")).to_be_hidden()

        hidden = page.get_by_text("Hidden at first.")
        expect(hidden).to_be_hidden()
        page.locator("summary", has_text="Closed").click()
        expect(hidden).to_be_visible()
        expect(page.get_by_text("Shown at first.")).to_be_visible()

        boxes = page.locator("article input[type=checkbox]")
        assert boxes.count() == 3 and all(boxes.nth(n).is_disabled() for n in range(3))
        assert [boxes.nth(n).is_checked() for n in range(3)] == [True, False, True]

        page.locator("sup a").first.click()
        assert page.url.endswith("#fn:1")
        page.locator("a.footnote-backref").first.click()
        assert page.url.endswith("#fnref:1")

        assert page.locator("abbr").get_attribute("title") == "Code of Conduct"
        right = page.locator("td", has_text="1").last
        assert right.evaluate("each => getComputedStyle(each).textAlign") == "right"
        assert page.locator("span.filename").inner_text() == "hello.py"
        assert page.locator("span.hll").count() == 2


def test_each_block_of_code_is_copied_by_its_own_button(
    sites: tuple[str, str], chromium: browser.Chromium
) -> None:
    with chromium.visit(sites[0]) as visit:
        page = visit.page
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        for text in ('print("in a box")', "def hello(name: str) -> None:", "plain"):
            block = page.locator("pre", has_text=text).first
            block.scroll_into_view_if_needed()
            block.locator("xpath=..").locator("button[data-md-type=copy]").click()
            assert page.evaluate("navigator.clipboard.readText()").startswith(text)
