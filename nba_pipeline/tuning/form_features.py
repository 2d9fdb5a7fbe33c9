"""What any schedule with results tells before each game: ratings, days of rest, winning and losing streaks, division and conference.

Every number comes from games of strictly earlier dates. What does not belong here: what only this league's tables know (`features`).
"""

from dataclasses import dataclass, field

import polars as pl

from nba_pipeline.league.teams import TEAM_BY_ID
from nba_pipeline.tuning.elo_walk import EloSettings, EloState, edges, walk
from nba_pipeline.tuning.game_table import game_rows

CLASSIC = EloSettings(k_factor=20.0, home_advantage=100.0, mean_reversion=0.25)
"""The classic recipe; what the difference is worth is learned by whoever reads it."""

LONGEST_REST_DAYS = 7
"""Rest is capped here, and a season's opener counts as fully rested."""

LONGEST_STREAK = 10
_GROUPS = {"same_division": "division", "same_conference": "conference"}


def form_features(table: pl.DataFrame) -> pl.DataFrame:
    """One row a game, in the order of the table.

    Args:
        table: rows of `game_table.dated_rows`, from as early as there are. Division and conference come from columns
            home_division, away_division, home_conference, away_conference where there are any, else from the league's own teams.

    Returns:
        game_date, home_rating, away_rating, rating_difference (rating points, with the home edge), home_rest_days, away_rest_days (0 on a
        second night), home_streak, away_streak (games won in a row, or minus those lost), same_division, same_conference (0 or 1), Float64.

    Raises:
        GameTableError: teams or scores are missing.
    """
    games = game_rows(table)
    home, away = walk(EloState({}), games, CLASSIC)
    ratings = pl.DataFrame({"home_rating": home, "away_rating": away}, schema_overrides={"home_rating": pl.Float64})
    difference = pl.col("home_rating") - pl.col("away_rating") + edges(games, CLASSIC)
    form = pl.DataFrame(_walk_form(games), schema=[*_FORM], orient="row").cast(pl.Float64)
    groups = [_same(table, name, group) for name, group in _GROUPS.items()]
    return pl.concat([games.select("game_date"), ratings, form, pl.DataFrame(groups)], how="horizontal").with_columns(
        rating_difference=difference
    )


_FORM = ("home_rest_days", "away_rest_days", "home_streak", "away_streak")


@dataclass
class _TeamForm:
    """Where one team stands on a morning."""

    last_day: dict[str, int] = field(default_factory=dict)
    streak: dict[str, int] = field(default_factory=dict)

    def of(self, team: str, day: int) -> tuple[int, int]:
        rest = day - self.last_day.get(team, day - LONGEST_REST_DAYS - 1) - 1
        return max(0, min(rest, LONGEST_REST_DAYS)), max(-LONGEST_STREAK, min(self.streak.get(team, 0), LONGEST_STREAK))

    def learn(self, team: str, day: int, won: bool | None) -> None:
        self.last_day[team] = day
        if won is not None:
            before = self.streak.get(team, 0)
            self.streak[team] = max(before, 0) + 1 if won else min(before, 0) - 1


def _walk_form(games: pl.DataFrame) -> list[tuple[int, int, int, int]]:
    rows, form, season, today, learned = list[tuple[int, int, int, int]](), _TeamForm(), None, None, list[tuple]()
    columns = zip(games["game_date"].to_physical(), games["season"], games["home_team"], games["away_team"], games["margin"], strict=True)
    for day, of_season, home, away, margin in columns:
        if day != today:
            for past in learned:
                form.learn(*past)
            form = _TeamForm() if of_season != season else form
            season, today, learned = of_season, day, []
        (home_rest, home_streak), (away_rest, away_streak) = form.of(home, day), form.of(away, day)
        rows.append((home_rest, away_rest, home_streak, away_streak))
        learned += [(home, day, None if margin is None else margin > 0), (away, day, None if margin is None else margin < 0)]
    return rows


def _same(table: pl.DataFrame, name: str, group: str) -> pl.Series:
    """1 where both teams are of one division (or conference), 0 where not or where nobody knows."""
    home, away = f"home_{group}", f"away_{group}"
    if not {home, away} <= set(table.columns):
        known = {str(team.team_id): getattr(team, group) for team in TEAM_BY_ID.values()}
        groups = [
            pl.col(f"{side}_team").cast(pl.String).replace_strict(known, default=None).alias(f"{side}_{group}") for side in ("home", "away")
        ]
        table = table.select(groups)
    return table.select((pl.col(home) == pl.col(away)).fill_null(False).cast(pl.Float64).alias(name))[name]
