"""Team form: the box formulas by hand, planted strengths found again, and what is known on the first mornings."""

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features import team_form
from nba_pipeline.features.asof import History
from nba_pipeline.features.leaks import find_leaks
from nba_pipeline.features.team_form import FIRST_LEVEL, SHRINKAGE_GAMES, OpponentAdjustment, standard_scores
from nba_pipeline.features.teams.box import RATES, team_games
from nba_pipeline_tests.features.invented_results import CLUBS, invented_frames

BOTH = ("2020-21", "2021-22")
LINE = {"pts": 100, "fgm": 40, "fga": 90, "fg3m": 10, "ftm": 10, "fta": 20, "oreb": 12, "dreb": 33, "tov": 14}


def one_game(home_line: dict, away_line: dict, overtimes: int = 0) -> History:
    frames = invented_frames()
    game = frames["games"].head(1).with_columns(overtimes=pl.lit(overtimes, dtype=pl.Int32))
    teams = [game["home_team_id"][0], game["away_team_id"][0]]
    lines = [{"game_id": game["game_id"][0], "team_id": team, **line} for team, line in zip(teams, (home_line, away_line), strict=True)]
    return History.from_frames({"games": game, "player_game_stats": pl.DataFrame(lines)})


def test_box_formulas_by_hand():
    rows = team_games(one_game(LINE, LINE | {"pts": 110, "dreb": 28}, overtimes=1))
    possessions = 90 - 12 + 14 + 0.44 * 20
    home, away = rows.row(0, named=True), rows.row(1, named=True)
    assert (home["rating"], away["rating"]) == pytest.approx((100 * 100 / possessions, 100 * 110 / possessions))
    assert home["pace"] == pytest.approx(48 * possessions / 53)
    assert home["efg_pct"] == pytest.approx((40 + 5) / 90)
    assert home["tov_pct"] == pytest.approx(14 / (90 + 8.8 + 14))
    assert (home["orb_pct"], away["orb_pct"]) == pytest.approx((12 / (12 + 28), 12 / (12 + 33)))
    assert home["ft_rate"] == pytest.approx(10 / 90)


def test_a_game_with_an_unrecorded_column_teaches_nothing():
    assert team_games(one_game(LINE, LINE | {"tov": None})).is_empty()
    assert team_games(one_game(LINE, LINE)).height == 2


def test_lines_of_a_team_are_added_up():
    frames = invented_frames()
    rows = team_games(History.from_frames(frames))
    assert rows.height == 2 * frames["games"].height
    line = frames["player_game_stats"].filter((pl.col("game_id") == rows["game_id"][0]) & (pl.col("team_id") == rows["team_id"][0]))
    assert rows["ft_rate"][0] == pytest.approx(line["ftm"].sum() / line["fga"].sum())


def round_robin(league: OpponentAdjustment, own: np.ndarray, allowed: np.ndarray, rounds: int) -> None:
    teams = len(own)
    team, opponent = np.array([(one, other) for one in range(teams) for other in range(teams) if one != other]).T
    values = np.zeros((team.size, len(RATES)))
    for home in (True, False):
        values[:, 0] = 110 + own[team] + allowed[opponent] + (1.5 if home else -1.5)
        for _ in range(rounds):
            league.learn(team, opponent, np.full(team.size, 1.0 if home else -1.0), values)


def test_planted_strengths_are_found_again():
    own, allowed = np.array([6.0, 2.0, -3.0, -5.0]), np.array([-4.0, 1.0, 1.0, 2.0])
    league = OpponentAdjustment(4)
    round_robin(league, own, allowed, rounds=400)
    parts = league.solve()[:, 0]
    assert parts[8] + parts[:4] == pytest.approx(110 + own, abs=0.5)
    assert parts[:4] - parts[:4].mean() == pytest.approx(own - own.mean(), abs=0.1)
    assert parts[4:8] - parts[4:8].mean() == pytest.approx(allowed - allowed.mean(), abs=0.1)
    assert parts[9] == pytest.approx(1.5, abs=0.1)


def test_beating_a_weak_defence_counts_less():
    league = OpponentAdjustment(4)
    round_robin(league, np.zeros(4), np.array([8.0, 0.0, 0.0, -8.0]), rounds=20)
    values = np.zeros((1, len(RATES)))
    values[0, 0] = 118
    before = league.solve()[1, 0]
    league.learn(np.array([1]), np.array([0]), np.array([-1.0]), values)
    against_weak = league.solve()[1, 0] - before
    league.learn(np.array([2]), np.array([3]), np.array([-1.0]), values)
    against_strong = league.solve()[2, 0] - before
    assert against_strong > against_weak + 0.05


def test_an_average_team_is_added_to_a_teams_own_games():
    league = OpponentAdjustment(2)
    values = np.zeros((1, len(RATES)))
    values[0] = [FIRST_LEVEL[rate] for rate in RATES]
    values[0, 0] += 10
    league.learn(np.array([0]), np.array([1]), np.array([1.0]), values)
    assert 0 < league.solve()[0, 0] < 10 / SHRINKAGE_GAMES


