"""One form of JSON: what the standard library writes, sooner."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from townsquare import canonical_json

WORDS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner),
)


@given(value=VALUES)
def test_the_bytes_are_those_of_the_standard_library(value: Any):
    usual = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2) + "\n"
    assert canonical_json.encoded(value) == usual.encode()


@given(values=st.lists(VALUES))
def test_a_list_of_texts_is_the_list_of_their_values(values: list[Any]):
    texts = [canonical_json.text(each, "\n  ") for each in values]
    assert canonical_json.array(texts) == canonical_json.text(values)
