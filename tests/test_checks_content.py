"""What guidelines ask of content is asked for before it is published."""

from __future__ import annotations

from pathlib import Path

import pytest
from communities import SITE, context, of_each
from community_files import NOW, write

from townsquare import build
from townsquare.checks import contacts, partners, wording
from townsquare.problems import Problem


def found(check, root: Path, text: str, *, head: str = "", choices: str = "", path="content/a.md"):
    files = {path: f"---\ntitle: A\n{head}---\n{text}\n"}
    if choices:
        files["mkdocs.yml"] = SITE + choices
    return list(of_each(check)(context(root, files)))


def spots(problems: list[Problem]) -> list[tuple[int, int, int]]:
    return [(p.place.line, p.place.column, p.place.width) for p in problems]


WORDS = """
        kinder_words:
          sanity check: quick check
          ninja: say what was done
          C++ god: author
    """


def test_a_word_with_a_kinder_one_is_found_where_it_stands(tmp_path):
    told = found(wording.unkind_word, tmp_path, "Hello\n\nAll guys, GUYS and chairman.")
    assert spots(told) == [(6, 5, 4), (6, 20, 8)]
    assert [(p.message, p.hint) for p in told] == [
        ("“guys” has a kinder word (2 times in this file)", "try: everybody, people, all"),
        ("“chairman” has a kinder word", "try: chair"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "`guys`", "```\nguys\n```", "> guys", "He said “guys”.", 'He said "guys".', "disguys",
        "guys-and-dolls", "[this](guys.md)", "https://example.org/guys", "„guys“", "everybody",
        "[list]: ../guys.md", "~~~\nguys\n~~~",
    ],
)  # fmt: skip
def test_code_addresses_quotations_and_parts_of_words_are_left_alone(tmp_path, text):
    assert found(wording.unkind_word, tmp_path, text) == []


def test_the_settings_own_words_take_the_place_of_ours(tmp_path):
    text = "guys\nA Sanity\nchecks, ninjas and a C++  god"
    told = found(wording.unkind_word, tmp_path, text, choices=WORDS)
    assert [p.hint for p in told] == ["try: quick check", "try: say what was done", "try: author"]
    none = "        kinder_words: {}\n    "
    assert found(wording.unkind_word, tmp_path / "b", "guys", choices=f"\n{none}") == []


def test_letters_that_only_look_alike_are_no_fault_of_ours(tmp_path):
    text = "ninja nınja nİnja NINJA ninjaſ"
    assert found(wording.unkind_word, tmp_path, text, choices=WORDS) != []


def test_a_title_is_read_and_another_language_is_not(tmp_path):
    head = "description: Hey guys\n"
    assert spots(found(wording.unkind_word, tmp_path / "a", "x", head=head)) == [(3, 14, 8)]
    head = "language: de\n"
    assert found(wording.unkind_word, tmp_path / "b", "guys", head=head) == []


def test_rules_may_name_the_words_that_they_ask_not_to_use(tmp_path):
    head = "type: policy\nversion: 1\nstatus: draft\n"
    path = "guidelines/words.md"
    assert found(wording.unkind_word, tmp_path, "guys", head=head, path=path) == []


@pytest.mark.parametrize(
    ("title", "shouts"),
    [
        ("SPRING SCHOOL IS HERE", True), ("Spring School Is Here", False), ("NASA, ESA", False),
        ("RSS, ATOM and JSON for everybody", False), ("ВСЕМ ПРИВЕТ СЕГОДНЯ", True),
        ("2026-11-23 !!!!!!!!!!!!", False), ("春の学校が始まります本日より", False),
        ("GRÜSSE UND DANK AN ALLE da", True),
        ("BORDERLESS JS COMMUNITY DAY", False), ("JCON EUROPE", False),
    ],
)  # fmt: skip
def test_titles_in_capitals_shout(tmp_path, title, shouts):
    files = {"content/a.md": f'---\ntitle: "{title}"\n---\n'}
    told = list(of_each(wording.title_shouts)(context(tmp_path, files)))
    assert spots(told) == ([(2, 8, len(title) + 2)] if shouts else [])


EVENT_BEGUN = "What people will do, and what they should bring.\n"


