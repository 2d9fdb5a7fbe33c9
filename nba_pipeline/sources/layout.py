"""The files of the raw archive: how each is named, and which columns of it are read.

Every source writes these names, so that everything after the archive has one input. Opening them is `archive`'s work.
"""

from dataclasses import dataclass
from pathlib import Path

from nba_pipeline.league.seasons import Season, season_label, start_year


@dataclass(frozen=True)
class Dataset:
    """One kind of raw file.

    Attributes:
        name: how file names start.
        suffix: how file names end.
        required: columns without which the file is refused.
        ids: columns of numbers that some copies write as `1610612738.0`.
        seasonal: one file a season, named by its start year; else one file in all.
        only: read just the required columns; else all there are.
        patterns: columns and the regular expression that every one of their values matches.
        optional: an archive without it is complete.
    """

    name: str
    suffix: str
    required: tuple[str, ...]
    ids: tuple[str, ...] = ()
    seasonal: bool = True
    only: bool = False
    patterns: tuple[tuple[str, str], ...] = ()
    optional: bool = False

    def path(self, root: Path, season: Season | None) -> Path:
        """Where the file of a season lies; `season` is ignored when there is one file in all."""
        if not self.seasonal or season is None:
            return root / f"{self.name}{self.suffix}"
        return root / f"{self.name}_{start_year(season)}{self.suffix}"

    def seasons(self, root: Path) -> tuple[Season, ...]:
        """Seasons whose file is in the folder, in time order."""
        stems = (file.name.removesuffix(self.suffix).removeprefix(f"{self.name}_") for file in root.glob(f"{self.name}_*{self.suffix}"))
        return tuple(season_label(year) for year in sorted(int(stem) for stem in stems if stem.isdigit()))


_LOG = ("SEASON_ID", "TEAM_ID", "TEAM_ABBREVIATION", "GAME_ID", "GAME_DATE", "MATCHUP", "WL", "MIN")
_BOX = ("FGM", "FGA", "FG3M", "FG3A", "FTM", "FTA", "OREB", "DREB", "REB", "AST", "STL", "BLK", "TOV", "PF", "PTS", "PLUS_MINUS")
_PERSONS = tuple(f"PLAYER{slot}_{what}" for slot in (1, 2, 3) for what in ("ID", "TEAM_ID"))
_CODES = ("EVENTNUM", "EVENTMSGTYPE", "EVENTMSGACTIONTYPE", "PERIOD")
_DESCRIPTIONS = ("HOMEDESCRIPTION", "NEUTRALDESCRIPTION", "VISITORDESCRIPTION")
_SPOT = ("PLAYER_ID", "TEAM_ID", "PERIOD", "MINUTES_REMAINING", "SECONDS_REMAINING", "LOC_X", "LOC_Y", "SHOT_MADE_FLAG")

PLAYS = Dataset("nbastats", ".tar.xz", ("GAME_ID", *_CODES, "PCTIMESTRING", *_DESCRIPTIONS, *_PERSONS), ids=(*_CODES, *_PERSONS), only=True)
SHOTS = Dataset("shotdetail", ".tar.xz", ("GAME_ID", "SHOT_TYPE", *_SPOT), ids=_SPOT, only=True)
TEAM_LOG = Dataset("leaguegamelog_teams", ".csv.xz", (*_LOG, *_BOX), ids=("TEAM_ID",))
PLAYER_LOG = Dataset("leaguegamelog_players", ".csv.xz", ("PLAYER_ID", "PLAYER_NAME", *_LOG, *_BOX), ids=("PLAYER_ID", "TEAM_ID"))
PLAYER_INDEX = Dataset(
    "playerindex",
    ".csv.xz",
    ("PERSON_ID", "PLAYER_LAST_NAME", "PLAYER_FIRST_NAME", "POSITION", "HEIGHT", "WEIGHT", "BIRTHDATE"),
    ids=("PERSON_ID",),
    seasonal=False,
)
BETTING_LINES = Dataset(
    "betting_lines",
    ".csv.xz",
    ("date", "regular", "away", "home", "whos_favored", "spread", "total", "moneyline_away", "moneyline_home"),
)
AVAILABILITY = Dataset(
    "availability",
    ".csv.xz",
    ("game_date", "team", "player_id", "player_name", "status", "as_of"),
    ids=("player_id",),
    patterns=(
        ("game_date", r"^\d{4}-\d{2}-\d{2}$"),
        ("team", r"^([A-Z]{3}|16106\d{5})$"),
        ("player_id", r"^\d+(\.0)?$"),
        ("status", r"^(Out|Doubtful|Questionable|Probable|Available)$"),
        ("as_of", r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$"),
    ),
    optional=True,
)
PROP_LINES = Dataset(
    "player_prop_lines",
    ".csv.xz",
    ("player", "market", "bookmaker", "side", "line", "price", "home_team", "away_team", "game_date"),
    only=True,
    optional=True,
)

_READ = (PLAYS, SHOTS, TEAM_LOG, PLAYER_LOG, PLAYER_INDEX, BETTING_LINES, AVAILABILITY, PROP_LINES)
DATASETS: dict[str, Dataset] = {item.name: item for item in _READ}
"""The files that tables are made of, by name."""
