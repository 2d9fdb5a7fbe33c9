"""Takes the README's pictures of the UI: `python -m nba_pipeline_tests.orchestration.screenshot` writes `docs/images/ui-*.png`.

The run is the one of the environment, as for `make ui`: NBA_SOURCE, NBA_DATA_DIR, NBA_ARCHIVE_DIR, DAGSTER_HOME. It must have
finished. What does not belong here: what the pages must show (`test_ui.py`).
"""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import dagster as dg
from playwright.sync_api import Browser, Page, expect

from nba_pipeline.orchestration.home import dagster_home
from nba_pipeline.settings import get_settings
from nba_pipeline_tests.orchestration.browser import (
    INSTALL,
    chromium,
    drawn_width,
    find_chromium,
    graph_path,
    new_page,
    served,
    show_markdown,
    show_steps,
)
from nba_pipeline_tests.orchestration.shell import ROOT
from nba_pipeline_tests.orchestration.snapshot import graph

FOLDER = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1600, 1000
SETTLING_MS = 1500
VERSION, NET, PLOT = "model_version", "fusion_model", "reliability"

Show = Callable[[Page, str], None]
"""Opens a page and waits until it shows all; is given the run that made the newest version."""


def show_graph(page: Page, run: str) -> None:
    """All groups, the models among them unfolded, and every asset in the list."""
    groups = sorted({asset["group"] for asset in graph().values()})
    page.goto(graph_path(unfolded=["models"], listed=groups))
    expect(page.locator("foreignObject.group", has_text="warehouse")).to_be_visible()
    for unfinished in ("fetching statuses", "Loading"):
        expect(page.get_by_text(unfinished)).to_have_count(0)


def show_run(page: Page, run: str) -> None:
    """When each step ran, and its seconds."""
    expect(show_steps(page, run)).to_be_visible()
    for empty in ("Preparing (0)", "Executing (0)", "Errored (0)"):
        page.get_by_text(empty).click()
    page.locator("button:has([aria-label=expand_arrows])").first.click()
    page.mouse.move(page.viewport_size["width"] / 2, page.viewport_size["height"] / 2)


def show_checks(page: Page, run: str) -> None:
    """The acceptance criteria on the candidate, and the value of one of them."""
    page.goto(f"/assets/{NET}?view=checks")
    expect(page.locator("canvas")).to_have_count(2)


def show_plot(page: Page, run: str) -> None:
    """A plot inside the metadata of the candidate."""
    page.goto(f"/assets/{NET}")
    expect(page.get_by_text("Latest check results")).to_be_visible()
    show_markdown(page, PLOT)
    assert drawn_width(page), f"{PLOT} of {NET} is no picture"


PICTURES: dict[str, tuple[Show, int]] = {
    "graph": (show_graph, 1760),
    "run": (show_run, 1920),
    "checks": (show_checks, 1760),
    "plot": (show_plot, 1520),
}
"""By name: what it shows, and the CSS pixels across that this needs."""


class NoVersionError(click.ClickException):
    """There is no finished run to show."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            f"no run in {home} has made a {VERSION}: start `make run` with the same NBA_SOURCE, NBA_DATA_DIR and DAGSTER_HOME first"
        )


@click.command()
@click.option("--folder", default=FOLDER, type=click.Path(path_type=Path), help="Where the pictures go; docs/images.")
def main(folder: Path) -> None:
    """Starts the UI on a free port, and writes its pictures."""
    program, home = find_chromium(), dagster_home(get_settings())
    if program is None:
        raise click.ClickException(INSTALL)
    run, env = _newest_run(home), {**os.environ, "DAGSTER_HOME": str(home)}
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch, served(env, Path(scratch) / "ui.log") as address, chromium(program) as browser:
        for name in PICTURES:
            file = folder / f"ui-{name}.png"
            take(browser, address, name, run, file)
            click.echo(f"{file}  {file.stat().st_size / 1000:.0f} kB")


def take(browser: Browser, address: str, name: str, run: str, file: Path) -> None:
    """Writes one of `PICTURES` as a PNG of 1600 × 1000 pixels."""
    show, across = PICTURES[name]
    page = new_page(browser, address, width=across, height=across * HEIGHT // WIDTH, scale=WIDTH / across)
    show(page, run)
    file.write_bytes(_settled(page))
    page.context.close()


def _settled(page: Page) -> bytes:
    """The page once it looks the same twice in a row: icons and boxes come after the text that is waited for."""
    before, now = b"", page.screenshot(animations="disabled")
    while now != before:
        page.wait_for_timeout(SETTLING_MS)
        before, now = now, page.screenshot(animations="disabled")
    return now


def _newest_run(home: Path) -> str:
    """The run that made the newest version."""
    with dg.DagsterInstance.from_config(str(home)) as instance:
        made = instance.get_latest_materialization_event(dg.AssetKey(VERSION))
    if made is None:
        raise NoVersionError(home)
    return made.run_id


if __name__ == "__main__":
    main()
