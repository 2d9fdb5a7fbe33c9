"""Who is meant by a name, where a source knows people by name only: sportsbooks write them their own way.

What does not belong here: the tables that names come from.
"""

import polars as pl

_SUFFIX = r" (jr|sr|ii|iii|iv|v)$"


def plain_name(name: pl.Expr) -> pl.Expr:
    """A name without case, accents and punctuation: `Luka Dončić` and `LUKA DONCIC` are `luka doncic`, `P.J. Tucker` is `pj tucker`."""
    letters = name.str.normalize("NFKD").str.to_lowercase().str.replace_all(r"\p{M}|['’.]", "")
    return letters.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()


def match_people(names: pl.Series, people: pl.DataFrame) -> pl.DataFrame:
    """Finds the person of each name: the plain name as it is first, then without `Jr.`, `III` and the like on either side.

    Args:
        names: names as a source writes them.
        people: player_id, name, last_season (label, null where no game is known): several rows of a person are several spellings.

    Returns:
        player_name, player_id, one row per distinct name, sorted. Of namesakes the one who played last is meant; where two played in
        the same season, or nobody is called so, the id is null.
    """
    asked = names.unique().sort().to_frame("player_name")
    whole, bare = plain_name(pl.col("player_name")), plain_name(pl.col("player_name")).str.replace(_SUFFIX, "")
    known = people.select("player_id", "last_season", player_name="name")
    first = asked.join(_one_each(known.with_columns(_as=whole)), left_on=whole, right_on="_as", how="left", maintain_order="left")
    second = asked.join(_one_each(known.with_columns(_as=bare)), left_on=bare, right_on="_as", how="left", maintain_order="left")
    return first.select("player_name", pl.coalesce("player_id", second["player_id"]))


def _one_each(people: pl.DataFrame) -> pl.DataFrame:
    """One person per plain name; names of two people who played in the same last season are left out."""
    latest = people.group_by("_as", "player_id").agg(pl.col("last_season").max().fill_null(""))
    last = latest.filter(pl.col("last_season") == pl.col("last_season").max().over("_as"))
    return last.filter(pl.len().over("_as") == 1).select("_as", "player_id")
