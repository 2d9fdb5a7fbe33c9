"""Writes the league in the raw archive layout: the same files, columns and wordings as the real ones."""

import csv
import io
import lzma
import tarfile
from datetime import date, timedelta
from pathlib import Path
from random import Random

from nba_pipeline_tests.tiny_league.game import AWAY, HOME, Game
from nba_pipeline_tests.tiny_league.people import TEAMS, Player, founding_players, next_summer, trade

START_YEARS = (2019, 2020, 2021)
WITHOUT_SHOTS = 2021
WITHOUT_PLAYS = "9022100010"

PERSON_HEADER = (
    "PERSON{0}TYPE,PLAYER{0}_ID,PLAYER{0}_NAME,PLAYER{0}_TEAM_ID,PLAYER{0}_TEAM_CITY,PLAYER{0}_TEAM_NICKNAME,PLAYER{0}_TEAM_ABBREVIATION"
)
PLAY_HEADER = (
    "GAME_ID,EVENTNUM,EVENTMSGTYPE,EVENTMSGACTIONTYPE,PERIOD,WCTIMESTRING,PCTIMESTRING,HOMEDESCRIPTION,NEUTRALDESCRIPTION,VISITORDESCRIPTION,"
    f"SCORE,SCOREMARGIN,{','.join(PERSON_HEADER.format(number) for number in (1, 2, 3))},VIDEO_AVAILABLE_FLAG"
)
SHOT_HEADER = (
    "GRID_TYPE,GAME_ID,GAME_EVENT_ID,PLAYER_ID,PLAYER_NAME,TEAM_ID,TEAM_NAME,PERIOD,MINUTES_REMAINING,SECONDS_REMAINING,EVENT_TYPE,ACTION_TYPE,"
    "SHOT_TYPE,SHOT_ZONE_BASIC,SHOT_ZONE_AREA,SHOT_ZONE_RANGE,SHOT_DISTANCE,LOC_X,LOC_Y,SHOT_ATTEMPTED_FLAG,SHOT_MADE_FLAG,GAME_DATE,HTM,VTM"
)
BOX_HEADER = "MIN,FGM,FGA,FG_PCT,FG3M,FG3A,FG3_PCT,FTM,FTA,FT_PCT,OREB,DREB,REB,AST,STL,BLK,TOV,PF,PTS,PLUS_MINUS,VIDEO_AVAILABLE"
TEAM_LOG_HEADER = f"SEASON_ID,TEAM_ID,TEAM_ABBREVIATION,TEAM_NAME,GAME_ID,GAME_DATE,MATCHUP,WL,{BOX_HEADER}"
PLAYER_LOG_HEADER = TEAM_LOG_HEADER.replace("TEAM_ID", "PLAYER_ID,PLAYER_NAME,TEAM_ID")
INDEX_HEADER = "PERSON_ID,PLAYER_LAST_NAME,PLAYER_FIRST_NAME,POSITION,HEIGHT,WEIGHT,COLLEGE,COUNTRY,BIRTHDATE,DRAFT_YEAR,FROM_YEAR,TO_YEAR"
LINE_HEADER = (
    "date,regular,playoffs,away,home,score_away,score_home,whos_favored,spread,total,moneyline_away,moneyline_home,h2_spread,h2_total"
)
WITHOUT_SHARES = ("OREB", "DREB", "REB", "AST", "STL", "BLK", "TOV", "PF", "PTS", "PLUS_MINUS")
COUNTED = ("FGM", "FGA", "FG3M", "FG3A", "FTM", "FTA", *WITHOUT_SHARES[:-1])


def write_archive(root: Path, seed: int = 1) -> Path:
    """Plays three seasons and writes them under `root`; the same seed gives the same bytes."""
    rng = Random(seed)
    players = founding_players(rng)
    _write_csv(root / "playerindex.csv.xz", INDEX_HEADER, [_bio(player) for player in players])
    for year in START_YEARS:
        _write_season(root, year, *_play_season(year, players, rng))
        players = next_summer(players, rng)
    return root


def _play_season(year: int, players: list[Player], rng: Random) -> tuple[list[Game], dict[str, date]]:
    games, days, day = [], {}, date(year, 10, 22)
    for night in range(26):
        if night == 13:
            players = trade(players, 4, 27)
        for teams in rng.sample(_round(night), (3, 1, 2, 2)[night % 4]):
            game_id = f"902{year % 100}{len(games) + 1:05d}"
            dressed = [[one for one in players if one.team is team and (one.minutes > 32 or rng.random() > 0.07)] for team in teams]
            games.append(Game(game_id, teams, (dressed[HOME], dressed[AWAY]), rng).play())
            days[game_id] = day
        day += timedelta(days=(1, 2, 1, 3, 2, 4)[night % 6])
    return games, days


def _round(night: int) -> list[tuple]:
    """Every team once, by the circle method; home and away change with the cycle."""
    first, *others = TEAMS
    turn = night % 5
    circle = [first, *others[turn:], *others[:turn]]
    pairs = [(circle[place], circle[5 - place]) for place in range(3)]
    return pairs if night // 5 % 2 else [(away, home) for home, away in pairs]


