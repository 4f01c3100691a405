"""Front matter and body: whatever stands in a file, values and positions are those of its text."""

from __future__ import annotations

import frontmatter
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from townsquare import plain_yaml, source
from townsquare.problems import Place
from townsquare.yaml_reader import Reader

# What YAML and the fence treat specially, to be thrown together at random.
SIGNS = "-:#[]{}&*!|>'\"%@`,?~<=. \n\t\x00\x0b\x0c\r\x1b\x85\u2028\ufeff\ud800aé漢"
MARKS = ["---\n", "...\n", "a: b\n", "- ", "  ", "? ", "<<: ", "title: ", "|\n  ", ">\n  "]
TAGS = ["!!str ", "&a ", "*a ", "\\", "\\x"]
PIECES = st.sampled_from([*SIGNS, *MARKS, *TAGS])
HOSTILE = st.lists(PIECES, max_size=60).map("".join)
# Values that are typed without quotes or with them, on one line.
LINE = st.text("abc 019:#-'\"{}[],&*!|>%@`é漢😀\u0301", min_size=1, max_size=12)
NAMES = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True)
VALUES = st.recursive(
    LINE,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(NAMES, inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)
FRONT = st.dictionaries(NAMES, VALUES, max_size=5)
STYLES = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([False, True, None]),
        "default_style": st.sampled_from([None, "'", '"']),
        "width": st.sampled_from([20, 1000]),
        "allow_unicode": st.just(True),
    }
)


def parsed(text: str) -> source.Source:
    found, problems = source.parse("x.md", text)
    assert found is not None, problems
    return found


def codes(text: str) -> list[str]:
    found, problems = source.parse("x.md", text)
    assert (found is None) == bool(problems)
    return [problem.code for problem in problems]


