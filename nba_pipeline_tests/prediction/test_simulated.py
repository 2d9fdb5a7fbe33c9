"""The last words of a run on the simulated league."""

from typing import Any

import pytest

from nba_pipeline.prediction.simulated import WHAT_IT_IS, epilogue, is_simulated


def rows(games: int, low: float, high: float, *more: tuple[str, float]) -> list[dict[str, Any]]:
    """Log losses before tip-off, and rows that must not be taken for them."""
    found = [row("net", 0.6412, games), row("elo", 0.6450, games, (-0.0038, low, high)), row("rating", 0.6398, games)]
    found += [row(name, value, games) for name, value in more]
    return [*found, row("net", 0.1111, games) | {"instant": "q3"}, row("net", 0.2222, games) | {"metric": "brier_score"}]


def row(forecast: str, value: float, games: int, paired: tuple[float | None, ...] = (None, None, None)) -> dict[str, Any]:
    differences = dict(zip(("net_minus", "low", "high"), paired, strict=True))
    return {"instant": "pregame", "metric": "log_loss", "forecast": forecast, "value": value, "games": games, **differences}


def facts(**scores: list[dict[str, Any]]) -> dict[str, Any]:
    return {"source": "simulated", "labels": {"validation": "2021-22", "test": "2022-23"}, "scores": scores}


PRICED = rows(1200, -0.008, 0.0004, ("closing_line", 0.6301))


def test_it_says_what_the_league_was_and_what_was_learned():
    text = epilogue(facts(validation=rows(1230, -0.1, 0.1), test=rows(1230, -0.1, 0.1), test_market=PRICED))
    assert WHAT_IT_IS in text and "nothing here says anything about real basketball" in text
    assert "1,200 held-out games with a closing line (test 2022-23):" in text
    assert "net 0.6412, Elo 0.6450, player ratings 0.6398, closing line 0.6301" in text
    assert "-0.0038, 95 % interval [-0.0080, +0.0004]: these games do not tell them apart" in text
    assert "0.1111" not in text and "0.2222" not in text


@pytest.mark.parametrize(
    ("low", "high", "answer"),
    [(-0.01, -0.001, "the net is better"), (0.001, 0.01, "Elo is better"), (-0.01, 0.01, "do not tell them apart")],
)
def test_the_interval_decides_what_is_said(low: float, high: float, answer: str):
    assert answer in epilogue(facts(test=rows(1230, low, high)))


def test_without_a_test_season_or_lines_the_validation_games_are_named():
    text = epilogue(facts(validation=rows(90, -0.1, 0.1)))
    assert "90 held-out games (validation 2021-22):" in text and "closing line" not in text


def test_it_gives_the_commands_for_real_data():
    text = epilogue(facts(test_market=PRICED))
    for command in (
        "nba download --seasons 2018-19:2022-23",
        "data/README.md",
        "make run SOURCE=archive SEASONS=2018-19:2022-23",
        "ARCHIVE=",
    ):
        assert command in text


def test_real_data_is_not_simulated():
    assert is_simulated(facts()) and not is_simulated({"source": "archive"})
