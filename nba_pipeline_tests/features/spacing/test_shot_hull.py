import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull

from nba_pipeline.features.spacing.shot_hull import CELLS, CENTRES, cells, corners, hull_area


def _chart(places: list[tuple[float, float]]) -> np.ndarray:
    return np.bincount(cells(*np.array(places).T), minlength=CELLS)[None].astype(float)


def test_a_cell_contains_its_shots():
    rng = np.random.default_rng(0)
    x, y = rng.uniform(-25, 25, 500), rng.uniform(-5, 30, 500)
    assert np.abs(CENTRES[cells(x, y)] - np.column_stack([x, y])).max() <= 1.0


def test_heaves_and_shots_without_a_place_are_left_out():
    assert cells(np.array([0.0, np.nan, 30.0, 0.0]), np.array([60.0, 5.0, 5.0, -8.0])).tolist() == [-1] * 4


def test_four_equal_corners_make_their_rectangle():
    assert hull_area(_chart([(-20, 0), (20, 0), (20, 20), (-20, 20)]))[0] == pytest.approx(40 * 20, rel=0.15)


def test_shots_from_one_spot_have_no_area():
    assert hull_area(_chart([(5, 5)] * 20))[0] == pytest.approx(0, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_the_area_is_that_of_the_convex_hull_of_the_corners(seed: int):
    chart = np.random.default_rng(seed).gamma(0.2, size=(1, CELLS))
    assert hull_area(chart)[0] == pytest.approx(ConvexHull(corners(chart)[0]).volume)


def test_one_stray_shot_hardly_moves_the_hull():
    rng = np.random.default_rng(0)
    places = list(zip(rng.uniform(-5, 5, 500), rng.uniform(0, 10, 500), strict=True))
    without, stray = hull_area(_chart(places))[0], hull_area(_chart([*places, (24, 33)]))[0]
    assert without <= stray < 1.1 * without


def test_each_group_is_on_its_own():
    charts = np.random.default_rng(0).gamma(0.3, size=(7, CELLS))
    assert np.array_equal(hull_area(charts)[3:4], hull_area(charts[3:4]))
