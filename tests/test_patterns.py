"""Regular expressions are compiled when first used, so a faulty one must be looked for."""

import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from townsquare.patterns import pattern

HOOKS = Path(__file__).parents[1] / "hooks"
USED = sorted(
    ".".join(file.relative_to(HOOKS).with_suffix("").parts)
    for file in HOOKS.rglob("*.py")
    if re.search(r"\bpattern\(", file.read_text("utf-8")) and file.stem != "patterns"
)
WAITING = type(pattern(""))


def waiting(module: ModuleType) -> list[re.Pattern[str]]:
    held = vars(module).values()
    flat = [each for one in held for each in (one if isinstance(one, tuple | list) else (one,))]
    return [each for each in flat if isinstance(each, WAITING)]


@pytest.mark.parametrize("name", USED)
def test_every_pattern_of_the_module_compiles(name):
    module = import_module(name)
    found = waiting(module)
    assert len(found) >= 1
    for each in found:
        assert each.search("") is None or each.groups >= 0


def test_a_pattern_is_compiled_when_it_is_first_asked():
    faulty = pattern("(")
    with pytest.raises(re.error):
        faulty.search("")


def test_it_answers_as_a_compiled_one():
    found, plain = pattern("(?P<a>b)c", re.IGNORECASE), re.compile("(?P<a>b)c", re.IGNORECASE)
    assert found.sub("-", "aBCd") == plain.sub("-", "aBCd") == "a-d"
    assert found.fullmatch("bc")["a"] == "b"
    assert (found.groupindex, found.flags, found.pattern) == (
        plain.groupindex, plain.flags, plain.pattern,
    )  # fmt: skip
