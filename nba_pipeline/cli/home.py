"""`nba home`: where Dagster records the runs of this source."""

import click

from nba_pipeline.cli.output import plain_errors, read_settings


@click.command()
def home() -> None:
    """The folder of the Dagster instance of NBA_SOURCE, made on first use; bare dagster commands need it exported.

    \b
    Example:
      export DAGSTER_HOME=$(nba home) DAGSTER_MODULE_NAME=nba_pipeline.definitions

    \b
    Exit codes: 0 printed; 2 there is none, or it belongs to another source.
    """
    from nba_pipeline.orchestration.home import DagsterHomeError, dagster_home

    with plain_errors(DagsterHomeError):
        click.echo(dagster_home(read_settings()))
