"""What a person sees in the browser: the graph, a finished run, the verdicts on an asset, and a plot that really shows."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest
from playwright.sync_api import Page, expect

from nba_pipeline.definitions import build_definitions
from nba_pipeline.orchestration.resources import ComputeResource, StoreResource
from nba_pipeline.warehouse.store import Warehouse
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
from nba_pipeline_tests.orchestration.shell import environment, make_home
from nba_pipeline_tests.orchestration.snapshot import graph

SEASONS = "2019-20:2021-22"
TRAINED = ("transformer_model", "gnn_model", "fusion_model")
ASSETS = ("games", "context_features", *TRAINED, "model_version")


@dataclass(frozen=True)
class Site:
    """A Dagster home with one run in it, and what its UI is started with."""

    env: dict[str, str]
    run: dg.ExecuteInProcessResult


@pytest.fixture(scope="module")
def program() -> str:
    """The browser's program; tests that need it are skipped where there is none."""
    return find_chromium() or pytest.skip(INSTALL)


@pytest.fixture(scope="module")
def site(program: str, tmp_path_factory: pytest.TempPathFactory, tiny_archive: Path, tiny_features: Warehouse) -> Site:
    """A run of two tables and all models, one epoch each, over the invented league's tables."""
    root = tmp_path_factory.mktemp("ui")
    home, data = make_home(root / "home"), root / "data"
    shutil.copytree(tiny_features.root / "warehouse", data / "warehouse")
    store = StoreResource(data_dir=str(data), archive_dir=str(tiny_archive), source="archive", league_seed=1)
    definitions = build_definitions(resource_overrides={"store": store, "compute": ComputeResource(device="cpu")})
    with dg.DagsterInstance.from_config(str(home)) as instance:
        run = definitions.resolve_job_def("pipeline").execute_in_process(
            run_config={"ops": {name: {"config": {"seasons": SEASONS, "epochs": 1}} for name in TRAINED}},
            asset_selection=[dg.AssetKey(name) for name in ASSETS],
            partition_key="2021-22",
            instance=instance,
        )
    return Site(environment(home, data, tiny_archive, NBA_SEASONS=SEASONS), run)


@pytest.fixture(scope="module")
def page(site: Site, program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    log = tmp_path_factory.mktemp("ui_log") / "ui.log"
    with served(site.env, log) as address, chromium(program) as browser:
        yield new_page(browser, address)


def test_the_graph_shows_every_asset_and_group(page: Page):
    assets = graph()
    groups = sorted({asset["group"] for asset in assets.values()})
    for group in groups:  # one by one: what does not fit into the window is not drawn; the list beside it never shortens a name
        page.goto(graph_path(unfolded=[group], listed=[group]))
        for name in [*groups, *(name for name, asset in assets.items() if asset["group"] == group)]:
            expect(page.get_by_text(name, exact=True).first).to_be_visible()


def test_the_run_succeeded_with_all_its_steps(page: Page, site: Site):
    steps = sorted(event.step_key or "" for event in site.run.filter_events(lambda event: event.is_step_success))
    listed = show_steps(page, site.run.run_id)
    expect(page.get_by_text("Success", exact=True)).to_be_visible()
    expect(page.get_by_text(f"Succeeded ({len(steps)})")).to_be_visible()
    for step in steps:
        expect(listed.get_by_text(step, exact=True)).to_be_visible()
    assert set(ASSETS) < set(steps)


def test_an_asset_shows_the_state_of_its_checks(page: Page, site: Site):
    checks = [one for one in site.run.get_asset_check_evaluations() if one.asset_key == dg.AssetKey("fusion_model")]
    assert checks
    page.goto("/assets/fusion_model?view=checks")
    expect(page.get_by_text(f"Checks ({len(checks)})")).to_be_visible()
    for check in checks:
        row = page.locator(f"span:has(> [title='{check.check_name}'])")
        expect(row).to_contain_text("Succeeded" if check.passed else "Failed")


@pytest.mark.parametrize("picture", ["learning_curve", "reliability"])
def test_a_plot_is_drawn(page: Page, picture: str):
    page.goto("/assets/fusion_model")
    show_markdown(page, picture)
    assert drawn_width(page) > 0
