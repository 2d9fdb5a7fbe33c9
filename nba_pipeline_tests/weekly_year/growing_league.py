"""A simulated league whose archive grows week by week, as that of a season in progress does: files hold what was played by a day."""

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from nba_pipeline.league.seasons import Season
from nba_pipeline.sources.layout import BETTING_LINES, PLAYER_INDEX, PLAYER_LOG, PLAYS, PROP_LINES, SHOTS, TEAM_LOG, Dataset
from nba_pipeline.sources.simulator.files import index_frame, season_frames, write_frame
from nba_pipeline.sources.simulator.season import simulate_season

DATES: Mapping[Dataset, str] = {TEAM_LOG: "GAME_DATE", PLAYER_LOG: "GAME_DATE", BETTING_LINES: "date", PROP_LINES: "game_date"}


class GrowingLeague:
    """Seasons that were played once and are written as far as a day.

    Args:
        root: folder of the raw archive.
        seasons: to be played.
        seed: of the league.
        clubs: how many; all thirty when not given.
    """

    def __init__(self, root: Path, seasons: tuple[Season, ...], seed: int = 1, clubs: int | None = None) -> None:
        self.root, self.seed, self._written = root, seed, dict[Path, int]()
        played = {season: simulate_season(season, seed, clubs) if clubs else simulate_season(season, seed) for season in seasons}
        self.frames = {season: season_frames(one) for season, one in played.items()}

    def days(self, season: Season) -> list[date]:
        """Days on which the season has games."""
        return sorted(self._dates(season)["day"].unique().to_list())

    def write_until(self, day: date, only: Collection[Dataset] = ()) -> list[Season]:
        """Writes what was played before `day`, and returns the seasons that grew; a season that is whole is written once.

        Args:
            day: the first that is not written.
            only: these files; all of them when empty.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        if not PLAYER_INDEX.path(self.root, None).exists():
            write_frame(PLAYER_INDEX.path(self.root, None), index_frame(self.seed))
        return [season for season in self.frames if self._write(season, day, only)]

    def _write(self, season: Season, day: date, only: Collection[Dataset]) -> bool:
        played = self._dates(season).filter(pl.col("day") < day)
        for dataset, frame in self.frames[season].items():
            path = dataset.path(self.root, season)
            if (not only or dataset in only) and self._written.get(path, 0) != played.height:
                write_frame(path, self._cut(dataset, frame, played, day))
        grew = self._written.get(TEAM_LOG.path(self.root, season), 0) != played.height
        self._written |= {dataset.path(self.root, season): played.height for dataset in only or self.frames[season]}
        return grew

    def _cut(self, dataset: Dataset, frame: pl.DataFrame, played: pl.DataFrame, day: date) -> pl.DataFrame:
        if dataset in (PLAYS, SHOTS):
            return frame.filter(pl.col("GAME_ID").cast(pl.String).str.zfill(10).is_in(played["game"].implode()))
        return frame.filter(pl.col(DATES[dataset]).cast(pl.String).str.slice(0, 10) < str(day))

    def _dates(self, season: Season) -> pl.DataFrame:
        log = self.frames[season][TEAM_LOG]
        return log.select(
            game=pl.col("GAME_ID").cast(pl.String).str.zfill(10), day=pl.col("GAME_DATE").cast(pl.String).str.slice(0, 10).str.to_date()
        )
