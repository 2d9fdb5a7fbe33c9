"""`player_prop_lines`: what each book offered on a player's numbers before tip-off, keyed like `games` and `players`.

Only lines that could be bet both ways are kept: what is offered one way is a promotion, such as half a point of a star. The files do
not say when a line was seen, so whoever uses lines as an input says so.
"""

from collections.abc import Sequence

import polars as pl

from nba_pipeline.league.teams import TEAMS
from nba_pipeline.warehouse.person_names import match_people

POINTS = "player_points"
"""The market of points."""

_TEAM_IDS = {name: team.team_id for team in TEAMS for name in (f"{team.city} {team.nickname}", f"LA {team.nickname}")}
_OFFER = ("game_date", "home_team_id", "away_team_id", "player_name", "book", "market")


def build_player_prop_lines(lines: pl.DataFrame, games: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """One row per game, player, book and market, by date and id.

    Args:
        lines: raw rows of `RawArchive.prop_lines`.
        games: table `games` of the same season; rows are matched by date and both teams, those of other games are left out.
        people: as `known_people` gives them.

    Returns:
        game_id, season, game_date, player_id (null where nobody is known by that name), player_name (as the book has it), book, market,
        line (median of the book's lines), over_price, under_price (American odds, medians).
    """
    rows = lines.select(
        game_date=pl.col("game_date").str.slice(0, 10).str.to_date(),
        home_team_id=pl.col("home_team").replace_strict(_TEAM_IDS, default=None, return_dtype=pl.Int64),
        away_team_id=pl.col("away_team").replace_strict(_TEAM_IDS, default=None, return_dtype=pl.Int64),
        player_name="player",
        book="bookmaker",
        market="market",
        side=pl.col("side").str.to_lowercase(),
        line=pl.col("line").cast(pl.Float64),
        price=pl.col("price").cast(pl.Float64),
    )
    both = rows.group_by(*_OFFER, "line").agg(
        pl.col("price").filter(pl.col("side") == side).median().alias(f"{side}_price") for side in ("over", "under")
    )
    offers = both.drop_nulls(["over_price", "under_price"]).group_by(_OFFER).agg(pl.col("line", "over_price", "under_price").median())
    key = ("game_date", "home_team_id", "away_team_id")
    named = offers.join(match_people(offers["player_name"], people), on="player_name", how="left")
    joined = games.select("game_id", "season", *key).join(named, on=key, how="inner")
    columns = ("game_id", "season", "game_date", "player_id", "player_name", "book", "market", "line", "over_price", "under_price")
    return joined.select(columns).sort("game_date", "game_id", "player_name", "market", "book")


def known_people(players: pl.DataFrame, box: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Everybody by every name the tables have: player_id, name, last_season (null for those without a game in `box`).

    Args:
        players: table `players`.
        box: `player_game_stats` of seasons up to that of the lines.
    """
    played = [table.group_by("player_id", name="player_name").agg(last_season=pl.col("season").max()) for table in box]
    seasons = pl.concat(played).group_by("player_id").agg(pl.col("last_season").max()) if played else None
    names = pl.concat([players.select("player_id", "name"), *(table.select("player_id", "name") for table in played)]).unique()
    if seasons is None:
        return names.with_columns(last_season=pl.lit(None, dtype=pl.String))
    return names.join(seasons, on="player_id", how="left")


def unmatched_names(lines: pl.DataFrame) -> pl.DataFrame:
    """Names that nobody is known by, most lines first: player_name, lines, first_date, last_date.

    Args:
        lines: rows of `player_prop_lines`.
    """
    unknown = lines.filter(pl.col("player_id").is_null()).group_by("player_name")
    counted = unknown.agg(lines=pl.len(), first_date=pl.col("game_date").min(), last_date=pl.col("game_date").max())
    return counted.sort(pl.col("lines"), pl.col("player_name"), descending=[True, False])


def consensus(lines: pl.DataFrame, market: str = POINTS) -> pl.DataFrame:
    """The median over books: game_id, player_id, line.

    Args:
        lines: rows of `player_prop_lines`.
        market: which number of the player.
    """
    known = lines.filter(pl.col("market") == market, pl.col("player_id").is_not_null())
    return known.group_by("game_id", "player_id").agg(pl.col("line").median()).sort("game_id", "player_id")
