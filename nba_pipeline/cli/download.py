"""`nba download`: the public play-by-play archive into the raw archive."""

import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn
from rich.text import Text

from nba_pipeline.cli.output import console, json_option, plain_errors, print_json, read_settings
from nba_pipeline.sources.download.outcome import Outcome, WantedFile, Watch
from nba_pipeline.sources.layout import PLAYS, SHOTS

DATASETS = {dataset.name: dataset for dataset in (PLAYS, SHOTS)}
COLOURS = {"fetched": "green", "there": "cyan", "damaged": "red", "failed": "red"}
NOT_IN_THE_ARCHIVE = "Game logs and the player index are not in this archive: data/README.md says where to get them."


def _web_address(context: click.Context, parameter: click.Parameter, address: str | None) -> str | None:
    if address is not None and not (urlsplit(address).scheme in ("http", "https") and urlsplit(address).netloc):
        raise click.BadParameter(f"{address!r} is no web address: write https://…/list_data.txt")
    return address


@click.command()
@click.option("--seasons", required=True, help="A range 2018-19:2022-23, a list 2018-19,2020-21, or a mix.")
@click.option("--dataset", "datasets", type=click.Choice(list(DATASETS)), multiple=True, help="Only this one; may be repeated.")
@click.option("--index", "address", callback=_web_address, help="Address of the list of files, of a mirror for example.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Folder; NBA_ARCHIVE_DIR or data/raw when not given.")
@click.option("--force", is_flag=True, help="Fetch anew what is there; it is replaced once the new file is checked.")
@json_option
def download(seasons: str, datasets: tuple[str, ...], address: str | None, into: Path | None, force: bool, as_json: bool) -> None:
    """Fetch play-by-play and shots of whole seasons from the public archive github.com/shufinskiy/nba_data, 2 to 9 MB a file.

    A stopped or killed download goes on where it stopped when the same command is run again. A file has its name only once it is whole
    and checked; its checksum is kept in SHA256SUMS, and what is there and matches is left alone.

    \b
    Examples:
      nba download --seasons 2018-19:2022-23
      nba download --seasons 2022-23 --dataset nbastats --into ../archive
      nba download --seasons 2022-23 --force        anew, after damage or a correction
      nba download --seasons 2022-23 --index https://mirror.example/list_data.txt
      sha256sum --check SHA256SUMS                  in the archive's folder

    \b
    Exit codes: 0 all files are there; 1 one of them is not, or is damaged; 2 wrong usage.
    """
    from nba_pipeline.league.seasons import UnknownSeasonError, parse_seasons
    from nba_pipeline.sources.download.archive_folder import BusyError, FolderError
    from nba_pipeline.sources.download.archive_index import INDEX_ADDRESS
    from nba_pipeline.sources.download.fill import download as fill
    from nba_pipeline.sources.download.web import DownloadError

    with plain_errors(UnknownSeasonError):
        wanted = [WantedFile(DATASETS[name], season) for season in parse_seasons(seasons) for name in dict.fromkeys(datasets or DATASETS)]
    root = into or _real_archive()
    with ProgressLines(console, len(wanted), silent=as_json) as watch:
        try:
            outcomes = fill(wanted, root, index_address=address or INDEX_ADDRESS, force=force, watch=watch)
        except (DownloadError, BusyError, FolderError) as error:
            raise click.ClickException(str(error)) from error
    print_json({"folder": root, "files": [asdict(outcome) for outcome in outcomes]}) if as_json else _summarise(outcomes, root)
    sys.exit(not all(outcome.good for outcome in outcomes))


def _real_archive() -> Path:
    """Never the simulated league's folder."""
    settings = read_settings()
    return settings.archive_dir or settings.data_dir / "raw"


def _summarise(outcomes: list[Outcome], root: Path) -> None:
    counts = Counter(outcome.status for outcome in outcomes)
    said = ", ".join(f"{counts[status]} {status}" for status in COLOURS if counts[status])
    megabytes = sum(outcome.bytes or 0 for outcome in outcomes) / 1e6
    files = "1 file" if len(outcomes) == 1 else f"{len(outcomes)} files"
    console.print(f"{files}: {said}; {megabytes:,.1f} MB in {root}", markup=False, highlight=False, soft_wrap=True)
    if all(outcome.good for outcome in outcomes):
        console.print(NOT_IN_THE_ARCHIVE, highlight=False, soft_wrap=True)


class ProgressLines(Watch):
    """One line per finished file; on a terminal, a bar under them for the one in transfer.

    Args:
        console: where lines go.
        files: how many there will be.
        silent: say nothing.
    """

    def __init__(self, console: Console, files: int, *, silent: bool) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=silent or not console.is_terminal)
        self._console, self._silent, self._files, self._finished = console, silent, files, 0
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> "ProgressLines":
        self._bar.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._bar.stop()

    def moved(self, file: str, done_bytes: int, total_bytes: int | None) -> None:
        """Moves the file's bar."""
        if file not in self._tasks:
            self._tasks[file] = self._bar.add_task(f"{self._finished + 1}/{self._files} {file}", total=total_bytes, completed=done_bytes)
        self._bar.update(self._tasks[file], completed=done_bytes, total=total_bytes)

    def finished(self, outcome: Outcome) -> None:
        """Replaces the bar by a line."""
        self._finished += 1
        if outcome.file in self._tasks:
            self._bar.remove_task(self._tasks.pop(outcome.file))
        if not self._silent:
            size = f"  {outcome.bytes / 1e6:,.1f} MB" if outcome.bytes is not None else ""
            said = f"  {outcome.message}" if outcome.message else ""
            line = Text.assemble((f"  {outcome.status:8}", COLOURS[outcome.status]), f" {outcome.file}{size}{said}")
            self._console.print(line, highlight=False, soft_wrap=True)
