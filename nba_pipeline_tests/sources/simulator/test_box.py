"""Box lines against a count of one game, event by event."""

from collections import Counter

from nba_pipeline.league.events import EventType
from nba_pipeline.sources.simulator.box import box_of
from nba_pipeline.sources.simulator.season import SimulatedSeason


def test_counts_of_a_game(small_season: SimulatedSeason) -> None:
    events, game, counts = small_season.events, 17, Counter()
    rows = [row for row in range(len(events)) if events.game[row] == game]
    for row in rows:
        kind, one = events.kind[row], int(events.one[row])
        counts["PTS", one] += int(events.points[row])
        counts["FGA", one] += kind in (EventType.MADE_SHOT, EventType.MISSED_SHOT)
        counts["FTA", one] += kind == EventType.FREE_THROW
        counts["REB", one] += kind == EventType.REBOUND
        counts["TOV", one] += kind == EventType.TURNOVER
        counts["OREB", one] += kind == EventType.REBOUND and events.side[row] == events.side[row - 1]
        counts["AST", int(events.two[row])] += kind == EventType.MADE_SHOT
        counts["BLK", int(events.three[row])] += kind == EventType.MISSED_SHOT
    box = box_of(small_season)
    for (stat, person), count in counts.items():
        if person >= 0:
            assert box.stats[stat][game, person] == count, (stat, person)
    assert box.team_turnovers[game].sum() == counts["TOV", -1]


def test_plus_minus_of_a_side_is_five_times_the_margin(season: SimulatedSeason) -> None:
    box = box_of(season)
    home = box.stats["PLUS_MINUS"][range(len(season.schedule)), season.tonight.roster[:, 0].T].sum(axis=0)
    assert (home == 5 * (season.score[:, 0] - season.score[:, 1])).all()
