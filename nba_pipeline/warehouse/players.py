"""`players`: what is known of a person before he plays. Career span (FROM_YEAR, TO_YEAR) is hindsight and never read."""

import polars as pl

INCHES_PER_FOOT = 12


def build_players(player_index: pl.DataFrame) -> pl.DataFrame:
    """One row per player, by id; unknown height, weight, position or birth date is null.

    Args:
        player_index: raw rows of `RawArchive.player_index`.

    Returns:
        player_id, name, position (as written: `G`, `G-F`, `F-C`, …), height_inches (Int32), weight_pounds (Int32), birth_date.
    """
    feet_and_inches = pl.col("HEIGHT").str.split_exact("-", 1)
    feet, inches = (feet_and_inches.struct.field(f"field_{part}").cast(pl.Int32) for part in (0, 1))
    return (
        player_index.select(
            player_id="PERSON_ID",
            name=pl.concat_str("PLAYER_FIRST_NAME", "PLAYER_LAST_NAME", separator=" ", ignore_nulls=True),
            position="POSITION",
            height_inches=feet * INCHES_PER_FOOT + inches,
            weight_pounds=pl.col("WEIGHT").cast(pl.Float64).cast(pl.Int32),
            birth_date=pl.col("BIRTHDATE").str.slice(0, 10).str.to_date(),
        )
        .unique("player_id", keep="first", maintain_order=True)
        .sort("player_id")
    )
