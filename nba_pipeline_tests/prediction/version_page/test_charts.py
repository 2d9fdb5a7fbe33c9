"""Pictures as SVG: well-formed, inside their frame, and true to the numbers."""

from xml.etree import ElementTree

import polars as pl
import pytest

from nba_pipeline.prediction.version_page.charts import Plane, intervals, learning_curve, reliability, ticks

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def dots(svg: str) -> list[tuple[float, float]]:
    return [(float(one.attrib["cx"]), float(one.attrib["cy"])) for one in parsed(svg).iter(f"{SVG}circle")]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-0.0031, 0.0042), (1.139, 1.152), (-260, 900)])
def test_ticks_are_few_round_and_inside(low: float, high: float):
    found = ticks(low, high)
    assert 2 <= len(found) <= 7 and min(found) >= low - 1e-9 and max(found) <= high + 1e-9


def test_a_point_lies_where_the_axes_say():
    plane = Plane("test", (0, 10), (0, 1))
    assert plane.at(0, 0) == (52, plane.height - 42) and plane.at(10, 1) == (plane.width - 14, 12)


def test_reliability_shows_every_bin_and_its_band():
    table = pl.DataFrame(
        {"games": [10, 40], "mean_forecast": [0.3, 0.7], "win_share": [0.25, 0.8], "noise_low": [0.1, 0.6], "noise_high": [0.5, 0.8]}
    )
    svg = reliability(table, "Reliability & noise <b>")
    (left, low), (right, high) = dots(svg)
    assert left < right and low > high
    assert len(list(parsed(svg).iter(f"{SVG}polygon"))) == 1 and "40 games, forecast 0.700, won 0.800" in svg
    assert parsed(svg).attrib["aria-label"] == "Reliability & noise <b>"


def test_a_learning_curve_of_one_epoch_or_without_change_is_drawn():
    def epoch(number: int, loss: float) -> dict[str, object]:
        return {"epoch": number, "train": {"loss": loss} if number else {}, "val": {"loss": loss}}

    for history in ({"epochs": [epoch(0, 1.0)], "best_epoch": 0}, {"epochs": [epoch(0, 1.0), epoch(1, 1.0)], "best_epoch": 1}):
        assert len(dots(learning_curve(history, "loss"))) == 2 * len(history["epochs"]) - 1


def test_intervals_are_coloured_by_what_they_say():
    rows = [
        {"forecast": "elo", "net_minus": -0.02, "low": -0.03, "high": -0.01},
        {"forecast": "rating", "net_minus": 0.0, "low": -0.01, "high": 0.01},
        {"forecast": "closing_line", "net_minus": 0.02, "low": 0.01, "high": 0.03},
    ]
    svg = intervals(rows, "net minus the others", "log loss")
    kinds = [one.attrib["class"] for one in parsed(svg).iter(f"{SVG}circle")]
    assert kinds == ["dot better", "dot even", "dot worse"] and "closing line" in svg
    assert [x for x, _ in dots(svg)] == sorted(x for x, _ in dots(svg))
