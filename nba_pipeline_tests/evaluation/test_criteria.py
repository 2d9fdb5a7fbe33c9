import math

import pytest

from nba_pipeline.evaluation.criteria import CRITERIA, verdict

GOOD = {
    "pregame/games": 1230,
    "pregame/accuracy": 0.65,
    "pregame/brier_score": 0.219,
    "pregame/log_loss": 0.627,
    "pregame/log_loss_minus_elo": -0.002,
    "pregame/log_loss_minus_elo_low": -0.008,
    "pregame/log_loss_minus_elo_high": 0.004,
    "pregame/ece": 0.03,
    "pregame/ece_noise_p99": 0.047,
    "pregame/ece_best_baseline": 0.03,
    "market/games": 1100,
    "market/log_loss_minus_closing_line_high": 0.012,
    "q3/games": 1229,
    "q3/margin_mae": 6.3,
    "q3/total_mae": 7.9,
    "q3/margin_mae_minus_elo_low": -0.1,
    "q3/total_mae_minus_elo_low": -0.2,
    "q3/log_loss_minus_elo_low": -0.01,
}
VIOLATIONS = [
    ({"pregame/accuracy": 0.55}, "pregame_accuracy", "must be > 0.5500: fails by 0.0000"),
    ({"pregame/accuracy": 0.53}, "pregame_accuracy", "fails by 0.0200"),
    ({"pregame/brier_score": 0.26}, "pregame_brier_score", "fails by 0.0100"),
    ({"pregame/log_loss": 0.69}, "pregame_log_loss", "fails by 0.0100"),
    ({"pregame/log_loss_minus_elo": 0.0061}, "pregame_close_to_elo", "fails by 0.0011"),
    ({"pregame/log_loss_minus_elo_low": 0.0004}, "pregame_not_worse_than_elo", "fails by 0.0004"),
    ({"pregame/ece": 0.06}, "pregame_calibration", "must be <= 0.0500: fails by 0.0100"),
    ({"market/log_loss_minus_closing_line_high": -0.0062}, "market_not_beaten", "must be >= -0.0050: fails by 0.0012"),
    ({"q3/margin_mae": 8.2}, "q3_margin_mae", "fails by 0.2000"),
    ({"q3/total_mae": 12.5}, "q3_total_mae", "fails by 0.5000"),
    ({"q3/margin_mae_minus_elo_low": 0.02}, "q3_margin_not_worse_than_floor", "fails by 0.0200"),
    ({"q3/total_mae_minus_elo_low": 0.02}, "q3_total_not_worse_than_floor", "fails by 0.0200"),
    ({"q3/log_loss_minus_elo_low": 0.02}, "q3_log_loss_not_worse_than_floor", "fails by 0.0200"),
    ({"pregame/log_loss": math.nan}, "pregame_log_loss", "is nan"),
]


def test_a_good_report_is_accepted() -> None:
    answer = verdict(GOOD)
    assert answer.status == "accepted" and answer.reasons == ()
    assert [one.name for one in answer.results] == [criterion.name for criterion in CRITERIA]
    assert all(one.passed for one in answer.results)


@pytest.mark.parametrize(("change", "name", "message"), VIOLATIONS)
def test_each_violated_bound_refuses_alone_and_says_by_how_much(change: dict[str, float], name: str, message: str) -> None:
    answer = verdict(GOOD | change)
    assert answer.status == "refused"
    assert [one.name for one in answer.results if not one.passed and one.severity == "ERROR"] == [name]
    assert len(answer.reasons) == 1 and name in answer.reasons[0] and message in answer.reasons[0]


def test_every_error_has_a_violation_above() -> None:
    assert {name for _, name, _ in VIOLATIONS} == {criterion.name for criterion in CRITERIA if criterion.severity == "ERROR"}


@pytest.mark.parametrize("key", sorted({key for criterion in CRITERIA for key in criterion.needed} | {"pregame/games", "q3/games"}))
def test_a_missing_number_is_insufficient_and_named(key: str) -> None:
    answer = verdict({name: value for name, value in GOOD.items() if name != key})
    assert answer.status == "insufficient"
    assert any(key in reason for reason in answer.reasons)


@pytest.mark.parametrize("games", [None, 0, 99])
def test_where_there_are_no_closing_lines_the_market_is_not_asked(games: int | None) -> None:
    unpriced = {name: value for name, value in GOOD.items() if not name.startswith("market/")} | (
        {} if games is None else {"market/games": games}
    )
    answer = verdict(unpriced | {"market/log_loss_minus_closing_line_high": -0.2})
    assert answer.status == "accepted"
    (market,) = (one for one in answer.results if one.name == "market_not_beaten")
    assert market.passed and "not asked" in market.message


def test_a_market_that_is_beaten_within_noise_is_no_leak() -> None:
    assert verdict(GOOD | {"market/log_loss_minus_closing_line_high": -0.0049}).status == "accepted"


def test_nothing_is_insufficient() -> None:
    assert verdict({}).status == "insufficient"


@pytest.mark.parametrize("key", ["pregame/games", "q3/games"])
@pytest.mark.parametrize("games", [0, 499, math.nan])
def test_few_games_prove_nothing_either_way(key: str, games: float) -> None:
    answer = verdict(GOOD | {key: games, "pregame/accuracy": 0.3})
    assert answer.status == "insufficient" and "500 are needed" in answer.reasons[0]
    assert verdict(GOOD | {key: 500}).status == "accepted"


def test_a_failure_is_not_hidden_by_a_missing_number() -> None:
    report = GOOD | {"pregame/log_loss": 0.7}
    del report["q3/total_mae"]
    assert verdict(report).status == "refused"


def test_an_interval_wholly_above_zero_is_refused_within_the_mean_bound() -> None:
    worse = {"pregame/log_loss_minus_elo": 0.003, "pregame/log_loss_minus_elo_low": 0.001, "pregame/log_loss_minus_elo_high": 0.005}
    assert verdict(GOOD | worse).status == "refused"
    assert verdict(GOOD | worse | {"pregame/log_loss_minus_elo_low": -0.001}).status == "accepted"


def test_calibration_above_noise_warns_but_only_worse_than_the_baseline_refuses() -> None:
    noisy = verdict(GOOD | {"pregame/ece": 0.06, "pregame/ece_best_baseline": 0.045})
    assert noisy.status == "accepted"
    assert [one.name for one in noisy.results if not one.passed] == ["pregame_calibration_noise"]
    below_noise = verdict(GOOD | {"pregame/ece": 0.046, "pregame/ece_best_baseline": 0.001})
    assert below_noise.status == "accepted" and all(one.passed for one in below_noise.results)
    assert verdict(GOOD | {"pregame/ece": 0.06, "pregame/ece_noise_p99": math.nan}).status == "refused"
