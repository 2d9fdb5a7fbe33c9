"""The limits of a drift report, one by one."""

from typing import Any

import polars as pl
import pytest

from nba_pipeline.features.context_features import CONTEXT_FEATURES
from nba_pipeline.prediction.monitor.findings import (
    QUESTIONS,
    Finding,
    HeldOut,
    against_elo,
    against_held_out,
    against_market,
    against_other_version,
    moves_with_the_league,
    shift_levels,
    shifted,
    too_few,
)


def row(mean: float, reach: float = 0.01, games: int = 500) -> dict[str, Any]:
    """A paired difference with its interval."""
    return {"net_minus": mean, "low": mean - reach, "high": mean + reach, "standard_error": reach / 1.96, "games": games}


def shifts(**psi: tuple[float, float]) -> pl.DataFrame:
    """PSI and limit by quantity."""
    return shift_levels(pl.DataFrame([{"quantity": name, "psi": value, "psi_limit": limit} for name, (value, limit) in psi.items()]))


@pytest.mark.parametrize(
    ("psi", "limit", "level"),
    [(0.09, 0.02, "ok"), (0.11, 0.02, "WARN"), (0.24, 0.3, "ok"), (0.26, 0.02, "ERROR"), (0.26, 0.3, "ok"), (2.0, 0.2, "ERROR")],
)
def test_a_difference_of_clubs_alarms_at_the_usual_limits_but_never_within_noise(psi: float, limit: float, level: str):
    assert shifted("inputs", shifts(elo_diff=(psi, limit))).level == level


@pytest.mark.parametrize(("psi", "level"), [(0.09, "ok"), (1.8, "WARN"), (3.1, "ERROR")])
def test_what_moves_with_the_league_may_move_further(psi: float, level: str):
    assert shifted("inputs", shifts(home_efg_pct=(psi, 0.05))).level == shifted("outputs", shifts(total=(psi, 0.05))).level == level


def test_the_worst_is_named_with_its_noise():
    found = shifted("inputs", shifts(elo_diff=(0.4, 0.2), rest_diff=(0.3, 0.1), rapm_diff=(0.15, 0.1)))
    assert (found.level, found.message, found.value) == ("ERROR", "PSI of elo_diff 0.40 (noise 0.20), rest_diff 0.30 (noise 0.10)", 0.4)


def test_numbers_of_one_club_move_with_the_league_and_differences_do_not():
    moving = {name for name in (*CONTEXT_FEATURES, "p_home_win", "margin", "total") if moves_with_the_league(name)}
    assert len(moving) == 4 + 8 + 6 + 2 + 1
    assert not moving & {"rapm_diff", "home_rest_days", "away_travel_miles", "p_home_win", "margin", "spacing_diff"}


@pytest.mark.parametrize(
    ("mean", "reach", "level"), [(0.004, 0.01, "ok"), (0.006, 0.01, "WARN"), (0.006, 0.005, "ERROR"), (-0.01, 0.005, "ok")]
)
def test_worse_than_elo(mean: float, reach: float, level: str):
    assert against_elo(row(mean, reach)).level == level


@pytest.mark.parametrize(("mean", "level"), [(-0.005, "ok"), (0.012, "WARN"), (0.03, "ERROR")])
def test_the_lead_over_elo_shrinks_beyond_the_noise_of_both_periods(mean: float, level: str):
    found = against_held_out(row(mean, reach=0.012), HeldOut(0.62, -0.005, 0.003, 1230))
    assert found.level == level and "1,230 held-out games" in found.message


def test_without_held_out_numbers_nothing_is_claimed():
    assert HeldOut.of({"accuracy": 0.6}) is None
    assert against_held_out(row(0.5), None).level == "insufficient"
    metrics = {
        "log_loss": 0.62,
        "log_loss_minus_elo": -0.01,
        "log_loss_minus_elo_low": -0.0196,
        "log_loss_minus_elo_high": 0.0,
        "games": 1230,
    }
    found = HeldOut.of({f"pregame/{name}": value for name, value in metrics.items()})
    assert found is not None and found.standard_error == pytest.approx(0.005)


@pytest.mark.parametrize(
    ("mean", "reach", "level"), [(0.01, 0.01, "ok"), (-0.004, 0.001, "ok"), (-0.006, 0.01, "WARN"), (-0.02, 0.01, "ERROR")]
)
def test_better_than_the_market_is_a_leak_only_with_the_whole_interval(mean: float, reach: float, level: str):
    found = against_market(row(mean, reach))
    assert found.level == level and ("a leak until proved otherwise" in found.message) == (level == "ERROR")


def test_few_priced_games_say_nothing_about_the_market():
    assert against_market(row(-0.3, games=99)).level == against_market(None).level == "insufficient"


def test_another_version_only_warns():
    assert against_other_version(row(0.05, 0.01), "v2.0.0", "v1.0.0").level == "WARN"
    assert against_other_version(row(0.005, 0.01), "v2.0.0", "v1.0.0").level == "ok"
    assert against_other_version(None, "v2.0.0", None).level == "ok"


def test_few_recent_games_alarm_nobody_and_keep_their_numbers():
    findings = tuple(Finding(question, "ERROR", "why", 1.0) for question in QUESTIONS)
    assert too_few(findings, 100) == findings
    assert {one.level for one in too_few(findings, 99)} == {"insufficient"}
    assert all("99 recent games, 100 are needed; why" in one.message and one.value == 1.0 for one in too_few(findings, 99))
