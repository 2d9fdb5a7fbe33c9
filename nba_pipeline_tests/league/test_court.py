import pytest

from nba_pipeline.league.court import distance_to_rim_feet, is_three


@pytest.mark.parametrize(
    ("x", "y", "three"),
    [
        (0, 23.7, False),
        (0, 23.8, True),
        (22.1, 0, True),
        (-22.1, 5, True),
        (21.9, 0, False),
        (22.1, 8.0, True),
        (17, 17, True),
        (0, 0, False),
    ],
)
def test_three_point_line(x: float, y: float, three: bool) -> None:
    assert is_three(x, y) is three


def test_distance() -> None:
    assert distance_to_rim_feet(3, 4) == 5
