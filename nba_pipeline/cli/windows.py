"""`nba windows`: models of 27 eras and the meta-learner over them."""

from pathlib import Path

import click

from nba_pipeline.cli.experiment_options import open_warehouse
from nba_pipeline.cli.output import console, json_option, plain_errors, print_json, print_table, read_settings
from nba_pipeline.cli.windows_launch import backtest, data, meta, train
from nba_pipeline.cli.windows_predict import predict, register


@click.group()
def windows() -> None:
    """Models of 27 windows of NBA history, 1947-49 to 2025-26, for points, rebounds, assists and threes, and a meta-learner over them.

    A window only ever speaks about seasons after those it has learned from. The meta-learner in use has learned from the last seasons on
    disk: of dates up to its last one, predict is hindsight and says so; backtest is what would have been known. The meta-learner needs all
    windows: it refuses to train over an incomplete set. NBA_WINDOWS_FILE names another configuration.

    \b
    Examples:
      nba windows data                          every player log of the archive, 1946-47 on
      nba windows train --missing               the windows that are not trained, side by side
      nba windows status                        which there are, and how good
      nba windows meta                          the meta-learner over all of them
      nba windows backtest --seasons 2021-22    against every baseline, on the same rows
      nba windows predict --date 1957-12-25     every player who may play; the past in hindsight
      nba windows fetch ./model                 the version in use, with checksums
      nba windows register                      as a points model of the experiments

    \b
    Exit codes: 0 done; 1 something failed, or a window is missing or damaged;
    2 wrong usage, or nothing to work on.
    """


@windows.command()
@json_option
def status(as_json: bool) -> None:
    """The windows with state, rows, errors and cost; every byte of every file is checked.

    Errors are of the newest vintage that was judged on the season after it, on players with ten earlier games.

    \b
    Exit codes: 0 all are ready; 1 a window is missing or damaged; 2 the configuration or the data folder cannot be used.
    """
    settings = read_settings()
    from nba_pipeline.orchestration.resources import StoreResource
    from nba_pipeline.orchestration.window_gate import found_windows
    from nba_pipeline.warehouse.store import StoreError
    from nba_pipeline.windows.config import WindowsConfigError

    with plain_errors(WindowsConfigError, StoreError):
        found = found_windows(StoreResource.from_settings(settings))
    if as_json:
        print_json({"source": settings.source, **found.to_dict()})
    else:
        print_table(f"Windows ({settings.source})", [one.to_row() for one in found.windows])
        for one in found.lacking:
            console.print(f"{one.window} is {one.state}: {one.reason}", markup=False, highlight=False, soft_wrap=True)
        console.print(f"{len(found.windows) - len(found.lacking)} of {len(found.windows)} ready", highlight=False)
    if found.lacking:
        raise SystemExit(1)


@windows.command()
@click.argument("destination", type=click.Path(file_okay=False, path_type=Path))
@json_option
def fetch(destination: Path, as_json: bool) -> None:
    """Copy the meta-learner in use and its windows to DESTINATION, a new folder, with a SHA256SUMS.

    \b
    Example:
      nba windows fetch ./model && (cd model && sha256sum -c SHA256SUMS)

    \b
    Exit codes: 0 copied and checked; 2 there is no version, something is damaged, or the folder is not empty.
    """
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.warehouse.store import StoreError
    from nba_pipeline.windows.meta_files import MetaStore
    from nba_pipeline.windows.window_files import windows_root

    warehouse = open_warehouse()
    with plain_errors(ArtifactError, StoreError):
        if warehouse.root.exists():
            warehouse.check_source()
        store = MetaStore(windows_root(warehouse.root))
        copied, ready = store.fetch(destination), store.files().manifest["production_ready"]
    if as_json:
        print_json({"destination": str(destination), "production_ready": ready, "files": copied})
        return
    state = "production ready" if ready else "not production ready: it stands on fewer than the 27 windows"
    console.print(f"{len(copied)} files in {destination}, {state}", highlight=False, soft_wrap=True)


for command in (data, train, meta, backtest, predict, register):
    windows.add_command(command)
