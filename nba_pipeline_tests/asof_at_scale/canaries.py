"""Mistakes that published work made, each planted in a feature of its own. The detector must name every one of them."""

from collections.abc import Callable

import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.features.feature import Feature
from nba_pipeline_tests.asof_at_scale.instants import Frames

Build = Callable[[History], pl.DataFrame]
SIDE = ("game_id", "team_id")
FOLDS = 5


def _margins(history: History) -> pl.DataFrame:
    """Two rows a game with the team's `margin`, in time order."""
    facts = history.table("games").select("game_id", home=pl.col("margin").cast(pl.Float64))
    rows = history.team_schedule().join(facts, on="game_id", maintain_order="left")
    return (
        rows.with_columns(margin=pl.when("is_home").then("home").otherwise(-pl.col("home")))
        .drop("home")
        .sort("game_date", "game_id", *SIDE)
    )


def _tonight(history: History, tonight: pl.DataFrame) -> pl.DataFrame:
    return history.team_schedule().join(tonight, on=[name for name in SIDE if name in tonight.columns], how="left", maintain_order="left")


def tonights_box_line(history: History) -> pl.DataFrame:
    """What the team did tonight."""
    return _tonight(history, history.table("player_game_stats").group_by(SIDE).agg(planted=pl.col("fg3m").sum()))


def up_to_and_with_tonight(history: History) -> pl.DataFrame:
    """Form with `<=` where `<` is meant."""
    form = pl.col("margin").rolling_mean_by("game_date", "400d", closed="both").over("team_id")
    return _margins(history).with_columns(planted=form).drop("margin")


def _clean_form(history: History) -> pl.DataFrame:
    """`_margins` with the mean of earlier ones as `form`: no mistake yet."""
    form = pl.col("margin").rolling_mean_by("game_date", "400d", closed="left").over("team_id").fill_null(0.0)
    return _margins(history).with_columns(form=form)


def scaled_by_the_season_it_predicts(history: History) -> pl.DataFrame:
    """Clean form, then a z-score over all of the season."""
    clean = _clean_form(history)
    z = (pl.col("form") - pl.col("form").mean()) / pl.col("form").std()
    return clean.with_columns(planted=z.over("season")).drop("form", "margin")


def ratings_of_the_end_of_the_season(history: History) -> pl.DataFrame:
    """The final table, joined to the season it is the end of."""
    return _margins(history).with_columns(planted=pl.col("margin").mean().over("team_id", "season")).drop("margin")


def player_ratings_of_the_end_of_the_season(history: History) -> pl.DataFrame:
    """Who played last time, which is known, with what each is worth over the whole season, which is not."""
    lines = history.dated("player_game_stats").sort("game_date", "game_id", "player_id")
    worth = pl.col("plus_minus").cast(pl.Float64).mean().over("player_id", "season")
    teams = lines.with_columns(worth=worth).group_by(*SIDE, maintain_order=True).agg(worth=pl.col("worth").mean())
    rows = history.team_schedule().join(teams, on=SIDE, how="left", maintain_order="left")
    return rows.with_columns(planted=pl.col("worth").shift().over("team_id")).drop("worth")


def _fitted_on_other_folds(history: History, fold: pl.Expr) -> pl.DataFrame:
    """Clean form times a slope that was fitted on all games of the other folds, whenever they are played."""
    rows = _clean_form(history).with_columns(fold=fold, xy=(pl.col("form") * pl.col("margin")).fill_null(0.0), xx=pl.col("form") ** 2)
    elsewhere = {name: pl.col(name).sum() - pl.col(name).sum().over("fold") for name in ("xy", "xx")}
    planted = pl.col("form") * elsewhere["xy"] / (1.0 + elsewhere["xx"])
    return rows.with_columns(planted=planted).drop("fold", "xy", "xx", "form", "margin")


def fitted_on_a_shuffled_split(history: History) -> pl.DataFrame:
    """A forecast of folds that are drawn across dates."""
    return _fitted_on_other_folds(history, pl.int_range(pl.len()).shuffle(seed=1) % FOLDS)


