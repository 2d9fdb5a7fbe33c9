"""The first and the last by plus-minus, with names."""

import polars as pl

from nba_pipeline_tests.plus_minus_evidence.tables import Snapshot


def ranked(snapshot: Snapshot, lines: pl.DataFrame, possessions: float) -> pl.DataFrame:
    """People with at least `possessions` (on offence, decayed), best first.

    Args:
        snapshot: as of the end of a season.
        lines: box lines of that season: only its people are listed, with the name that they bear there.
        possessions: the least to be listed.

    Returns:
        rank, player_name, orapm, drapm, rapm, rapm_se, possessions.
    """
    names = lines.sort("game_date", "game_id").group_by("player_id").agg(pl.col("player_name").last())
    known = snapshot.players.filter(pl.col("possessions") >= possessions).join(names, on="player_id")
    order = known.sort("rapm", "player_id", descending=[True, False]).with_row_index("rank", offset=1)
    return order.select("rank", "player_name", "orapm", "drapm", "rapm", "rapm_se", "possessions")