def scalars(value, at=()):
    if isinstance(value, dict):
        for key, each in value.items():
            yield from scalars(each, (*at, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from scalars(each, (*at, number))
    else:
        yield at, value


def file_of(front: dict, styles: dict, body: str) -> str:
    dumped = yaml.safe_dump(front, sort_keys=False, **styles) if front else ""
    return f"---\n{dumped}---\n{body}"


@given(HOSTILE)
def test_any_text_gives_a_source_or_problems_and_never_an_exception(text):
    for each in (text, f"---\n{text}\n---\nBody.\n"):
        whole = source.normalise_newlines(each)
        found, problems = source.parse("x.md", whole)
        assert (found is None) == bool(problems)
        lines = whole.split("\n")
        for each in problems:
            assert 1 <= each.place.line <= len(lines)
            assert 1 <= each.place.column <= len(lines[each.place.line - 1]) + 1


@given(HOSTILE)
def test_what_is_read_of_any_text_is_what_another_reader_of_yaml_reads(text):
    whole = source.normalise_newlines(f"---\n{text}\n---\nBody.\n")
    found, _ = source.parse("x.md", whole)
    if found is not None:
        front, body = frontmatter.YAMLHandler().split(whole)
        assert found.body == body
        said = without_empty(yaml.load(front, Loader=yaml.CBaseLoader))
        assert without_empty(found.front) == (said or {})


def read_at_length(text: str) -> tuple[dict, list]:
    reader = Reader("x.md", text, 2, depth=source.MAX_DEPTH)
    return reader.read(), reader.problems


@given(HOSTILE | st.text("a: -[]{},'\"\n~&*!<#?|>%", max_size=40))
def test_what_is_read_without_places_is_what_is_read_with_them(text):
    fields = plain_yaml.fields(text, source.MAX_DEPTH)
    if fields is not None:
        assert read_at_length(text) == (fields, [])


@given(FRONT, STYLES)
def test_fields_without_a_fault_are_read_once(front, styles):
    dumped = yaml.safe_dump(front, sort_keys=False, **styles)
    assert plain_yaml.fields(dumped, source.MAX_DEPTH) == read_at_length(dumped)[0]


@pytest.mark.parametrize(
    "text",
    [
        "a: &b c", "a: *b", "a: !!int 1", "a: 1\na: 2", "<<: {a: b}", "[a]: b", "{{{{", "a", "- a",
        "a: [", "a: b\n---\nc: d", "[" * 100, "a: {b: " * 9 + "c" + "}" * 9, "a: \u2028",
        "a: \udc00", "a: \x00", f"a: [{'b, ' * 1001}]", "".join(f"a{n}: b\n" for n in range(1001)),
    ],
)  # fmt: skip
def test_whatever_is_odd_is_read_at_length(text):
    assert plain_yaml.fields(text, source.MAX_DEPTH) is None


def without_empty(value):
    """The value without empty texts and `~`, which only quotes tell from absent ones."""
    if isinstance(value, dict):
        return {str(k): v for k, each in value.items() if (v := without_empty(each)) is not None}
    if isinstance(value, list):
        return [v for each in value if (v := without_empty(each)) is not None]
    return None if value in ("", "~") else value


@given(FRONT, STYLES, st.text("ab\n# ", max_size=20))
def test_every_value_is_read_as_typed_and_found_at_its_place(front, styles, body):
    text = file_of(front, styles, body)
    found = parsed(text)
    assert found.front == yaml.load(text.split("---\n")[1] or "{}", Loader=yaml.CBaseLoader)
    lines = text.split("\n")
    for at, value in scalars(found.front):
        place = found.places[at]
        written = "\n".join([lines[place.line - 1][place.column - 1 :], *lines[place.line :]])
        document = f"- {written}" if written[0] in "'\"" else None
        if document:
            assert first_scalar(document) == value
        else:
            assert written.split()[0].rstrip(",]}") in value


def first_scalar(text: str) -> str:
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    return next(e.value for e in events if isinstance(e, yaml.ScalarEvent))


@given(FRONT, STYLES, st.text("ab \n", max_size=30))
def test_the_body_is_the_rest_of_the_file_and_its_line_is_known(front, styles, body):
    text = file_of(front, styles, body)
    found = parsed(text)
    assert frontmatter.parse(text)[1] == found.body.strip()
    assert text.split("\n")[found.body_line - 1 :][1:] == found.body.split("\n")[1:]


@pytest.mark.parametrize(
    ("text", "front", "body"),
    [
        ("---\ntitle: A\n---\n", {"title": "A"}, ""),
        ("---\ntitle: A\n---", {"title": "A"}, ""),
        ("---\n---\nText", {}, "\nText"),
        ("---\n\n---\nText", {}, "\nText"),
        ("---\n# only a comment\n---\n", {}, ""),
        ("---  \t\ntitle: A\n-----  \n\n\nText", {"title": "A"}, "\nText"),
        ("---\n\n\ntitle: A\n---\nText", {"title": "A"}, "\nText"),
        ("---\ntitle: A\n---\n---\nText", {"title": "A"}, "\n---\nText"),
        ("---\ntitle: A --- B\n---\n", {"title": "A --- B"}, ""),
        ("---\ntitle:\nnone: ~\nquoted: ''\n---\n", {"quoted": ""}, ""),
        ("---\ntags: [a,\n  b]\n---\n", {"tags": ["a", "b"]}, ""),
        ("---\nno: NO\nat: 18:30\n---\n", {"no": "NO", "at": "18:30"}, ""),
        ("---\nnull: null\n---\n", {"null": "null"}, ""),
    ],
)  # fmt: skip
def test_a_fence_is_three_dashes_or_more_and_blanks(text, front, body):
    found = parsed(text)
    assert (found.front, found.body) == (front, body)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "front_matter_missing"),
        ("# Hello\n", "front_matter_missing"),
        ("\ntitle: A\n", "front_matter_missing"),
        ("\n---\ntitle: A\n---\n", "front_matter_missing"),
        (" ---\ntitle: A\n---\n", "front_matter_missing"),
        ("\ufeff---\ntitle: A\n---\n", "front_matter_missing"),
        ("---\ntitle: A\ndraft: yes\n", "front_matter_unclosed"),
        ("---", "front_matter_unclosed"),
        ("---\ntitle: A\n --- \nText\n", "front_matter_unclosed"),
        ("---\n- a\n---\n", "front_matter_not_fields"),
        ("---\njust text\n---\n", "front_matter_not_fields"),
        ("---\n? [a, b]\n: c\n---\n", "front_matter_not_fields"),
        ("---\ntitle: 'A\n---\n", "front_matter_invalid"),
        ("---\ntitle: A\n\tdraft: yes\n---\n", "front_matter_invalid"),
        ("---\ntitle: A\x00\n---\n", "front_matter_invalid"),
        ("---\ntitle: \ud800\n---\n", "front_matter_invalid"),
        ("---\ntitle: A\n...\ndraft: yes\n---\n", "front_matter_invalid"),
        ("---\ntitle: A\n--- !x\ndraft: yes\n---\n", "front_matter_invalid"),
        ("---\ntitle: A\x85draft: no\n---\n", "text_has_controls"),
        ("---\ntitle: A\u2028draft: no\n---\n", "text_has_controls"),
        ("---\ntitle: A\ntitle: B\n---\n", "duplicate_key"),
        ("---\ntitle: A\ntitle:\n---\n", "duplicate_key"),
        ("---\nplace: {name: A, name: B}\n---\n", "duplicate_key"),
        ("---\ntitle: &a A\n---\n", "yaml_feature_refused"),
        ("---\n&a title: A\n---\n", "yaml_feature_refused"),
        ("---\ntitle: *a\n---\n", "yaml_feature_refused"),
        ("---\ntitle: !!python/name:os.system\n---\n", "yaml_feature_refused"),
        ("---\n!x title: A\n---\n", "yaml_feature_refused"),
        ("---\n<<: {title: A}\n---\n", "yaml_feature_refused"),
        ("---\ntags: [[[[[[[[a]]]]]]]]\n---\n", "front_matter_too_deep"),
    ],
)  # fmt: skip
def test_what_does_not_split_or_parse_is_never_taken_for_text(text, code):
    assert codes(text) == [code]


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "{a: ", "[a, ", "a: [", "[{a: "])
def test_nesting_ends_where_no_field_goes_however_deep_it_is(opening):
    assert codes(f"---\n{opening * 100_000}\n---\n") in (
        ["front_matter_too_deep"],
        ["front_matter_invalid"],
    )