def fitted_with_five_folds_without_a_gap(history: History) -> pl.DataFrame:
    """What `cross_val_score(cv=5)` does to dated rows: each block is forecast from those before and after it."""
    return _fitted_on_other_folds(history, pl.int_range(pl.len()) * FOLDS // pl.len())


def fitted_on_later_years(history: History) -> pl.DataFrame:
    """An era's model asked about a game before the era."""
    return _fitted_on_other_folds(history, pl.col("season"))


def season_label_off_by_one(history: History) -> pl.DataFrame:
    """Last season's final table, by a year that means the end of one season and the start of the other."""
    year = pl.col("season").str.head(4).cast(pl.Int32)
    final = _margins(history).group_by("team_id", ended=year).agg(planted=pl.col("margin").mean())
    rows = history.team_schedule().with_columns(ended=year)  # year - 1 is meant
    return rows.join(final, on=["team_id", "ended"], how="left", maintain_order="left").drop("ended")


def who_is_out_from_tonights_box(history: History) -> pl.DataFrame:
    """Projected minutes of the usual players, those who will not appear taken out."""
    lines = history.dated("player_game_stats").sort("game_date", "game_id", "player_id")
    usual = pl.col("min").cast(pl.Float64).rolling_mean_by("game_date", "60d", closed="left").over("player_id")
    projected = lines.with_columns(usual=usual.fill_null(0.0)).group_by(SIDE).agg(planted=pl.col("usual").sum())
    return _tonight(history, projected)


def only_who_played_ten_minutes(history: History) -> pl.DataFrame:
    """Clean averages, on rows that exist only for those who will play."""
    lines = history.dated("player_game_stats").sort("game_date", "game_id", "player_id")
    usual = pl.col("pts").cast(pl.Float64).rolling_mean_by("game_date", "60d", closed="left").over("player_id")
    played = lines.with_columns(usual=usual).filter(pl.col("min") >= 10)
    return played.select("season", "game_date", "game_id", "team_id", "player_id", "usual")


def the_same_games_last_token(history: History) -> pl.DataFrame:
    """The sequence of the game whose outcome is the label."""
    last = history.table("plays").sort("game_id", "play_index").group_by("game_id").agg(planted=pl.col("home_score").last())
    return _tonight(history, last)


COLUMN: tuple[Build, ...] = (
    tonights_box_line,
    up_to_and_with_tonight,
    scaled_by_the_season_it_predicts,
    ratings_of_the_end_of_the_season,
    player_ratings_of_the_end_of_the_season,
    fitted_on_a_shuffled_split,
    fitted_with_five_folds_without_a_gap,
    fitted_on_later_years,
    season_label_off_by_one,
    who_is_out_from_tonights_box,
    the_same_games_last_token,
)
"""Mistakes that change the column `planted` and nothing else."""

ROWS: tuple[Build, ...] = (only_who_played_ten_minutes,)
"""Mistakes that change which rows there are."""


def as_feature(build: Build) -> Feature:
    """The mistake as something the detector can rebuild."""
    key = ("game_id", "team_id", "player_id") if build in ROWS else SIDE
    return Feature(build.__name__, lambda history, seasons: build(history), ("games",), key, build.__doc__ or "")


def _in_sequences(**planted: pl.Expr) -> Callable[[Frames], Frames]:
    return lambda built: built | {"sequences": built["sequences"].with_columns(**planted)}


IN_GAME: dict[str, Callable[[Frames], Frames]] = {
    "events.score_diff": _in_sequences(score_diff=pl.col("score_diff").list.eval(pl.element().last() + 0 * pl.element())),
    "events.tokens": _in_sequences(tokens=pl.col("tokens").list.eval(pl.element().reverse())),
    "scores": _in_sequences(score_sd=pl.col("score_sd") + pl.col("score_diff").list.last().abs()),
    "graphs.points": lambda built: (
        built | {"lineup_graphs": built["lineup_graphs"].with_columns(home_points=pl.col("home_points").sum().over("game_id"))}
    ),
}
"""Mistakes within a game, in what was built: the final score in every token, tokens from the end of the game, scores scaled by the final
score, stints with all of the game's points. By the part of what the nets get that must be named."""
