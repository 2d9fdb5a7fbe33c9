"""One game, possession by possession: play-by-play rows as the service words them, shots, and the box that follows."""

from collections import Counter
from dataclasses import dataclass, field
from math import cos, sin
from random import Random

from nba_pipeline_tests.tiny_league.people import Player, Team

MADE, MISS, FREE_THROW, REBOUND, TURNOVER, FOUL = 1, 2, 3, 4, 5, 6
SUBSTITUTION, TIMEOUT, JUMP_BALL, PERIOD_START, PERIOD_END = 8, 9, 10, 12, 13
HOME, AWAY = 0, 1
NOBODY = ("0", "0", "", "", "", "", "")
ORDINALS = ("1st Period", "2nd Period", "3rd Period", "4th Period", "1st OT", "2nd OT", "3rd OT", "4th OT", "5th OT", "6th OT")


@dataclass
class Game:
    """The running state of a game; `play()` fills `rows`, `shots` and `box`.

    Args:
        game_id: ten characters.
        teams: home, away.
        dressed: who can play, for each side.
    """

    game_id: str
    teams: tuple[Team, Team]
    dressed: tuple[list[Player], list[Player]]
    rng: Random
    rows: list[tuple] = field(default_factory=list)
    shots: list[tuple] = field(default_factory=list)
    box: dict[int, Counter] = field(default_factory=dict)
    team_turnovers: list[int] = field(default_factory=lambda: [0, 0])
    score: list[int] = field(default_factory=lambda: [0, 0])
    period: int = 0
    clock: int = 0
    number: int = 0

    def play(self) -> "Game":
        self.box = {player.player_id: Counter() for side in self.dressed for player in side}
        self.five = [self._freshest(side, [])[:5] for side in (HOME, AWAY)]
        while self.period < 4 or self.score[HOME] == self.score[AWAY]:
            self._period()
        return self

    def _period(self) -> None:
        self.period += 1
        self.clock = 720 if self.period <= 4 else 300
        if 1 < self.period <= 4:
            self.five = [self._freshest(side, [])[:5] for side in (HOME, AWAY)]
        self._neutral(PERIOD_START, "Start")
        offence = self.rng.randrange(2)
        if self.period in (1, 5, 6, 7, 8, 9, 10):
            self._jump_ball(offence)
        while self.clock > 0:
            self._possession(offence)
            offence = 1 - offence
            if self.clock > 0:
                self._dead_ball()
        self._neutral(PERIOD_END, "End")

    def _jump_ball(self, winner: int) -> None:
        home, away = (max(five, key=lambda player: player.height_inches) for five in self.five)
        tipped = self.rng.choice(self.five[winner])
        text = f"Jump Ball {home.family} vs. {away.family}: Tip to {tipped.family}"
        self._log(JUMP_BALL, 0, (text, ""), self._person(HOME, home), self._person(AWAY, away), self._person(winner, tipped))

    def _possession(self, offence: int) -> None:
        ongoing = self._run_clock(round(self.rng.triangular(4, 24, 14)))
        while ongoing:
            player = self.rng.choices(self.five[offence], [0.1 + max(0.0, 0.05 + one.skill) for one in self.five[offence]])[0]
            chance = self.rng.random()
            if chance < 0.13:
                return self._turnover(offence, player)
            if chance < 0.17:
                self._foul(1 - offence, self._fouler(1 - offence), 1, "P.FOUL")
                ongoing = self._run_clock(self.rng.randint(2, 9))
                continue
            if chance < 0.26:
                self._foul(1 - offence, self._fouler(1 - offence), 2, "S.FOUL")
                ended = self._free_throws(offence, player, 2)
            else:
                ended = self._shot(offence, player)
            ongoing = not ended and self._rebound(offence) and self._run_clock(self.rng.randint(1, 9))

    def _turnover(self, side: int, player: Player) -> None:
        kind = self.rng.random()
        if kind < 0.03:
            self.team_turnovers[side] += 1
            return self._log(TURNOVER, 11, self._at(side, f"{self.teams[side].nickname} Turnover: Shot Clock (T#1)"), self._team(side))
        self.box[player.player_id]["TOV"] += 1
        if kind < 0.12:
            self._foul(side, player, 4, "OFF.Foul")
            return self._log(TURNOVER, 37, self._at(side, f"{player.family} Offensive Foul Turnover (P1.T1)"), self._person(side, player))
        if kind < 0.45:
            return self._log(TURNOVER, 4, self._at(side, f"{player.family} Traveling Turnover (P1.T1)"), self._person(side, player))
        thief = self.rng.choice(self.five[1 - side])
        self.box[thief.player_id]["STL"] += 1
        stolen = f"{thief.family} STEAL ({self.box[thief.player_id]['STL']} STL)"
        texts = self._at(side, f"{player.family} Bad Pass Turnover (P1.T1)", stolen)
        self._log(TURNOVER, 1, texts, self._person(side, player), self._person(1 - side, thief))

    def _shot(self, side: int, player: Player) -> bool:
        three = self.rng.random() < player.threes
        edge = player.skill - sum(one.skill for one in self.five[1 - side]) / 5 + (0.012 if side == HOME else -0.012)
        eases_off = 0.0015 * (self.score[side] - self.score[1 - side])
        made = self.rng.random() < (0.35 if three else 0.52) + edge - eases_off
        feet = self.rng.randint(23, 26) if three else min(21, max(0, round(self.rng.gauss(9 - 0.4 * (player.height_inches - 74), 5))))
        angle = self.rng.uniform(0.1, 3.04)
        x, y = round(10 * feet * cos(angle)), round(10 * feet * sin(angle))
        self.shots.append((player, side, self.period, self.clock, three, made, feet, x, y))
        self._count(player, FGA=1, FG3A=int(three))
        words = f"{player.family} {feet}' {'3PT ' if three else ''}{'Jump Shot' if feet > 4 else 'Layup'}"
        return self._make(side, player, three, words) if made else self._miss(side, player, words)

    def _make(self, side: int, player: Player, three: bool, words: str) -> bool:
        self._count(player, FGM=1, FG3M=int(three))
        self._add_points(side, player, 3 if three else 2)
        text, second = f"{words} ({self.box[player.player_id]['PTS']} PTS)", NOBODY
        if self.rng.random() < 0.6:
            passer = self.rng.choice([one for one in self.five[side] if one is not player])
            self._count(passer, AST=1)
            text += f" ({passer.family} {self.box[passer.player_id]['AST']} AST)"
            second = self._person(side, passer)
        self._log(MADE, 1, self._at(side, text), self._person(side, player), second, scored=True)
        if self.rng.random() > 0.05:
            return True
        self._foul(1 - side, self._fouler(1 - side), 2, "S.FOUL")
        return self._free_throws(side, player, 1)

    def _miss(self, side: int, player: Player, words: str) -> bool:
        if self.rng.random() > 0.1:
            self._log(MISS, 1, self._at(side, f"MISS {words}"), self._person(side, player))
            return False
        blocker = self.rng.choice(self.five[1 - side])
        self._count(blocker, BLK=1)
        texts = self._at(side, f"MISS {words}", f"{blocker.family} BLOCK ({self.box[blocker.player_id]['BLK']} BLK)")
        self._log(MISS, 1, texts, self._person(side, player), NOBODY, self._person(1 - side, blocker))
        return False

    def _free_throws(self, side: int, player: Player, attempts: int) -> bool:
        made = False
        for shot in range(1, attempts + 1):
            made = self.rng.random() < 0.75 + 2 * player.skill
            self._count(player, FTA=1, FTM=int(made))
            text = f"{player.family} Free Throw {shot} of {attempts}"
            if made:
                self._add_points(side, player, 1)
                text += f" ({self.box[player.player_id]['PTS']} PTS)"
            action = {1: 9, 2: 10}[attempts] + shot
            self._log(FREE_THROW, action, self._at(side, text if made else f"MISS {text}"), self._person(side, player), scored=made)
            if not made and shot < attempts:
                self._team_rebound(side)
        return made

    def _rebound(self, offence: int) -> bool:
        """Whether the offence keeps the ball."""
        side = offence if self.rng.random() < 0.25 else 1 - offence
        if self.rng.random() < 0.08:
            self._team_rebound(side)
        else:
            player = self.rng.choices(self.five[side], [one.height_inches - 70 for one in self.five[side]])[0]
            counts = self._count(player, REB=1, **{"OREB" if side == offence else "DREB": 1})
            text = f"{player.family} REBOUND (Off:{counts['OREB']} Def:{counts['DREB']})"
            self._log(REBOUND, 0, self._at(side, text), self._person(side, player))
        return side == offence

    def _team_rebound(self, side: int) -> None:
        self._log(REBOUND, 1, self._at(side, f"{self.teams[side].nickname} Rebound"), self._team(side))

    def _fouler(self, side: int) -> Player:
        return min(self.rng.sample(self.five[side], 2), key=lambda player: self.box[player.player_id]["PF"])

    def _foul(self, side: int, player: Player, action: int, words: str) -> None:
        fouls = self._count(player, PF=1)["PF"]
        victim = self._person(1 - side, self.rng.choice(self.five[1 - side]))
        self._log(FOUL, action, self._at(side, f"{player.family} {words} (P{fouls}) (T.Referee)"), self._person(side, player), victim)

    def _dead_ball(self) -> None:
        side = self.rng.randrange(2)
        if self.rng.random() < 0.03:
            self._log(TIMEOUT, 1, self._at(side, f"{self.teams[side].nickname} Timeout: Regular (Reg.1 Short 0)"), self._team(side))
        if self.rng.random() > 0.25:
            return
        tired, fresh = self._freshest(side, self._bench(side))[-1], self._freshest(side, self.five[side])[0]
        if self._load(tired) - self._load(fresh) > 6:
            self.five[side] = [fresh if one is tired else one for one in self.five[side]]
            text = f"SUB: {fresh.family} FOR {tired.family}"
            self._log(SUBSTITUTION, 0, self._at(side, text), self._person(side, tired), self._person(side, fresh))

    def _load(self, player: Player) -> float:
        """Seconds played tonight per minute of a usual night."""
        return self.box[player.player_id]["seconds"] / player.minutes

    def _freshest(self, side: int, without: list[Player]) -> list[Player]:
        return sorted((one for one in self.dressed[side] if one not in without), key=lambda player: (self._load(player), -player.minutes))

    def _bench(self, side: int) -> list[Player]:
        return [one for one in self.dressed[side] if one not in self.five[side]]

    def _run_clock(self, seconds: int) -> bool:
        """Whether there is time left for what follows."""
        passed = min(seconds, self.clock)
        self.clock -= passed
        for player in (*self.five[HOME], *self.five[AWAY]):
            self.box[player.player_id]["seconds"] += passed
        return self.clock > 0

    def _count(self, player: Player, **stats: int) -> Counter:
        counts = self.box[player.player_id]
        counts.update(stats)
        return counts

    def _add_points(self, side: int, player: Player, points: int) -> None:
        self.score[side] += points
        self._count(player, PTS=points)
        for which in (HOME, AWAY):
            for one in self.five[which]:
                self.box[one.player_id]["PLUS_MINUS"] += points if which == side else -points

    def _person(self, side: int, player: Player) -> tuple:
        team = self.teams[side]
        return ("54"[side == HOME], player.player_id, player.name, f"{team.team_id}.0", team.city, team.nickname, team.abbreviation)

    def _team(self, side: int) -> tuple:
        return ("32"[side == HOME], self.teams[side].team_id, "", "", "", "", "")

    @staticmethod
    def _at(side: int, own: str, other: str = "") -> tuple[str, str]:
        return (own, other) if side == HOME else (other, own)

    def _neutral(self, event: int, word: str) -> None:
        text = f"{word} of {ORDINALS[self.period - 1]} (8:00 PM EST)"
        self._log(event, 0, ("", ""), neutral=text, scored=self.number > 0)

    def _log(self, event, action, texts, one=NOBODY, two=NOBODY, three=NOBODY, *, neutral="", scored=False) -> None:
        self.number += self.rng.choice((1, 1, 2, 3))
        home, away = self.score
        score, margin = (f"{away} - {home}", home - away or "TIE") if scored else ("", "")
        clock = f"{self.clock // 60}:{self.clock % 60:02d}"
        head = (self.game_id, self.number, event, action, self.period, "8:00 PM", clock, texts[HOME], neutral, texts[AWAY], score, margin)
        self.rows.append((*head, *one, *two, *three, 1))
