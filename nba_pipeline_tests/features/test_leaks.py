"""The proof of the as-of rule over every registered feature, and the proof that this proof can fail.

Worlds are built once: the invented league as it was, and with everything on and after a date scrambled or deleted.
"""

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from nba_pipeline.features.asof import History
from nba_pipeline.features.catalogue import ALL_FEATURES as FEATURES
from nba_pipeline.features.feature import Feature
from nba_pipeline.features.leaks import Leak, Mutation, Reports, build_world, find_leaks, leaks_between, mutate
from nba_pipeline_tests.tiny_league.tables import Frames

SEASONS = ("2020-21", "2021-22")
BY_NAME = {feature.name: feature for feature in FEATURES}
INSTANTS: list[tuple[str, Mutation]] = [
    ("first", "delete"), ("opening", "scramble"), ("middle", "scramble"), ("middle", "delete"), ("middle", "end"),
]  # fmt: skip
"""Which date, and what happens to the future: before any history; the opening night of the last season; its middle, before its trades."""


@pytest.fixture(scope="module")
def tables(tiny_tables: Frames) -> Frames:
    games = tiny_tables["games"].filter(pl.col("season").is_in(SEASONS))
    return {
        name: table.join(games, on="game_id", how="semi") if "game_id" in table.columns else table for name, table in tiny_tables.items()
    }


