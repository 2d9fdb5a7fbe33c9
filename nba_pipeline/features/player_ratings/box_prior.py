"""What the box score says of a player: decayed rates per 48 minutes, pulled towards replacement level, and shooting touch.

This is the prior of the plus-minus ridge in `stint_ridge.py`; the weights that turn rates into points are learned in
`player_rating.py`. Nothing here knows who was on court with whom.
"""

from dataclasses import dataclass

import numpy as np

from nba_pipeline.features.player_ratings.facts import LINE_COLUMNS, RATES

MINUTES, PLUS_MINUS = 0, len(LINE_COLUMNS) - 1


@dataclass(frozen=True)
class BoxRecipe:
    """Constants, see docs/methods.md.

    Attributes:
        half_life_days: age at which a line counts half.
        replacement_minutes: minutes of replacement level that each player starts with.
        bench_minutes: whoever plays less on average makes up the replacement level.
        minutes_half_life_games: of the long average of minutes per game.
        threes, free_throws: attempts of the league's accuracy that each shooter starts with.
        raw_minutes: minutes of 0 that each raw plus-minus starts with.
    """

    half_life_days: float = 300.0
    replacement_minutes: float = 400.0
    bench_minutes: float = 12.0
    minutes_half_life_games: float = 40.0
    threes: float = 250.0
    free_throws: float = 60.0
    raw_minutes: float = 400.0


class BoxForm:
    """Decayed box sums of every player on one morning; `learn` is the only way they change.

    As in `DecayedRidge`, later lines come in with growing weights, so that nothing earlier is touched.

    Args:
        players: number of players; codes are 0 .. players - 1.
        recipe: the constants.
    """

    def __init__(self, players: int, recipe: BoxRecipe) -> None:
        self._recipe = recipe
        self._sums = np.zeros((players, len(LINE_COLUMNS)))
        self._bench, self._league = np.zeros(len(LINE_COLUMNS)), np.zeros(len(LINE_COLUMNS))
        self._first_day: int | None = None
        self.usual_minutes = np.zeros(players)
        self._minutes_weight = np.zeros(players)
        self._recorded_minutes = np.zeros(players)

    def _growth(self, day: int) -> float:
        return 2.0 ** ((day - (day if self._first_day is None else self._first_day)) / self._recipe.half_life_days)

    def learn(self, codes: np.ndarray, values: np.ndarray, recorded: np.ndarray, day: int) -> None:
        """Takes in the lines of one date.

        Args:
            codes: (lines,) players, each once.
            values: (lines, columns) of `LINE_COLUMNS`.
            recorded: (lines,) whose plus-minus is known; the minutes of the others say nothing of it.
            day: the date, in days.
        """
        self._first_day = day if self._first_day is None else self._first_day
        grown = values * self._growth(day)
        self._sums[codes] += grown
        self._recorded_minutes[codes] += grown[:, MINUTES] * recorded
        self._league += grown.sum(axis=0)
        self._bench += grown[self.usual_minutes[codes] < self._recipe.bench_minutes].sum(axis=0)
        keep = 0.5 ** (1 / self._recipe.minutes_half_life_games)
        self._minutes_weight[codes] = keep * self._minutes_weight[codes] + 1
        self.usual_minutes[codes] += (values[:, MINUTES] - self.usual_minutes[codes]) / self._minutes_weight[codes]

    def rates(self, day: int) -> np.ndarray:
        """(players, 12) rates per 48 minutes above the league's, `replacement_minutes` of replacement level included."""
        ballast = self._recipe.replacement_minutes * self._growth(day)
        bench = self._bench / max(self._bench[MINUTES], 1e-9)
        league = self._league / max(self._league[MINUTES], 1e-9)
        chosen = slice(1, 1 + len(RATES))
        own = (self._sums[:, chosen] + ballast * bench[chosen]) / (self._sums[:, [MINUTES]] + ballast)
        return 48 * (own - league[chosen])

    def raw_plus_minus(self, day: int) -> np.ndarray:
        """(players,) plus-minus per 48 of the minutes of which it was recorded, pulled towards 0."""
        return 48 * self._sums[:, PLUS_MINUS] / (self._recorded_minutes + self._recipe.raw_minutes * self._growth(day))

    def accuracy(self, made: str, tried: str, attempts: float, day: int) -> tuple[np.ndarray, np.ndarray]:
        """Chance that each player makes a shot, and how often he tries per minute, both (players,).

        Args:
            made: column of makes.
            tried: column of attempts.
            attempts: attempts of the league's accuracy to start with.
            day: the morning, in days.
        """
        makes, tries = LINE_COLUMNS.index(made), LINE_COLUMNS.index(tried)
        league = self._league[makes] / max(self._league[tries], 1e-9)
        ballast = attempts * self._growth(day)
        chance = (self._sums[:, makes] + ballast * league) / (self._sums[:, tries] + ballast)
        often = (self._sums[:, tries] + 1e-3 * ballast) / (self._sums[:, MINUTES] + ballast)
        return chance, often
