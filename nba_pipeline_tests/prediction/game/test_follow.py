from pathlib import Path

from nba_pipeline.prediction.forecaster import Forecaster
from nba_pipeline.prediction.game.facts import GameFacts
from nba_pipeline.prediction.game.follow import follow
from nba_pipeline.prediction.game.live import followed


def test_it_speaks_when_the_file_has_grown_and_stops_with_the_game(forecaster: Forecaster, facts: GameFacts, plays_file: Path):
    lines = plays_file.read_text().splitlines(keepends=True)
    ends = iter([150, 150, 150.5, 300, len(lines)])
    waits = []

    def grow(seconds: float = 0.0) -> None:
        waits.append(seconds)
        end = next(ends)
        plays_file.write_text("".join(lines[: int(end)]) + (lines[int(end)][:9] if end % 1 else ""))

    grow()
    seen = [(game.is_over, curve) for game, curve in follow(forecaster, lambda: followed(plays_file, facts), 7.0, grow)]
    assert [over for over, _ in seen] == [False, False, True] and waits[1:] == [7.0] * 4
    heights = [curve.height for _, curve in seen]
    assert heights == sorted(heights) and len(set(heights)) == 3
