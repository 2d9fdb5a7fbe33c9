"""One road for a replay and for a game that is being played, and neither sees further than its instant."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from nba_pipeline.league.events import EventType
from nba_pipeline.models.forecasts.held_out import forecast
from nba_pipeline.models.samples.load_games import load_games
from nba_pipeline.prediction.forecaster import Forecaster
from nba_pipeline.prediction.game.facts import GameFacts, UnknownGameError
from nba_pipeline.prediction.game.live import LiveGame, as_far_as, followed, replayed
from nba_pipeline.prediction.game.win_probability import win_probability
from nba_pipeline.prediction.instant import Instant
from nba_pipeline.sources.compressed import ArchiveError
from nba_pipeline.warehouse.play_rows import PlaysError
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.prediction.conftest import SEASON

AT = Instant.parse("Q3-04:30")


def test_a_replay_holds_what_training_reads(tiny_features: Warehouse, forecaster: Forecaster, facts: GameFacts, curve: pl.DataFrame):
    arrays = load_games(tiny_features, [SEASON])
    game = int(arrays.select(pl.Series([facts.game_id]))[0])
    known = np.arange(arrays.event_counts()[game] + 1)
    said = forecast(forecaster.net, arrays, np.full(len(known), game), known)
    assert len(known) == curve.height
    others = curve.filter(np.abs(said[:, 0] - curve["p_home_win"].to_numpy()) > 1e-6)
    assert (others["event_type"] == EventType.SUBSTITUTION).all(), "only within a change of several players, where no stint begins"
    assert others.height < 0.05 * curve.height


def test_the_last_row_knows_the_score(facts: GameFacts, curve: pl.DataFrame, replay: LiveGame):
    final = facts.game.row(0, named=True)
    last = curve.row(-1, named=True)
    assert last["home_score"] - last["away_score"] == final["margin"] and replay.is_over
    assert (last["p_home_win"] > 0.9) == final["home_win"]


@pytest.mark.parametrize(("stray", "period"), [(EventType.PERIOD_START, 5), (EventType.REPLAY, 4)])
def test_rows_after_the_end_do_not_make_it_go_on(facts: GameFacts, replay: LiveGame, stray: EventType, period: int):
    """As in games 0021500916 and 0021800778."""
    last = replay.plays.tail(1)
    after = last.with_columns(
        event_type=pl.lit(stray, pl.Int8), period=pl.lit(period).cast(last["period"].dtype), play_index=pl.col("play_index") + 1
    )
    assert as_far_as(facts, pl.concat([replay.plays, after])).is_over
    tied = [frame.with_columns(away_score="home_score") for frame in (replay.plays, after)]
    assert not as_far_as(facts, pl.concat(tied)).is_over
    assert not as_far_as(facts, replay.plays.head(1)).is_over


def test_later_plays_of_the_warehouse_change_no_bit(forecaster: Forecaster, facts: GameFacts, replay: LiveGame):
    later = AT.is_known().not_()
    changed = replay.plays.with_columns(
        pl.when(later).then(pl.col("home_score") + 50).otherwise("home_score").alias("home_score"),
        pl.when(later).then(pl.lit(2, pl.Int8)).otherwise("event_type").alias("event_type"),
        pl.when(later).then("away_lineup").otherwise("home_lineup").alias("home_lineup"),
    )
    curves = [win_probability(forecaster, as_far_as(facts, plays, AT)) for plays in (replay.plays, changed)]
    assert curves[0].equals(curves[1]) and curves[0].height > 100
    whole = [win_probability(forecaster, as_far_as(facts, plays)).head(curves[0].height) for plays in (replay.plays, changed)]
    for one in whole:
        np.testing.assert_allclose(one["p_home_win"].to_numpy(), curves[0]["p_home_win"].to_numpy(), rtol=0, atol=1e-6)


@pytest.mark.parametrize("harm", ["scramble", "delete"])
def test_later_rows_of_a_file_change_no_bit(forecaster: Forecaster, facts: GameFacts, plays_file: Path, harm: str):
    before = win_probability(forecaster, followed(plays_file, facts, AT))
    rows = pl.read_csv(plays_file, infer_schema=False)
    period, clock = pl.col("PERIOD").cast(pl.Int32), pl.col("PCTIMESTRING")
    known = (period < 3) | ((period == 3) & (clock.str.head(-3).cast(pl.Int32) * 60 + clock.str.tail(2).cast(pl.Int32) >= 270))
    if harm == "delete":
        rows = rows.filter(known)
    else:
        swapped = {"PLAYER1_ID": "PLAYER2_ID", "HOMEDESCRIPTION": "VISITORDESCRIPTION"}
        rows = rows.with_columns(pl.when(known).then(a).otherwise(pl.col(b)).alias(a) for a, b in swapped.items())
    rows.write_csv(plays_file)
    after = win_probability(forecaster, followed(plays_file, facts, AT))
    assert before.equals(after) and before["clock_seconds"][-1] >= 270


def test_a_finished_file_gives_the_replayed_plays(facts: GameFacts, replay: LiveGame, plays_file: Path):
    live = followed(plays_file, facts)
    scores = ["play_index", "period", "clock_seconds", "event_type", "player1_id", "home_score", "away_score", "description"]
    assert live.plays.select(scores).equals(replay.plays.select(scores)) and live.is_over
    both = pl.DataFrame({"live": live.plays["home_lineup"], "box": replay.plays["home_lineup"]}).drop_nulls()
    assert (both["live"] == both["box"]).mean() > 0.95, "without the box a few fives are unknown, and hardly any wrong"


def test_before_the_first_row_it_is_the_forecast_before_tip_off(
    forecaster: Forecaster, facts: GameFacts, curve: pl.DataFrame, plays_file: Path
):
    header = plays_file.read_text().splitlines()[0]
    for content in ("", header[:40], header + "\n"):
        plays_file.write_text(content)
        live = followed(plays_file, facts)
        assert not live.is_over
        early = win_probability(forecaster, live)
        assert early.height == 1 and early["p_home_win"][0] == pytest.approx(curve["p_home_win"][0], abs=1e-6)


def test_a_half_written_line_is_waited_for(facts: GameFacts, plays_file: Path):
    text = plays_file.read_text()
    lines = text.splitlines(keepends=True)
    plays_file.write_text("".join(lines[:100]))
    whole = followed(plays_file, facts)
    for half in (3, len(lines[100]) // 2, len(lines[100]) - 1):
        plays_file.write_text("".join(lines[:100]) + lines[100][:half])
        assert followed(plays_file, facts).plays.equals(whole.plays)
    plays_file.write_text("".join(lines[:101]))
    assert followed(plays_file, facts).plays.height == whole.plays.height + 1


@pytest.mark.parametrize(
    ("harm", "error", "said"),
    [
        (lambda text: text.replace("PCTIMESTRING", "CLOCK", 1), ArchiveError, "PCTIMESTRING is missing"),
        (lambda text: text.replace("11:", "soon:", 1), PlaysError, "no readable"),
        (lambda text: text.replace(",12,", ",twelve,", 1), ArchiveError, "no id"),
        (lambda text: "\x89PNG\n\x00\x01\n", ArchiveError, "is missing"),
    ],
)
def test_a_bad_file_is_a_clear_error(facts: GameFacts, plays_file: Path, harm, error: type[Exception], said: str):
    plays_file.write_text(harm(plays_file.read_text()))
    with pytest.raises(error, match=said):
        followed(plays_file, facts)


def test_another_games_file_is_named(facts: GameFacts, plays_file: Path):
    plays_file.write_text(plays_file.read_text().replace(facts.game_id, "9022100099"))
    with pytest.raises(ArchiveError, match="plays of 9022100099, not only of"):
        followed(plays_file, facts)
    with pytest.raises(ArchiveError, match="cannot be read"):
        followed(plays_file.with_name("nowhere.csv"), facts)


def test_an_unknown_game_is_refused_with_a_remedy(tiny_features: Warehouse, facts: GameFacts):
    with pytest.raises(UnknownGameError, match="is not in the warehouse"):
        GameFacts.read(tiny_features, "0000000000")
    with pytest.raises(UnknownGameError, match="--plays"):
        replayed(tiny_features, GameFacts(facts.game.with_columns(game_id=pl.lit("1")), *list(vars(facts).values())[1:]))
