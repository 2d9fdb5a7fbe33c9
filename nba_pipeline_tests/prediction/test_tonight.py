"""The morning of a game day: its games and all later ones stand in the log without results, nothing of them has been played.

The forecasts are those that the finished season gives for the same date: to the last bit.
"""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.experiments.slate import slate as points_slate
from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.prediction.forecaster import Forecaster
from nba_pipeline.prediction.game.facts import GameFacts
from nba_pipeline.prediction.game.live import followed
from nba_pipeline.prediction.game.win_probability import win_probability
from nba_pipeline.prediction.slate import slate
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.sources.layout import TEAM_LOG, Dataset
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.prediction.conftest import SEASON
from nba_pipeline_tests.tiny_league.tables import season_tables, write_features

SEASONS = ("2019-20", "2020-21", SEASON)
RESULT = ("WL", "MIN", "PTS", "FGM", "FGA", "PLUS_MINUS")


class ThatMorning(RawArchive):
    """The tiny league's archive as it lay there before the first game of a date."""

    day: date

    def _read(self, dataset: Dataset, season: str | None, columns: tuple[str, ...] = ()) -> pl.DataFrame:
        rows = super()._read(dataset, season, columns)
        if dataset == TEAM_LOG:
            later = pl.col("GAME_DATE").str.slice(0, 10) >= str(self.day)
            return rows.with_columns(pl.when(~later).then(column).alias(column) for column in RESULT)
        if season is None or "GAME_ID" not in rows.columns:
            return rows
        played = self.team_log(season).filter(pl.col("PTS").is_not_null())
        return rows.join(played, on="GAME_ID", how="semi", maintain_order="left")


@pytest.fixture(scope="module")
def day(facts: GameFacts) -> date:
    return facts.game["game_date"][0]


@pytest.fixture(scope="module")
def morning(tiny_archive: Path, day: date, tmp_path_factory: pytest.TempPathFactory, tiny_features: Warehouse) -> Warehouse:
    archive = ThatMorning(tiny_archive)
    object.__setattr__(archive, "day", day)
    warehouse = Warehouse(tmp_path_factory.mktemp("morning"), source="simulated")
    warehouse.write("players", tiny_features.read("players"))
    for season in SEASONS:
        for name, frame in season_tables(archive, season).items():
            warehouse.write(name, frame, season)
    return write_features(warehouse)


def test_the_game_is_known_and_its_result_is_not(morning: Warehouse, day: date):
    games = morning.read("games", [SEASON])
    assert games.filter(pl.col("game_date") < day)["margin"].null_count() == 0
    to_come = games.filter(pl.col("game_date") >= day)
    assert to_come.height and to_come["margin"].null_count() == to_come.height and not to_come["has_plays"].any()


def test_tonight_is_forecast_as_the_finished_season_would(morning: Warehouse, tiny_features: Warehouse, versions: ModelRegistry, day: date):
    forecaster = Forecaster.load(versions)
    known = Warehouse(tiny_features.root, tiny_features.source)
    said, looking_back = slate(forecaster, morning, day), slate(forecaster, known, day)
    assert said is not None and looking_back is not None and said.height
    assert said.equals(looking_back)


def test_players_of_tonight_have_rows(morning: Warehouse, day: date):
    rows = points_slate(morning, [day])
    assert rows.height and set(rows["game_date"]) == {day}


def test_a_game_that_has_just_begun_is_followed(morning: Warehouse, forecaster: Forecaster, facts: GameFacts, plays_file: Path):
    known = GameFacts.read(morning, facts.game_id)
    curve = win_probability(forecaster, followed(plays_file, known))
    assert curve.height > 100 and known.score_sd == pytest.approx(facts.score_sd)