@pytest.mark.parametrize(
    ("path", "head", "body", "line"),
    [
        ("content/a.md", "", "Write here.\n", 4),
        ("content/a.md", "", "Words.\n\nWrite here, without describing a single case.\n", 6),
        ("content/a.md", "draft: yes\n", "Write here.\n", 0),
        ("content/a.md", "", "Write here if you like.\n", 0),
        ("content/a.md", "", "We say: Write here.\n", 0),
        ("events/a.md", "start: 2026-12-01\n", EVENT_BEGUN, 5),
    ],
)  # fmt: skip
def test_a_text_that_nobody_has_written_is_found(tmp_path, path, head, body, line):
    seen = context(tmp_path, {path: f"---\ntitle: A\n{head}---\n{body}"})
    found = list(of_each(wording.placeholder_left)(seen))
    assert [each.place.line for each in found] == ([line] if line else [])


def test_a_partner_writes_its_name_as_it_likes(tmp_path):
    text = "---\ntitle: ACME CORPORATION LIMITED\nurl: https://acme.net\n---\n"
    seen = context(tmp_path, {"content/partners/acme.md": text})
    assert list(of_each(wording.title_shouts)(seen)) == []


@pytest.mark.parametrize(
    "contact",
    [
        "ana@post.net", "ana.lopez+x@mail.post.co.uk", "+49 30 1234 5678", "+1 (202) 555-0134",
        "tel:+493012345678", "ÄNNE@müller.de",
    ],
)  # fmt: skip
def test_ways_to_reach_a_person_are_found(tmp_path, contact):
    (told,) = found(contacts.contact_private, tmp_path, f"Ask (or call) {contact}, please.")
    width = len(contact.removeprefix("tel:"))
    assert spots([told]) == [(4, 15 + len(contact) - width, width)]


@pytest.mark.parametrize(
    "text", ["Tel. 030 / 123 45 67", "phone: (030) 1234567", "WhatsApp 0171 2345678"]
)
def test_a_word_makes_a_number_one_to_call(tmp_path, text):
    (told,) = found(contacts.contact_private, tmp_path, text)
    assert "telephone number" in told.message


@pytest.mark.parametrize(
    "text",
    [
        "info@acme.net", "rust-core-team@acme.net", "https://x.net/embed?src=a1@calendar.net",
        "ana@example.org", "ana@commons.example.org", "a@host.test",
        "git@github.com:acme/x.git", "@ana@social.net", "`ana@post.net`", "actions/checkout@v4.2.1",
        "```\nana@post.net\n```", "pkg@1.2.3", "2026-11-23 18:00+01:00", "+1", "UTC+10",
        "https://maps.net/?q=+4930123456789", "Dial in: +49 30 1234 5678", "Tel. 2026-11-23",
        "ISBN 978-3-16-148410-0", "phone 12345", "1+49301234567890", "Einwahl +49 30 1234 5678",
    ],
)  # fmt: skip
def test_what_reaches_no_private_person_is_left_alone(tmp_path, text):
    assert found(contacts.contact_private, tmp_path, text) == []


def test_fields_are_read_but_for_contacts_and_the_names_of_commits(tmp_path):
    path = "content/people/ana.md"
    head = "git: [ana@post.net]\ndescription: ana@home.net\n"
    head += "links: [{title: ana@job.net, url: https://x.org}]\n"
    told = found(contacts.contact_private, tmp_path / "a", "", head=head, path=path)
    assert [p.place.line for p in told] == [4, 5]
    event = "start: 2026-12-01\ncontact: mailto:ana@post.net\n"
    path = "events/a.md"
    text = "Write to ana@post.net."
    assert found(contacts.contact_private, tmp_path / "b", text, head=event, path=path) == []


def test_settings_name_contacts_that_are_no_persons_own(tmp_path):
    choices = """
        public_contacts: ["@acme.net", hosts@post.net, "+49 30 123456789"]
    """
    text = "ana@acme.net, Hosts@post.net, +49 (30) 123-456-789, ana@post.net"
    (told,) = found(contacts.contact_private, tmp_path, text, choices=choices)
    assert told.place.column == text.index("ana@post") + 1


PARTNER = "---\ntitle: Acme\nurl: {}\nsince: 2026-01-01\nuntil: 2026-06-30\n---\n"


