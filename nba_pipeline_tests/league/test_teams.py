import pytest

from nba_pipeline.league.ids import FIRST_TEAM_ID, LAST_TEAM_ID
from nba_pipeline.league.seasons import season_label
from nba_pipeline.league.teams import TEAM_BY_ABBREVIATION, TEAM_BY_ID, TEAM_BY_SPORTSBOOK, TEAMS, arena_miles
from nba_pipeline.sources.archive import RawArchive


def miles(first: str, second: str) -> float:
    return arena_miles(TEAM_BY_ABBREVIATION[first].team_id, TEAM_BY_ABBREVIATION[second].team_id)


def test_thirty_teams_without_repeats() -> None:
    assert len(TEAMS) == len(TEAM_BY_ID) == len(TEAM_BY_ABBREVIATION) == len(TEAM_BY_SPORTSBOOK) == 30
    assert all(FIRST_TEAM_ID <= team_id <= LAST_TEAM_ID for team_id in TEAM_BY_ID)


def test_six_divisions_of_five_within_one_conference() -> None:
    divisions = {(team.conference, team.division) for team in TEAMS}
    assert len(divisions) == len({division for _, division in divisions}) == 6
    assert all(sum(team.division == division for team in TEAMS) == 5 for _, division in divisions)


@pytest.mark.parametrize(
    ("first", "second", "known"), [("BOS", "LAL", 2600), ("NYK", "BKN", 5), ("LAL", "LAC", 0), ("MIA", "POR", 2700), ("DAL", "HOU", 225)]
)
def test_distances_between_arenas(first: str, second: str, known: float) -> None:
    assert miles(first, second) == pytest.approx(known, abs=10 + 0.01 * known)
    assert miles(first, second) == miles(second, first)


def test_logs_and_betting_files_use_these_names(archive_dir) -> None:
    archive = RawArchive(archive_dir)
    log = archive.team_log("2021-22").select("TEAM_ID", "TEAM_ABBREVIATION").unique()
    assert dict(log.iter_rows()) == {team.team_id: team.abbreviation for team in TEAMS}
    for year in (2007, 2012, 2022):
        lines = archive.betting_lines(season_label(year))
        assert {*lines["home"], *lines["away"]} == TEAM_BY_SPORTSBOOK.keys()
