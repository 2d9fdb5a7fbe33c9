"""Integers stay integers, decimals stay exact, and what is ambiguous is refused."""

from decimal import Decimal

import pytest

from nba_pipeline.tuning.search_space import Range, SearchSpaceError, grid_values, lies_in, plain_space, read_space


def test_a_grid_keeps_kinds_of_numbers():
    space = read_space(
        {
            "k": Range(16, 32, step=8),
            "tenths": Range(Decimal("0.1"), Decimal("0.5"), step=Decimal("0.1")),
            "floats": Range(0.1, 0.3, step=0.1),
            "chosen": [Decimal("16"), Decimal("0.25"), True, None, "word"],
            "fixed": 3,
        }
    )
    assert grid_values(space) == {
        "k": [16, 24, 32],
        "tenths": [0.1, 0.2, 0.3, 0.4, 0.5],
        "floats": [0.1, 0.2, 0.3],
        "chosen": [16, 0.25, True, None, "word"],
        "fixed": [3],
    }
    kinds = {name: {type(value) for value in values} for name, values in grid_values(space).items()}
    assert kinds["k"] == {int} and kinds["tenths"] == {float} and kinds["chosen"] == {int, float, bool, type(None), str}


def test_plain_data_says_the_same():
    space = read_space(
        {"a": {"low": 1, "high": 9}, "b": {"low": 1e-3, "high": 1.0, "log": True}, "c": Range(0.0, 1.0, step=Decimal("0.25"))}
    )
    assert grid_values(read_space(plain_space({"a": space["a"], "c": space["c"]}))) == {
        "a": list(range(1, 10)),
        "c": [0, 0.25, 0.5, 0.75, 1],
    }
    assert plain_space(space)["b"] == {"low": 1e-3, "high": 1.0, "log": True}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"x": (1, 2)}, "x: is .* two choices or a range"),
        ({"x": {"low": 1}}, "a range is written low, high"),
        ({"x": {"low": 2, "high": 1}}, "low must be less"),
        ({"x": {"low": 0.0, "high": 1.0, "log": True}}, "a log scale starts above 0"),
        ({"x": {"low": "a", "high": 1}}, "must be numbers"),
        ({"x": []}, "choices are numbers"),
        ({"x": [[1]]}, "choices are numbers"),
    ],
)
def test_what_cannot_be_meant_is_refused(written: dict, said: str):
    with pytest.raises(SearchSpaceError, match=said):
        read_space(written)


def test_a_grid_without_steps_is_refused():
    with pytest.raises(SearchSpaceError, match="a grid over x needs a step"):
        grid_values(read_space({"x": Range(0.0, 1.0)}))


@pytest.mark.parametrize(
    ("params", "inside"), [({"x": 0.5, "y": 2}, True), ({"x": 2.0, "y": 2}, False), ({"x": 0.5, "y": 3}, False), ({"x": 1.0}, False)]
)
def test_what_lies_in_a_space(params: dict, inside: bool):
    assert lies_in(read_space({"x": Range(0.0, 1.0), "y": [1, 2]}), params) is inside
