"""Who plays the minutes of those who sit out, and that nothing else of tonight is known."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_pipeline.features import absences, elo, player_rating_reported, rotation, rotation_reported
from nba_pipeline.features.absences import PERSON
from nba_pipeline.features.asof import History
from nba_pipeline.features.catalogue import FEATURES, upstream
from nba_pipeline.features.leaks import build_world, find_leaks, leaks_between, mutate
from nba_pipeline.features.rotation_reported import project
from nba_pipeline_tests.features.invented_rosters import SEASONS, invented_rosters

Frames = dict[str, pl.DataFrame]
CHAIN = (elo.FEATURE, rotation.FEATURE, absences.FEATURE, rotation_reported.FEATURE)
REPORTED = (rotation_reported.FEATURE, player_rating_reported.FEATURE)


@pytest.fixture(scope="module")
def frames() -> Frames:
    return invented_rosters()


@pytest.fixture(scope="module")
def world(frames: Frames) -> Frames:
    return build_world(frames, (*CHAIN, player_rating_reported.FEATURE))


def team(minutes: list[float], told: list[float | None]) -> pl.DataFrame:
    size, total = len(minutes), sum(minutes)
    key = {"game_id": ["a"] * size, "season": ["2024-25"] * size, "game_date": [None] * size, "team_id": [1] * size}
    numbers = {"p_play": [0.9] * size, "minutes_if_playing": minutes, "expected_minutes": [240 * value / total for value in minutes]}
    return pl.DataFrame(
        key | {"player_id": range(size)} | numbers | {"reported_p_play": told},
        schema_overrides={"reported_p_play": pl.Float64, "minutes_if_playing": pl.Float64},
    )


ROLES = [36.0, 34, 32, 30, 28, 22, 18, 15, 8, 5]


def test_those_who_sit_out_play_nothing_and_the_others_play_more():
    full = project(team(ROLES, [1.0] * 8 + [None] * 2))["expected_minutes"].to_numpy()
    without = project(team(ROLES, [0.0] + [1.0] * 7 + [None] * 2))["expected_minutes"].to_numpy()
    assert without[0] == 0 and without.sum() == pytest.approx(240) == full.sum()
    assert (without[1:] > full[1:]).all()
    assert (without[8:] / full[8:]).min() > (without[1:8] / full[1:8]).max()


def test_a_team_of_which_nothing_is_known_keeps_its_projection():
    rows = team(ROLES, [None] * 10)
    kept = project(rows)
    assert kept["expected_minutes"].equals(rows["expected_minutes"]) and kept["p_play"].equals(rows["p_play"])
    assert project(team(ROLES[:5], [0.0] * 5))["expected_minutes"].sum() == pytest.approx(240)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(1, 40), st.sampled_from([None, 0.0, 0.25, 0.5, 0.75, 1.0])), min_size=6, max_size=16))
def test_minutes_sum_to_240_whoever_is_out(players):
    rows = project(team([minutes for minutes, _ in players], [told for _, told in players]))
    assert rows["expected_minutes"].sum() == pytest.approx(240)
    assert rows["expected_minutes"].min() >= 0
    told = [value for _, value in players]
    if any(value != 0 for value in told):
        assert (rows["expected_minutes"].to_numpy()[[value == 0 for value in told]] == 0).all()


def test_tables_name_their_mode_and_have_the_rows_of_the_projection(world: Frames):
    for feature in REPORTED:
        assert world[feature.name]["lineups"].unique().to_list() == ["reported"]
    assert world["rotation_reported"].select(PERSON).equals(world["rotation"].select(PERSON))
    sums = world["rotation_reported"].group_by("game_id", "team_id").agg(pl.col("expected_minutes").sum())
    assert np.allclose(sums["expected_minutes"], 240)


def test_reported_minutes_are_nearer_to_what_was_played(world: Frames):
    played = world["player_game_stats"].select(*PERSON, "min")
    errors = [
        world[name]
        .join(played, on=PERSON, how="left")
        .select((pl.col("expected_minutes") - pl.col("min").fill_null(0)).abs().mean())
        .item()
        for name in ("rotation_reported", "rotation")
    ]
    assert errors[0] < 0.9 * errors[1]


def test_one_season_alone_is_the_same_as_all_at_once(frames: Frames, world: Frames):
    short = frames | {feature.name: world[feature.name].filter(pl.col("season") == SEASONS[2]) for feature in CHAIN}
    for feature in REPORTED:
        alone = feature.build(History.from_frames(short), SEASONS[2:])
        assert alone.equals(world[feature.name].filter(pl.col("season") == SEASONS[2]))


@pytest.mark.parametrize("feature", REPORTED, ids=lambda feature: feature.name)
def test_given_the_absences_nothing_else_of_tonight_matters(frames: Frames, feature):
    day = frames["games"]["game_date"].unique().sort()[75]
    chain = CHAIN if feature in CHAIN[-1:] else (*CHAIN, feature)
    assert find_leaks(feature, frames, day, "scramble", chain[:-1]) == []


def test_absences_that_are_not_given_are_found(frames: Frames, world: Frames):
    day = frames["games"]["game_date"].unique().sort()[75]
    after = build_world(mutate(frames, day, "scramble"), CHAIN)
    leaks = leaks_between(rotation_reported.FEATURE, world["rotation_reported"], after["rotation_reported"], day)
    assert "expected_minutes" in {leak.column for leak in leaks}


def test_tonights_box_and_score_say_nothing_but_who_of_the_rotation_appears(frames: Frames, world: Frames):
    day = frames["games"]["game_date"].unique().sort()[75]
    tonight = pl.col("game_date") == day
    bench = world["rotation"].filter(tonight & (pl.col("expected_minutes") < absences.ROTATION_MINUTES)).select(PERSON)
    assert frames["player_game_stats"].join(bench, on=PERSON, how="semi").height > 0
    wild = mutate(frames, day, "scramble")
    people = frames["player_game_stats"].select(*PERSON, "season", "game_date")
    facts = wild["player_game_stats"].drop(*PERSON, "season", "game_date")
    box = pl.concat([people.sort("game_date", maintain_order=True), facts], how="horizontal").join(bench, on=PERSON, how="anti")
    told = build_world(wild | {"player_game_stats": box}, (*CHAIN, player_rating_reported.FEATURE))
    for feature in REPORTED:
        rows = [tables[feature.name].filter(tonight).sort(feature.key) for tables in (world, told)]
        assert rows[0].height > 0 and rows[0].equals(rows[1])


def test_whatever_is_built_from_a_report_says_so_and_no_net_reads_it():
    for feature in FEATURES:
        given = {name for step in upstream(feature) for name in step.given} | {"absences"} & set(feature.inputs)
        assert given <= set(feature.given), f"{feature.name} is built from a report: give it given={sorted(given)}"
        assert bool(feature.given) == feature.name.endswith("_reported")
    (context,) = [feature for feature in FEATURES if feature.name == "context_features"]
    assert not {"absences", "rotation_reported", "player_rating_reported"} & {step.name for step in upstream(context)}
