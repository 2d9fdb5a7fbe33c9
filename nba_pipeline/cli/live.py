"""`nba live`: a game as it goes."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nba_pipeline.cli.output import RefusedError, console, json_option, plain_errors, print_json, read_settings

if TYPE_CHECKING:
    from nba_pipeline.prediction.game.live import LiveGame
    from nba_pipeline.prediction.game.story import GameStory
    from nba_pipeline.prediction.instant import Instant

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("game_id")
@click.option("--at", metavar="Q3-04:30", help="As of this reading of the clock, OT1-02:00 in overtime; the whole game when not given.")
@click.option("--version", default="latest", show_default=True, help="The model version.")
@click.option("--plays", type=FILE, help="CSV of this game's plays (play-by-play, version 2), which may still grow.")
@click.option("--follow", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Look at --plays again and again.")
@click.option("--png", type=FILE, help="Also draw the curve, the score and the biggest swings into this file.")
@click.option("--html", type=FILE, help="Also write them as a page that needs nothing else.")
@json_option
def live(
    game_id: str, at: str | None, version: str, plays: Path | None, follow: float | None, png: Path | None, html: Path | None, as_json: bool
) -> None:
    """Win probability, margin and total of GAME_ID, play by play: a game of the warehouse replayed, or one that is being played.

    Everything an instant shows comes from plays up to it. Swings are points (hundredths) of the home team's chance.

    \b
    Examples:
      nba live 0022100001
      nba live 0022100001 --at Q3-04:30 --json
      nba live 0022100001 --png game.png --html game.html
      nba live 0022100001 --plays tonight.csv --follow 10 --html tonight.html

    With --follow the last line of the file is waited for until its end is written, pictures are drawn anew with every change, --json
    prints one line per change, and the command ends with the game.

    \b
    Exit codes: 0 shown; 1 the file of plays, or a table, cannot be used;
    2 wrong usage, or there is no such game, instant or version.
    """
    if follow and (plays is None or at):
        raise click.UsageError("--follow needs --plays, and no --at")
    with _refusals():
        look, forecaster = _prepare(game_id, at, version, plays)
        show = partial(_show, as_json=as_json, whole=at is None, png=png, html=html)
        if follow:
            _follow(forecaster, look, follow, show)
        else:
            from nba_pipeline.prediction.game.story import GameStory
            from nba_pipeline.prediction.game.win_probability import win_probability
            from nba_pipeline.prediction.instant import Instant

            game = look()
            show(GameStory.of(game, win_probability(forecaster, game), Instant.parse(at) if at else None))


@contextmanager
def _refusals() -> Iterator[None]:
    """What is not there ends with 2, what is there and broken with 1."""
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.models.registry import RegistryError
    from nba_pipeline.models.versions.info import VersionError
    from nba_pipeline.prediction.forecaster import NotServableError
    from nba_pipeline.prediction.game.facts import UnknownGameError
    from nba_pipeline.prediction.instant import InstantError
    from nba_pipeline.sources.compressed import ArchiveError
    from nba_pipeline.warehouse.play_rows import PlaysError
    from nba_pipeline.warehouse.store import StoreError

    try:
        with plain_errors(UnknownGameError, InstantError, RegistryError, VersionError, NotServableError):
            yield
    except (ArchiveError, PlaysError, StoreError, ArtifactError) as error:
        raise click.ClickException(str(error)) from error


def _prepare(game_id: str, at: str | None, version: str, plays: Path | None) -> "tuple[Callable[[], LiveGame], Any]":
    """What reads the game as it is, and the loaded version."""
    from nba_pipeline.models.registry import ModelRegistry
    from nba_pipeline.prediction.forecaster import Forecaster
    from nba_pipeline.prediction.game.facts import GameFacts
    from nba_pipeline.prediction.game.live import followed, replayed
    from nba_pipeline.prediction.instant import Instant
    from nba_pipeline.warehouse.store import Warehouse

    settings = read_settings()
    warehouse, instant = Warehouse(settings.source_dir, settings.source), Instant.parse(at) if at else None
    facts = GameFacts.read(warehouse, game_id)
    forecaster = Forecaster.load(ModelRegistry(settings.source_dir / "models"), version)
    road = partial(followed, plays, facts) if plays else partial(replayed, warehouse, facts)
    return lambda: _reached(road(instant), instant), forecaster


def _reached(game: "LiveGame", at: "Instant | None") -> "LiveGame":
    if at and game.is_over and at.period > game.plays["period"][-1]:
        raise RefusedError(f"game {game.facts.game_id} has no {at}: it ended in period {game.plays['period'][-1]}")
    return game


def _follow(forecaster: Any, look: "Callable[[], LiveGame]", seconds: float, show: "Callable[..., None]") -> None:
    from nba_pipeline.prediction.game.follow import follow
    from nba_pipeline.prediction.game.story import GameStory

    try:
        for game, curve in follow(forecaster, look, seconds):
            show(GameStory.of(game, curve), following=not game.is_over)
    except KeyboardInterrupt:
        console.print("no longer following", style="yellow")


def _show(story: "GameStory", *, as_json: bool, whole: bool, png: Path | None, html: Path | None, following: bool = False) -> None:
    from nba_pipeline.models.artifacts import write_bytes
    from nba_pipeline.prediction.game.page import game_page
    from nba_pipeline.prediction.game.picture import game_picture
    from nba_pipeline.prediction.game.text import one_line, print_story

    if png:
        write_bytes(png, game_picture(story))
    if html:
        write_bytes(html, game_page(story).encode())
    if as_json:
        answer = story.as_plain_data(whole=whole and not following)
        click.echo(json.dumps(answer, default=str)) if following else print_json(answer)
    elif following:
        console.print(one_line(story, story.now), highlight=False, markup=False, soft_wrap=True)
    else:
        print_story(console, story, whole)