def undisclosed(root: Path, text: str, head="", date="2026-05-21", url="https://www.acme.net/"):
    files = {
        "content/partners/acme.md": PARTNER.format(url),
        "content/blog/a.md": f"---\ntitle: A\ndate: {date}\n{head}---\n{text}\n",
    }
    return list(of_each(partners.partner_undisclosed)(context(root, files)))


def test_a_post_that_names_a_partner_says_whether_it_was_paid(tmp_path):
    (told,) = undisclosed(tmp_path / "a", "x", "partners: [acme]\n")
    assert told.place.line == 4
    for answer in ("yes", "no"):
        head = f"partners: [acme]\nsponsored: {answer}\n"
        assert undisclosed(tmp_path / answer, "https://acme.net", head) == []


def test_a_link_to_a_partner_asks_the_same_while_the_agreement_lasts(tmp_path):
    (told,) = undisclosed(tmp_path / "a", "A [hall](http://ACME.net/hall?x=1) and https://acme.net")
    assert spots([told]) == [(5, 10, 24)]
    assert undisclosed(tmp_path / "b", "https://acme.net", date="2026-07-01") == []
    assert undisclosed(tmp_path / "c", "https://acme.net", date="2025-12-31") == []


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://acme.net.evil.org", "https://acme.net"),
        ("https://notacme.net", "https://acme.net"),
        ("`https://acme.net`", "https://acme.net"),
        ("acme.net", "https://acme.net"),
        ("https://forge.net/other", "https://forge.net/acme"),
        ("https://forge.net/acme2", "https://forge.net/acme"),
    ],
)
def test_another_site_is_not_the_partners(tmp_path, text, url):
    assert undisclosed(tmp_path, text, url=url) == []


def sections(root: Path, section: str) -> list[Problem]:
    choices = f"""
        guideline_sections:
          unkind-word: {section}
    """
    rule = "---\ntitle: R\ntype: policy\nversion: 1\nstatus: draft\n---\n## Kinder words\n"
    files = {"mkdocs.yml": SITE + choices, "guidelines/r.md": rule}
    files["content/index.md"] = "---\ntitle: Home\n---\nHello guys.\n"
    return list(build.check(write(root, files), now=NOW).problems)


def test_a_hint_leads_to_the_section_that_asks_for_it(tmp_path):
    (told,) = sections(tmp_path, "guidelines/r.md#kinder-words")
    assert told.hint == (
        "try: everybody, people, all; see https://example.org/site/guidelines/r/#kinder-words"
    )


@pytest.mark.parametrize(
    ("section", "code"),
    [("guidelines/x.md", "link_broken"), ("guidelines/r.md#other-words", "anchor_broken")],
)
def test_a_section_that_is_not_there_is_a_fault_of_the_settings(tmp_path, section, code):
    told = [p for p in sections(tmp_path, section) if p.code != "unkind_word"]
    assert [(p.place.path, p.code) for p in told] == [("mkdocs.yml", code)]
    assert told[0].place.line > 5


def test_only_a_code_can_have_a_reason(tmp_path):
    choices = (
        SITE
        + """
        guideline_sections:
          unkind-words: guidelines/r.md
    """
    )
    rule = "---\ntitle: R\ntype: policy\nversion: 1\nstatus: draft\n---\n"
    files = {"mkdocs.yml": choices, "guidelines/r.md": rule}
    (told,) = build.check(write(tmp_path, files), now=NOW).problems
    assert (told.code, "`unkind-word`" in told.hint) == ("value_not_listed", True)


@pytest.mark.parametrize("wrong", ["content/a.md", "https://example.org/", "guidelines/r"])
def test_only_a_guideline_can_be_the_reason(tmp_path, wrong):
    assert "value_invalid" in {p.code for p in sections(tmp_path, wrong)}


def test_a_long_text_is_read_in_one_pass(tmp_path):
    text = "a" * 50_000 + " " + "+1 " * 12_000 + "guy " * 9_000 + "a@" * 20_000 + "tel 1" * 9_000
    for check in (wording.unkind_word, contacts.contact_private):
        assert len(found(check, tmp_path, text)) < 9
    many = "".join(f"a{n}@post.net +4930{n + 100_000} " for n in range(7000))
    assert len(found(contacts.contact_private, tmp_path / "b", many)) == 14_000
