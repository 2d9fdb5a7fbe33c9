"""Spacing finds the floor from which fives and whole rotations truly shoot."""

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features import lineup_hulls, lineup_spacing
from nba_pipeline.features.asof import History
from nba_pipeline.features.spacing.shot_hull import CELLS, cells, hull_area
from nba_pipeline.league.teams import TEAMS
from nba_pipeline.sources.simulator.averages import ZONES
from nba_pipeline.sources.simulator.season import SimulatedSeason
from nba_pipeline.sources.simulator.shot_spots import spots

SPOTS = 50_000
"""Of each zone, to know where on the floor its shots come from."""

Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def history(simulated_seasons: list[SimulatedSeason], simulated_tables: list[Tables]) -> History:
    """One season, with the minutes that its coaches really had in mind as the rotation."""
    season, tables = simulated_seasons[0], dict(simulated_tables[0])
    share, roster = season.tonight.planned_share, season.tonight.roster
    team = np.array([one.team_id for one in TEAMS])[season.tonight.team]
    planned = pl.DataFrame(
        {
            "game_id": np.repeat(season.game_ids, share[0].size),
            "team_id": np.repeat(team.ravel(), share.shape[2]),
            "player_id": season.league.people.player_id[roster].ravel(),
            "expected_minutes": 48.0 * share.ravel(),
        }
    )
    return History.from_frames(tables | {"rotation": planned.filter(pl.col("expected_minutes") > 0)})


@pytest.fixture(scope="module")
def charts(simulated_seasons: list[SimulatedSeason]) -> pl.DataFrame:
    """The truth: each person's shots a minute by cell of the floor, on some scale."""
    people, rng = simulated_seasons[0].league.people, np.random.default_rng(5)
    places = [cells(*spots(np.full(SPOTS, zone), rng).T) for zone in range(len(ZONES))]
    zones = np.stack([np.bincount(place[place >= 0], minlength=CELLS) / SPOTS for place in places])
    return pl.DataFrame({"player_id": people.player_id, "chart": people.usage[:, None] * (people.zone_share @ zones)})


def _true_areas(groups: pl.DataFrame, charts: pl.DataFrame) -> np.ndarray:
    """Hull areas of groups that shoot as their people truly do, (groups,)."""
    each = groups.select("players", "minutes").with_row_index("_row").explode("players", "minutes")
    each = each.join(charts, left_on="players", right_on="player_id", maintain_order="left")
    together = np.zeros((groups.height, CELLS))
    np.add.at(together, each["_row"].to_numpy(), each["minutes"].to_numpy()[:, None] * each["chart"].to_numpy())
    return hull_area(together)


def test_fives_of_shooters_have_more_floor(history: History, charts: pl.DataFrame) -> None:
    rows = lineup_hulls.build(history, ["2019-20"])
    used = rows.filter(pl.col("rank") > 0).unique(["team_id", "five"], keep="last", maintain_order=True)
    used = used.filter(pl.col("shots_together") > 100).with_columns(players="five", minutes=pl.lit([1.0] * 5))
    truth, found = _true_areas(used, charts), used["hull_area"].to_numpy()
    assert len(truth) > 100
    assert np.corrcoef(truth, found)[0, 1] > 0.8
    order = np.argsort(truth)
    fewest, most = order[: len(order) // 5], order[-len(order) // 5 :]
    assert found[most].mean() > found[fewest].mean() + 0.5 * (truth[most].mean() - truth[fewest].mean())


def test_rotations_of_shooters_have_more_floor(history: History, charts: pl.DataFrame) -> None:
    rows = lineup_spacing.build(history, ["2019-20"]).filter(pl.col("game_date").dt.month() == 3)
    rotations = lineup_spacing.expected_rotations(history.table("rotation"), rows.select("game_id", "team_id"))
    truth = _true_areas(rotations, charts)
    of_all, of_five = (np.corrcoef(truth, rows[name].to_numpy())[0, 1] for name in ("rotation_hull_area", "hull_area"))
    assert of_all > 0.85 and of_all > of_five
    assert np.abs(rows["rotation_hull_area"].to_numpy() - truth).mean() < np.abs(rows["hull_area"].to_numpy() - truth).mean()
