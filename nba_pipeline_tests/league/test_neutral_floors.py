from nba_pipeline.league.neutral_floors import NEUTRAL_FLOORS, RESTART_FIRST_DAY, RESTART_LAST_DAY
from nba_pipeline.league.seasons import season_label
from nba_pipeline.league.teams import TEAM_BY_ABBREVIATION
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.games import build_games


def test_every_listed_game_was_played(archive_dir) -> None:
    archive = RawArchive(archive_dir)
    played = {
        (day, home)
        for year in range(2012, 2025)
        for day, home in build_games(archive.team_log(season_label(year))).select("game_date", "home_team_id").iter_rows()
    }
    listed = {(day, TEAM_BY_ABBREVIATION[home].team_id) for day, home in NEUTRAL_FLOORS}
    assert listed <= played
    assert sum(RESTART_FIRST_DAY <= day <= RESTART_LAST_DAY for day, _ in played) == 88
