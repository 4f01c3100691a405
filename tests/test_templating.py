"""Our templates' environment: what it escapes, whose words it speaks, what it keeps compiled."""

import sys
from datetime import date, datetime
from gettext import NullTranslations
from importlib.util import cache_from_source
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError, pass_context

from townsquare import pages, templating, wordbook


@pytest.fixture
def made(tmp_path: Path) -> Environment:
    return templating.environment.__wrapped__((tmp_path, *pages.FOLDERS))


def rendered(made: Environment, source: str, **data: object) -> str:
    return made.from_string(source).render(**data)


def test_what_is_filled_into_words_is_escaped(made):
    source = '{{ _("by %(who)s", who=who) }}{% trans who=who %}, {{ who }}{% endtrans %}'
    assert rendered(made, source, who="<b>") == "by &lt;b&gt;, &lt;b&gt;"


def test_words_that_hold_a_percent_sign_say_it(made):
    assert rendered(made, "{% trans %}100%{% endtrans %}") == "100%"


@pytest.mark.parametrize(("count", "words"), [(1, "1 entry"), (2, "2 entries")])
def test_words_fit_the_number(made, count, words):
    source = "{% trans n=count %}{{ n }} entry{% pluralize %}{{ n }} entries{% endtrans %}"
    assert rendered(made, source, count=count) == words


def test_templates_speak_the_language_of_the_wordbook(made, monkeypatch):
    class Loud(NullTranslations):
        def gettext(self, message: str) -> str:
            return message.upper()

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            return super().ngettext(msgid1, msgid2, n).replace("book", "BOOK")

    monkeypatch.setattr(wordbook, "CATALOGUE", Loud())
    source = '{{ _("Map") }} {% trans count=n %}{{ count }} book{% pluralize %}books{% endtrans %}'
    assert rendered(made, source, n=1) == "MAP 1 BOOK"


def test_a_missing_name_is_an_error(made):
    with pytest.raises(UndefinedError, match="nobody"):
        rendered(made, "{{ nobody }}")


def test_macros_give_html_and_their_arguments_are_escaped(made):
    source = "{% macro b(x) %}<b>{{ x }}</b>{% endmacro %}{% for x in 'a<' %}{{ b(x) }}{% endfor %}"
    assert rendered(made, source) == "<b>a</b><b>&lt;</b>"


def test_a_function_that_asks_for_the_context_gets_it_with_the_variables_of_its_loop(made):
    @pass_context
    def named(context, name):
        return context[name]

    source = "{% for x in 'ab' %}{% set y = x %}{{ named('y') }}{% endfor %}{{ dict(a=1)['a'] }}"
    assert rendered(made, source, named=named) == "ab1"


@pytest.mark.parametrize(
    ("value", "html"),
    [
        (date(2026, 5, 21), '<time datetime="2026-05-21">21 May 2026</time>'),
        (datetime(2026, 5, 21, 18), '<time datetime="2026-05-21T18:00">21 May 2026</time>'),
    ],
)
def test_a_date_is_written_for_readers_and_machines(made, value, html):
    assert rendered(made, "{{ at|dated }}", at=value) == html


@pytest.mark.parametrize(("language", "html"), [(None, ""), ("", ""), ('"', ' lang="&#34;"')])
def test_a_language_that_is_not_the_page_s_is_an_attribute(made, language, html):
    assert rendered(made, "{{ language|lang }}", language=language) == html


@pytest.fixture
def compilations(monkeypatch) -> list[str]:
    """The templates that were compiled, by name, in order."""
    seen: list[str] = []
    plain = Environment.compile

    def counted(self, source, name=None, filename=None, *rest):
        seen.append(str(name))
        return plain(self, source, name, filename, *rest)

    monkeypatch.setattr(Environment, "compile", counted)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    return seen


def in_a_new_process(folder: Path) -> str:
    made = templating.environment.__wrapped__((folder,))
    return made.get_template("a.html").render()


def test_a_template_is_compiled_once_and_kept_beside_its_source(compilations, tmp_path):
    (tmp_path / "a.html").write_text("one")
    assert [in_a_new_process(tmp_path), in_a_new_process(tmp_path)] == ["one", "one"]
    assert compilations == ["a.html"]
    kept = Path(cache_from_source(str(tmp_path / "a.html")))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "a.html", kept]


def test_a_changed_template_is_compiled_again(compilations, tmp_path):
    (tmp_path / "a.html").write_text("one")
    assert in_a_new_process(tmp_path) == "one"
    (tmp_path / "a.html").write_text("two")
    assert in_a_new_process(tmp_path) == "two"
    assert compilations == ["a.html", "a.html"]


@pytest.mark.parametrize(
    "damage", [lambda data: data[:0], lambda data: data[:-9], lambda data: data[9:]]
)
def test_damaged_code_is_compiled_again(compilations, tmp_path, damage):
    (tmp_path / "a.html").write_text("one")
    in_a_new_process(tmp_path)
    kept = Path(cache_from_source(str(tmp_path / "a.html")))
    whole = kept.read_bytes()
    kept.write_bytes(damage(whole))
    assert in_a_new_process(tmp_path) == "one"
    assert compilations == ["a.html", "a.html"]
    assert kept.read_bytes() == whole


def test_another_jinja_or_another_of_our_modules_compiles_again(
    compilations, tmp_path, monkeypatch
):
    (tmp_path / "a.html").write_text("one")
    in_a_new_process(tmp_path)
    monkeypatch.setattr(templating, "_compilers", lambda: b"another")
    in_a_new_process(tmp_path)
    assert compilations == ["a.html", "a.html"]


def test_nothing_is_kept_where_python_keeps_nothing(compilations, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (tmp_path / "a.html").write_text("one")
    assert in_a_new_process(tmp_path) == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_a_folder_that_takes_no_file_costs_time_only(compilations, tmp_path):
    (tmp_path / "a.html").write_text("one")
    (tmp_path / "__pycache__").write_text("not a folder")
    assert [in_a_new_process(tmp_path), in_a_new_process(tmp_path)] == ["one", "one"]
    assert compilations == ["a.html", "a.html"]
