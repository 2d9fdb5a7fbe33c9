"""The box lines of all time: dates of games that were finished later."""

from datetime import date

import polars as pl

from nba_pipeline.sources.layout import PLAYER_LOG
from nba_pipeline.warehouse.era_lines import build_era_lines
from nba_pipeline.warehouse.player_game_stats import COUNTS

NETS, SIXERS, CELTICS = (1610612751, "NJN"), (1610612755, "PHL"), (1610612738, "BOS")


def log(game: str, *sides: tuple[tuple[int, str], str, str, int]) -> list[dict[str, object]]:
    """A player a team: the team, its `MATCHUP`, the date and the points."""
    return [
        dict.fromkeys(PLAYER_LOG.required, "0")
        | {"SEASON_ID": "21978", "PLAYER_ID": team + points, "PLAYER_NAME": "A Player", "TEAM_ID": team, "TEAM_ABBREVIATION": name}
        | {"GAME_ID": game, "GAME_DATE": day, "MATCHUP": matchup, "MIN": "48", "PTS": str(points)}
        for (team, name), matchup, day, points in sides
    ]


def test_a_game_counts_from_the_day_on_which_it_was_finished() -> None:
    stopped = log("0027800130", (NETS, "NJN @ PHL", "1978-11-08", 117), (SIXERS, "PHL vs. NJN", "1978-11-08", 123))
    two_dates = log("0027800131", (NETS, "NJN @ BOS", "1978-11-09", 99), (CELTICS, "BOS vs. NJN", "1979-01-02", 101))
    usual = log("0027800132", (SIXERS, "PHL @ BOS", "1978-11-10", 90), (CELTICS, "BOS vs. PHL", "1978-11-10", 91))
    lines = build_era_lines(pl.DataFrame(stopped + two_dates + usual))
    assert dict(lines.select("game_id", "game_date").unique().iter_rows()) == {
        "0027800130": date(1979, 3, 23),
        "0027800131": date(1979, 1, 2),
        "0027800132": date(1978, 11, 10),
    }
    assert lines["game_date"].is_sorted() and set(COUNTS) <= set(lines.columns)
