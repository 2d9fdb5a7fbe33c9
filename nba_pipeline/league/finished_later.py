"""Games that were stopped and finished on a later date, in archives that keep only the date of their first tip-off."""

from datetime import date

from nba_pipeline.league.ids import GameId

FINISHED_ON: dict[GameId, date] = {
    "0027800130": date(1979, 3, 23),
}
"""game_id → the date on which its result was known. 0027800130, New Jersey at Philadelphia, began on 1978-11-08; a protest was upheld."""
