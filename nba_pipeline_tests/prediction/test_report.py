"""The report as people read it."""

import io
from typing import Any

import polars as pl
import pytest
from rich.console import Console

from nba_pipeline.prediction.report import as_markdown, instant_rows, print_report
from nba_pipeline.prediction.simulated import WHAT_IT_IS


def scores(instant: str = "pregame") -> pl.DataFrame:
    """The net and two baselines, one better and one worse than it."""
    rows: list[dict[str, Any]] = []
    for name, log_loss in (("net", 0.62), ("rating", 0.61), ("home_rate", 0.69)):
        difference = {"net_minus": None, "low": None, "high": None}
        if name != "net":
            difference = {"net_minus": 0.62 - log_loss, "low": 0.62 - log_loss - 0.006, "high": 0.62 - log_loss + 0.006}
        rows.append({"instant": instant, "forecast": name, "metric": "log_loss", "value": log_loss, "games": 1230, **difference})
        rows.append(
            {
                "instant": instant,
                "forecast": name,
                "metric": "ece",
                "value": 0.03,
                "games": 1230,
                "net_minus": None,
                "low": None,
                "high": None,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def facts(status: str = "accepted") -> dict[str, Any]:
    result = {"name": "pregame_log_loss", "passed": status == "accepted", "severity": "ERROR", "message": "pregame_log_loss: is .62"}
    return {
        "data_range": ["2018-10-16", "2022-04-10"], "source": "archive", "labels": {"validation": "2020-21", "test": "2021-22"},
        "scores": {"validation": scores().to_dicts()}, "verdict": {"status": status, "reasons": [], "results": [result]},
        "config": {"split_by": "last_games"},
    }  # fmt: skip


def printed(width: int, content: dict[str, Any]) -> str:
    console = Console(file=io.StringIO(), width=width)
    print_report(console, content)
    return console.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]


def test_the_best_forecast_comes_first_and_differences_carry_their_sign_and_interval():
    rows = list(instant_rows(scores(), "pregame"))
    assert [row[0] for row in rows] == ["rating", "net", "home_rate"]
    assert rows[0][-2] == "+0.0100 [+0.0040, +0.0160]" and rows[1][-2] == ""


@pytest.mark.parametrize("width", [80, 120, 200])
def test_no_number_is_cut_off_at_any_width(width: int):
    text = printed(width, facts())
    assert "…" not in text and all(number in text for number in ("0.6100", "0.6200", "0.6900", "+0.0100"))


def test_the_report_names_games_seasons_source_and_verdict():
    text = printed(120, facts("refused"))
    for part in (
        "1,230 games",
        "validation 2020-21",
        "source archive",
        "lineups projected",
        "split by last games",
        "refused",
        "fail pregame_log_loss",
    ):
        assert part in text


def test_markdown_has_a_row_per_forecast():
    assert as_markdown(scores(), "validation").count("\n| ") == 4


def test_the_report_of_a_simulated_league_says_so_in_one_line():
    lines = printed(120, facts() | {"source": "simulated"}).splitlines()
    assert [line for line in lines if "simulated league" in line] == [WHAT_IT_IS]
    assert "simulated league" not in printed(120, facts())
