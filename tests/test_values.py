"""Our dataclasses: what the standard library's frozen ones do, these do too."""

import copy
import pickle
from dataclasses import FrozenInstanceError, field, fields, is_dataclass, replace
from functools import cached_property

import pytest

from townsquare.values import named, value


@value
class Spot:
    """Three fields, one of them made anew each time."""

    name: str
    size: int = 1
    seen: list[str] = field(default_factory=list[str])

    @cached_property
    def doubled(self) -> int:
        return 2 * self.size


@value
class Other:
    """The same fields, another class."""

    name: str
    size: int = 1
    seen: list[str] = field(default_factory=list[str])


@named
class Whole:
    """A facet."""

    a: int
    b: int = 2

    def __post_init__(self) -> None:
        if self.a > self.b:
            raise ValueError("a is more than b")


@named
class Part(Whole):
    """Fields after inherited ones, one of them with another default."""

    c: int
    b: int = 3


@value
class Nothing:
    """No field at all."""


def test_fields_are_given_by_place_by_name_or_by_default():
    for made in (Spot("a", 1, []), Spot("a"), Spot(name="a"), Spot("a", seen=[])):
        assert (made.name, made.size, made.seen) == ("a", 1, [])


def test_a_default_that_is_made_is_made_for_each():
    assert Spot("a").seen is not Spot("a").seen


def test_values_are_equal_by_their_fields_and_class():
    assert Spot("a") == Spot("a", 1)
    assert Spot("a") != Spot("a", 2)
    assert Spot("a") != Other("a")
    assert Spot("a") != ("a", 1, [])
    assert Nothing() == Nothing()


def test_values_are_hashed_by_their_fields():
    assert len({Whole(a=1), Whole(a=1, b=2), Whole(a=2)}) == 2
    assert hash(Nothing()) == hash(Nothing())


def test_what_is_worked_out_once_changes_neither_equality_nor_text():
    spot = Spot("a", 2)
    assert spot.doubled == 4
    assert spot == Spot("a", 2)
    assert repr(spot) == "Spot(name='a', size=2, seen=[])"


def test_a_value_cannot_be_changed():
    spot = Spot("a")
    with pytest.raises(FrozenInstanceError, match="size"):
        spot.size = 2
    with pytest.raises(FrozenInstanceError, match="size"):
        del spot.size
    with pytest.raises(FrozenInstanceError, match="new"):
        spot.new = 2


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (lambda: Spot(), "name"),
        (lambda: Spot("a", 1, [], 4), "Spot"),
        (lambda: Spot("a", name="b"), "Spot"),
        (lambda: Spot("a", other=1), "other"),
        (lambda: Spot(other=1), "name, other"),
        (lambda: Whole(1), "Whole"),
        (lambda: Part(a=1), "c"),
    ],
)
def test_wrong_arguments_are_refused(make, wrong):
    with pytest.raises(TypeError, match=wrong):
        make()


def test_they_are_dataclasses_to_those_who_ask():
    assert is_dataclass(Spot)
    assert [f.name for f in fields(Part)] == ["a", "b", "c"]
    assert replace(Spot("a"), size=5) == Spot("a", 5)
    with pytest.raises(TypeError):
        replace(Spot("a"), sise=5)


def test_they_can_be_copied_and_kept():
    spot = Spot("a", 3, ["b"])
    assert copy.deepcopy(spot) == spot == pickle.loads(pickle.dumps(spot))


def test_a_value_by_names_inherits_fields_and_what_is_checked_after():
    assert repr(Part(a=1, c=4)) == "Part(a=1, b=3, c=4)"
    with pytest.raises(ValueError, match="more"):
        Part(a=4, c=1)