@pytest.fixture(scope="module")
def days(tables: Frames) -> dict[str, date]:
    first, last = (tables["games"].filter(pl.col("season") == season)["game_date"].unique().sort() for season in SEASONS)
    return {"first": first[0], "opening": last[0], "middle": last[len(last) // 2]}


@pytest.fixture(scope="module")
def as_it_was(tables: Frames) -> Frames:
    return build_world(tables, FEATURES)


@pytest.fixture(scope="module")
def worlds(tables: Frames, days: dict[str, date], as_it_was: Frames) -> Callable[[str, Mutation], Frames]:
    built: dict[tuple[str, Mutation], Frames] = {}

    def world(instant: str, mutation: Mutation) -> Frames:
        if (instant, mutation) not in built:
            changed = mutate(tables, days[instant], mutation)
            built[instant, mutation] = build_world(changed, FEATURES, Reports(as_it_was, days[instant]))
        return built[instant, mutation]

    return world


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize(("instant", "mutation"), INSTANTS)
def test_no_feature_knows_the_future(name: str, instant: str, mutation: Mutation, as_it_was: Frames, worlds, days: dict[str, date]) -> None:
    feature, day = BY_NAME[name], days[instant]
    if instant != "first":
        assert (as_it_was[name]["game_date"] == day).any(), f"{name} has no row for {day}: nothing would be proven"
    assert leaks_between(feature, as_it_was[name], worlds(instant, mutation)[name], day) == []


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize("instant", ["opening", "middle"])
def test_tonights_result_planted_in_any_feature_is_found(name: str, instant: str, as_it_was: Frames, worlds, days: dict[str, date]) -> None:
    def planted(world: Frames) -> pl.DataFrame:
        tonight = world["games"].group_by("game_date").agg(tonights_margin=pl.col("margin").cast(pl.Float64).sum())
        return world[name].join(tonight, on="game_date", how="left", maintain_order="left")

    leaks = leaks_between(BY_NAME[name], planted(as_it_was), planted(worlds(instant, "scramble")), days[instant])
    assert "tonights_margin" in {leak.column for leak in leaks}


def team_results(history: History) -> pl.DataFrame:
    """One row per team and game, with its margin."""
    margins = history.table("games").select("game_id", "margin")
    rows = history.team_schedule().join(margins, on="game_id", maintain_order="left")
    return rows.with_columns(margin=pl.when("is_home").then("margin").otherwise(-pl.col("margin")).cast(pl.Float64))


def until(history: History, closed: str) -> pl.DataFrame:
    """Mean margin of a team over the season so far; `none` leaves tonight out, `left` has it inside the window."""
    rolling = pl.col("margin").rolling_mean_by("game_date", "400d", closed="left" if closed == "none" else "both")
    return (
        team_results(history)
        .sort("team_id", "game_date")
        .with_columns(form=rolling.over("team_id", "season").fill_null(0.0))
        .drop("margin")
    )


def season_z_score(history: History) -> pl.DataFrame:
    form = until(history, "none")
    scored = form.with_columns(z=(pl.col("form") - pl.col("form").mean().over("season")) / pl.col("form").std().over("season"))
    return scored.drop("form")


def final_table(history: History) -> pl.DataFrame:
    return team_results(history).with_columns(strength=pl.col("margin").mean().over("team_id", "season")).drop("margin")


def tonights_box(history: History) -> pl.DataFrame:
    points = history.table("player_game_stats").group_by("game_id", "team_id").agg(threes=pl.col("fg3m").sum())
    return history.team_schedule().join(points, on=["game_id", "team_id"], how="left")


def tonights_absences(history: History) -> pl.DataFrame:
    appeared = history.table("player_game_stats").group_by("game_id", "team_id").agg(players=pl.col("player_id").n_unique())
    return history.team_schedule().join(appeared, on=["game_id", "team_id"], how="left").with_columns(pl.col("players").fill_null(10))


def tonights_first_play(history: History) -> pl.DataFrame:
    last = history.table("plays").group_by("game_id").agg(final_score=pl.col("home_score").max())
    return history.team_schedule().join(last, on="game_id", how="left")


def tonights_line_when_it_is_over(history: History) -> pl.DataFrame:
    return history.team_schedule().join(history.table("betting_lines").select("game_id", "home_spread"), on="game_id", how="left")


MISTAKES = {
    "form": lambda history: until(history, "left"),
    "z": season_z_score,
    "strength": final_table,
    "threes": tonights_box,
    "players": tonights_absences,
    "final_score": tonights_first_play,
    "home_spread": tonights_line_when_it_is_over,
}


def next_rest(history: History) -> pl.DataFrame:
    """Days until the team plays again: of a season that stops, or a game that is moved, nobody knew."""
    day = pl.col("game_date")
    return history.team_schedule().with_columns(next_rest=(day.shift(-1).over("team_id", "season") - day).dt.total_days())


def leaks_of(build: Callable[[History], pl.DataFrame], tables: Frames, day: date, mutation: Mutation) -> list[Leak]:
    feature = Feature("mistake", lambda history, seasons: build(history), ("games",), ("game_id", "team_id"), "a mistake others made")
    return find_leaks(feature, tables, day, mutation)


@pytest.mark.parametrize("mutation", ["scramble", "delete"])
@pytest.mark.parametrize("column", MISTAKES)
def test_known_mistakes_are_named(column: str, mutation: Mutation, tables: Frames, days: dict[str, date]) -> None:
    assert {leak.column for leak in leaks_of(MISTAKES[column], tables, days["middle"], mutation)} == {column}


def test_a_look_at_the_dates_of_later_games_is_found_where_the_world_ends(tables: Frames, days: dict[str, date]) -> None:
    assert leaks_of(next_rest, tables, days["middle"], "delete") == []
    assert {leak.column for leak in leaks_of(next_rest, tables, days["middle"], "end")} == {"next_rest"}


@pytest.mark.parametrize("mutation", ["scramble", "delete", "end"])
def test_the_same_form_with_a_strict_date_is_clean(mutation: Mutation, tables: Frames, days: dict[str, date]) -> None:
    assert leaks_of(lambda history: until(history, "none"), tables, days["middle"], mutation) == []


def test_a_row_that_exists_only_when_the_game_was_played_is_found(tables: Frames, days: dict[str, date]) -> None:
    def only_played(history: History) -> pl.DataFrame:
        return history.team_schedule().join(history.results().select("game_id"), on="game_id", how="semi")

    assert [leak.column for leak in leaks_of(only_played, tables, days["middle"], "delete")] == ["<rows>"]


@pytest.mark.parametrize("mutation", ["scramble", "delete", "end"])
def test_a_mutation_changes_the_future_and_only_the_future(mutation: Mutation, tables: Frames, days: dict[str, date]) -> None:
    changed, day = mutate(tables, days["middle"], mutation), days["middle"]
    for name, table in tables.items():
        if name == "players":
            assert changed[name].equals(table)
            continue
        past = tables["games"].filter(pl.col("game_date") < day).select("game_id")
        assert changed[name].join(past, on="game_id", how="semi").equals(table.join(past, on="game_id", how="semi")), name
        if table.join(past, on="game_id", how="anti").height:
            assert not changed[name].equals(table), name
    schedule = ["game_id", "game_date", "home_team_id", "away_team_id"]
    if mutation == "end":
        assert changed["games"]["game_date"].max() == day
        return
    assert changed["games"].select(schedule).sort("game_id").equals(tables["games"].select(schedule).sort("game_id"))