def test_a_tower_of_closed_brackets_is_refused_at_the_first_that_is_too_many():
    _, problems = source.parse("x.md", f"---\ntags: {'[' * 5000}a{']' * 5000}\n---\n")
    assert [(p.code, p.place.line, p.place.column) for p in problems] == [
        ("front_matter_too_deep", 2, 7 + source.MAX_DEPTH - 1)
    ]


def test_an_alias_bomb_is_refused_without_being_unfolded():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [*{before}, *{before}]\n"
        for before, name in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    assert set(codes(f"---\n{bomb}---\n")) == {"yaml_feature_refused"}


@pytest.mark.parametrize(
    ("many", "line", "column"),
    [
        ("a: [" + "b, " * 5000 + "]", 2, 3005),
        ("a: {" + ", ".join(f"k{n}: v" for n in range(5000)) + "}", 2, 8895),
    ],
)
def test_a_list_and_a_mapping_end_where_no_field_goes(many, line, column):
    _, problems = source.parse("x.md", f"---\n{many}\n---\n")
    assert [(p.code, p.place.line, p.place.column) for p in problems] == [
        ("value_too_long", line, column)
    ]


def test_several_faults_are_all_reported_each_at_its_place():
    text = "---\ntitle: &a A\ntags: [x, *a]\ntitle: B\n---\n"
    _, problems = source.parse("x.md", text)
    assert [(p.code, p.place.line, p.place.column, p.place.width) for p in problems] == [
        ("yaml_feature_refused", 2, 8, 4),
        ("yaml_feature_refused", 3, 11, 2),
        ("duplicate_key", 4, 1, 5),
    ]


def test_a_line_that_cannot_be_read_hides_no_fault_above_it():
    assert codes("---\ntitle: &a A\ntags: *Hello* world\n---\n") == [
        "yaml_feature_refused",
        "front_matter_invalid",
    ]


def test_positions_count_characters_and_name_fields_for_lists():
    found = parsed("---\n\ntitle: 😀 漢 é\nplace: {name: Ü, city: Ö}\ntags:\n  - a\n  - b\n---\n")
    assert found.place(("title",)) == Place("x.md", 3, 8, 5)
    assert found.place(("place", "city")) == Place("x.md", 4, 24, 1)
    assert found.place(("place",)) == found.key(("place",)) == Place("x.md", 4, 1, 5)
    assert found.place(("tags",)) == Place("x.md", 5, 1, 4)
    assert found.place(("tags", 1)) == Place("x.md", 7, 5, 1)
    assert found.place(("tags", 1, "deeper")) == Place("x.md", 7, 5, 1)
    assert found.place(("nowhere",)) == Place("x.md")


def test_empty_items_of_a_list_are_absent_and_the_next_keep_their_places():
    found = parsed("---\ntags:\n  -\n  - ~\n  - b\n---\n")
    assert found.front == {"tags": ["b"]}
    assert found.place(("tags", 0)) == Place("x.md", 5, 5, 1)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [("a\r\nb\r\n", "a\nb\n"), ("a\rb", "a\nb"), ("a\nb", "a\nb"), ("\r\r\n", "\n\n"), ("", "")],
)
def test_line_ends_of_any_system_become_unix_ones(typed, normal):
    assert source.normalise_newlines(typed) == normal


def test_a_settings_file_may_have_features_where_they_reach_nothing_of_ours():
    text = (
        "theme: !ENV [A, b]\nnav: &n [a]\nother: *n\nextra:\n  social: !x y\n  ours: {zone: UTC}\n"
    )
    found, problems = source.parse_yaml("mkdocs.yml", text, owned=[("extra", "ours")])
    assert not problems
    assert found is not None and found.front["extra"]["ours"] == {"zone": "UTC"}


@pytest.mark.parametrize(
    "text",
    [
        "extra: *e\n",
        "extra: {ours: !ENV X}\n",
        "extra: {ours: {zone: !ENV [ZONE, UTC]}}\n",
        "<<: {extra: {ours: {zone: UTC}}}\n",
        "extra: {<<: {ours: {zone: UTC}}}\n",
    ],
)
def test_a_feature_that_could_change_our_settings_is_a_fault(text):
    _, problems = source.parse_yaml("mkdocs.yml", text, owned=[("extra", "ours")])
    assert [p.code for p in problems] == ["yaml_feature_refused"]