def test_age_lets_the_league_fade_to_what_is_believed_without_games():
    league = OpponentAdjustment(4)
    round_robin(league, np.array([6.0, 2.0, -3.0, -5.0]), np.zeros(4), rounds=20)
    league.age(100_000)
    assert league.solve()[:8, 0] == pytest.approx(np.zeros(8), abs=1e-6)


@pytest.mark.parametrize("neutral", [False, True])
def test_an_opener_takes_the_season_before_as_old_as_it_is_and_a_neutral_floor_as_nobodys_home(neutral: bool):
    frames = invented_frames()
    last = frames["games"].head(1).with_columns(neutral_site=pl.lit(neutral))
    opener = {"game_id": pl.lit("0022100001"), "season": pl.lit("2021-22"), "game_date": pl.col("game_date") + pl.duration(days=191)}
    games = pl.concat([last, last.with_columns(**opener, home_points=None, away_points=None)], how="vertical_relaxed")
    rows = team_form.build(History.from_frames(frames | {"games": games}), ("2021-22",))

    league, edge = OpponentAdjustment(2), 0.0 if neutral else 1.0
    values = team_games(History.from_frames(frames)).head(2).select(RATES).to_numpy()
    league.learn(np.array([0, 1]), np.array([1, 0]), np.array([edge, -edge]), values)
    league.age(191)
    parts = league.solve()[:, 0]
    assert rows["off_rating"].to_numpy() == pytest.approx(parts[4] + parts[:2])
    assert rows["def_rating"].to_numpy() == pytest.approx(parts[4] + parts[2:4])


def test_the_first_morning_is_the_league_level_and_nothing_is_missing():
    rows = team_form.build(History.from_frames(invented_frames()), BOTH)
    first = rows.filter(pl.col("game_date") == rows["game_date"].min())
    assert first["off_rating"].to_list() == [FIRST_LEVEL["rating"]] * 6
    assert first["off_rating_z"].to_list() == [0.0] * 6
    assert rows.null_count().sum_horizontal().item() == 0
    assert all(rows[column].is_finite().all() for column in team_form.COLUMNS)


def test_z_scores_compare_with_that_mornings_league():
    rows = team_form.build(History.from_frames(invented_frames()), BOTH)
    last = rows.filter(pl.col("game_date") == rows["game_date"].max())
    assert last.height == len(CLUBS)
    for name in ("off_rating", "def_rating"):
        assert last[f"{name}_z"].to_numpy() == pytest.approx(standard_scores(last[name].to_numpy(), last[name].to_numpy()))
        assert last[f"{name}_z"].mean() == pytest.approx(0, abs=1e-9)
    assert (last["net_rating"] - (last["off_rating"] - last["def_rating"])).abs().max() == 0


def test_games_played_counts_this_season_only():
    rows = team_form.build(History.from_frames(invented_frames()), ("2021-22",))
    counts = rows.filter(pl.col("team_id") == CLUBS[0]).sort("game_date")["games_played"].to_list()
    assert counts == list(range(len(counts)))


def test_seasons_are_the_same_alone_and_together():
    history = History.from_frames(invented_frames())
    both = team_form.build(history, BOTH).filter(pl.col("season") == "2021-22")
    assert team_form.build(history, ("2021-22",)).equals(both)


def test_a_season_without_box_lines_rests_on_what_is_there():
    frames = invented_frames()
    frames["player_game_stats"] = frames["player_game_stats"].filter(pl.col("season") == "2020-21")
    rows = team_form.build(History.from_frames(frames), ("2021-22",))
    assert all(rows[column].is_finite().all() for column in team_form.COLUMNS)
    assert rows["off_rating_z"].n_unique() > 6


def test_a_season_without_games_has_no_rows_but_all_columns():
    history = History.from_frames(invented_frames())
    assert team_form.build(history, ("2024-25",)).equals(team_form.build(history, BOTH).clear())


def test_a_club_that_has_not_been_scheduled_yet_is_nobody_to_be_compared_with():
    frames = invented_frames()
    days = frames["games"]["game_date"].unique().sort()
    late, begins = CLUBS[-1], days[-12]
    plays = (pl.col("home_team_id") == late) | (pl.col("away_team_id") == late)
    frames["games"] = frames["games"].filter(~plays | (pl.col("game_date") >= begins))
    frames["player_game_stats"] = frames["player_game_stats"].join(frames["games"], on="game_id", how="semi")
    assert find_leaks(team_form.FEATURE, frames, days[-14], "end") == []
    rows = team_form.build(History.from_frames(frames), BOTH)
    spread = rows.group_by("game_date").agg(pl.col("off_rating_z").mean().abs())
    assert spread.filter(pl.col("game_date") < begins)["off_rating_z"].median() < 0.5
