"""What the experiment commands share: which dates are meant, where models are kept, and what an error is worth."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from nba_pipeline.cli.output import RefusedError, plain_errors, read_settings

if TYPE_CHECKING:
    from nba_pipeline.experiments.database import ExperimentsDatabase
    from nba_pipeline.warehouse.store import Warehouse

EASTERN = ZoneInfo("America/New_York")
DAY = click.DateTime(formats=["%Y-%m-%d"])


def open_warehouse() -> "Warehouse":
    """The tables of the source that is set."""
    from nba_pipeline.warehouse.store import Warehouse

    settings = read_settings()
    return Warehouse(settings.source_dir, settings.source)


def open_database() -> "ExperimentsDatabase":
    """The registry and predictions of the source that is set."""
    from nba_pipeline.experiments.database import ExperimentsDatabase

    return ExperimentsDatabase.of(open_warehouse())


def dates_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --date, or --from and --to, or --season; `chosen_dates` reads them."""
    for option in (
        click.option("--season", help="Every date of a season, such as 2022-23."),
        click.option("--to", "last", type=DAY, help="Last date, with --from; today (Eastern) when not given."),
        click.option("--from", "first", type=DAY, help="First date of several."),
        click.option("--date", "day", type=DAY, help="Date of games, Eastern, such as 2022-11-05."),
    ):
        command = option(command)
    return command


def chosen_dates(
    warehouse: "Warehouse", day: datetime | None, first: datetime | None, last: datetime | None, season: str | None
) -> list[date]:
    """The dates that are meant.

    Raises:
        RefusedError: none are, or two ways of saying so were used.
    """
    if sum(one is not None for one in (day, first, season)) != 1 or (last is not None and first is None):
        raise RefusedError("say which dates: --date 2022-11-05, or --from 2022-11-01 --to 2022-11-30, or --season 2022-23")
    if season is not None:
        return sorted(warehouse.read("games", [season], ["game_date"])["game_date"].unique())
    if first is None:
        return [day.date()] if day else []
    end = last.date() if last else datetime.now(EASTERN).date()
    return [first.date() + timedelta(days=after) for after in range((end - first.date()).days + 1)]


@contextmanager
def told() -> Iterator[None]:
    """Errors as one line: exit code 2 where there is nothing to work on, 1 where something was refused or failed."""
    from nba_pipeline.experiments.database import MigrationError
    from nba_pipeline.experiments.leaderboard import NothingGradedError
    from nba_pipeline.experiments.model_row import UnknownModelError
    from nba_pipeline.experiments.points_model import ModelRefusedError
    from nba_pipeline.experiments.promotion import NoProductionModelError, PromotionRefusedError
    from nba_pipeline.experiments.registry import RegistryRefusedError
    from nba_pipeline.experiments.runner import NoModelsError
    from nba_pipeline.experiments.slate import NoGamesError
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.warehouse.store import StoreError

    with plain_errors(
        UnknownModelError, NothingGradedError, NoModelsError, NoGamesError, NoProductionModelError, StoreError, MigrationError
    ):
        try:
            yield
        except (ModelRefusedError, PromotionRefusedError, RegistryRefusedError, ArtifactError) as error:
            raise click.ClickException(str(error)) from error