def _write_season(root: Path, year: int, games: list[Game], days: dict[str, date]) -> None:
    plays = _quirks([row for game in games for row in game.rows if game.game_id != WITHOUT_PLAYS], year)
    _write_tar(root / f"nbastats_{year}.tar.xz", PLAY_HEADER, plays)
    if year != WITHOUT_SHOTS:
        _write_tar(root / f"shotdetail_{year}.tar.xz", SHOT_HEADER, [row for game in games for row in _shots(game, days[game.game_id])])
    teams = [row for game in games for side in (HOME, AWAY) for row in _team_log(game, side, days[game.game_id])]
    _write_csv(root / f"leaguegamelog_teams_{year}.csv.xz", TEAM_LOG_HEADER, teams)
    people = [row for game in games for side in (HOME, AWAY) for row in _player_log(game, side, days[game.game_id])]
    _write_csv(root / f"leaguegamelog_players_{year}.csv.xz", PLAYER_LOG_HEADER, people)
    final = [str(date(year + 1, 6, 10)), "FALSE", "TRUE", "ny", "den", 99, 101, "home", 4, 210.5, 150, -170, 2, 105]
    _write_csv(root / f"betting_lines_{year}.csv.xz", LINE_HEADER, [*(_line(game, days[game.game_id]) for game in games), final])


def _quirks(rows: list[tuple], year: int) -> list[tuple]:
    """A few rows come twice, and 2019-20 writes the type of the first person as `4.0`."""
    twice = [row for number, row in enumerate(rows) for _ in range(2 if number % 7000 == 6999 else 1)]
    return [(*row[:12], f"{row[12]}.0", *row[13:]) for row in twice] if year == 2019 else twice


def _bio(player: Player) -> list:
    known = player.player_id != 1630009
    height = f"{player.height_inches // 12}-{player.height_inches % 12}" if known else ""
    born = date(1990 + player.player_id % 10, 1 + player.player_id % 12, 15)
    return [player.player_id, player.family, player.given, player.position, height, player.weight_pounds if known else "",
            "", "USA", born, born.year + 20, born.year + 20, 2030]  # fmt: skip


def _shots(game: Game, day: date) -> list[list]:
    rows = []
    home, away = (team.abbreviation for team in game.teams)
    for player, side, period, clock, three, made, feet, x, y in game.shots:
        team = game.teams[side]
        when = [period, clock // 60, clock % 60]
        words = ["Made Shot" if made else "Missed Shot", "Jump Shot" if feet > 4 else "Layup Shot", f"{3 if three else 2}PT Field Goal"]
        zone = [
            "Above the Break 3" if three else "Restricted Area" if feet < 4 else "Mid-Range",
            "Center(C)",
            "24+ ft." if three else "8-16 ft.",
        ]
        who = [player.player_id, player.name, team.team_id, f"{team.city} {team.nickname}"]
        where = [feet, x, y, 1, int(made), f"{day:%Y%m%d}", home, away]
        rows.append(["Shot Chart Detail", game.game_id, "", *who, *when, *words, *zone, *where])
    return rows


def _team_log(game: Game, side: int, day: date) -> list[list]:
    counts = [game.box[player.player_id] for player in game.dressed[side] if game.box[player.player_id]["seconds"]]
    totals = {stat: sum(one[stat] for one in counts) for stat in COUNTED}
    totals["TOV"] += game.team_turnovers[side]
    minutes = sum(round(one["seconds"] / 60) for one in counts)
    totals["PLUS_MINUS"] = float(game.score[side] - game.score[1 - side])
    return [[*_who(game, side, day), *_box(totals, minutes, "")]]


def _player_log(game: Game, side: int, day: date) -> list[list]:
    season, *team = _who(game, side, day)
    rows = []
    for player in game.dressed[side]:
        counts = game.box[player.player_id]
        if counts["seconds"]:
            rows.append([season, player.player_id, player.name, *team, *_box(counts, round(counts["seconds"] / 60), 1)])
    return rows


def _who(game: Game, side: int, day: date) -> list:
    team, other = game.teams[side], game.teams[1 - side]
    matchup = f"{team.abbreviation} {'vs.' if side == HOME else '@'} {other.abbreviation}"
    won = "W" if game.score[side] > game.score[1 - side] else "L"
    return [f"220{game.game_id[3:5]}", team.team_id, team.abbreviation, f"{team.city} {team.nickname}", game.game_id, day, matchup, won]


def _box(counts, minutes: int, video: object) -> list:
    def share(made: str, tried: str) -> object:
        return round(counts[made] / counts[tried], 3) if counts[tried] else ""

    return [minutes, counts["FGM"], counts["FGA"], share("FGM", "FGA"), counts["FG3M"], counts["FG3A"], share("FG3M", "FG3A"),
            counts["FTM"], counts["FTA"], share("FTM", "FTA"), *(counts[stat] for stat in WITHOUT_SHARES), video]  # fmt: skip


def _line(game: Game, day: date) -> list:
    strength = [sum(sorted((one.skill for one in side), reverse=True)[:7]) / 7 for side in game.dressed]
    spread = round(2 * (160 * (strength[HOME] - strength[AWAY]) + 2.5)) / 2
    favourite, price = ("home" if spread >= 0 else "away"), -110 - round(14 * abs(spread))
    prices = (price, -price - 25) if favourite == "away" else (-price - 25, price)
    shown = "" if game.game_id == "9022000020" else abs(spread)
    home, away = (team.line_name for team in game.teams)
    return [day, "TRUE", "FALSE", away, home, game.score[AWAY], game.score[HOME], favourite, shown, 214.5, *prices, abs(spread) / 2, 107]


def _write_csv(path: Path, header: str, rows: list) -> None:
    path.write_bytes(lzma.compress(_csv(header, rows), preset=0))


def _write_tar(path: Path, header: str, rows: list) -> None:
    content = _csv(header, rows)
    member = tarfile.TarInfo(path.name.replace(".tar.xz", ".csv"))
    member.size = len(content)
    with tarfile.open(path, "w:xz", preset=0) as archive:
        archive.addfile(member, io.BytesIO(content))


def _csv(header: str, rows: list) -> bytes:
    text = io.StringIO()
    text.write(header + "\n")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
