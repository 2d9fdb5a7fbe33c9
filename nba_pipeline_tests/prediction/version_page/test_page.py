"""A version's page: what it says, where it lies, and how it looks in a real browser that may ask for nothing else."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Page

from nba_pipeline.evaluation.scores import NET, read_report
from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.prediction.report import COLUMNS
from nba_pipeline.prediction.simulated import WHAT_IT_IS
from nba_pipeline.prediction.version_page.facts import gather
from nba_pipeline.prediction.version_page.page import write_page
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.orchestration.browser import INSTALL, chromium, find_chromium
from nba_pipeline_tests.prediction.conftest import writable

SECTIONS = ("verdict", "scores", "calibration", "learning", "parts", "drift", "data", "files")
STYLES = {metric: style for metric, _, style in COLUMNS}


@dataclass
class Opened:
    """A page in the browser, and what it did while it was opened."""

    page: Page
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=["light", "dark"])
def opened(paged: Warehouse, request: pytest.FixtureRequest) -> Iterator[Opened]:
    program = find_chromium() or pytest.skip(INSTALL)
    with chromium(program) as browser:
        page = browser.new_page(color_scheme=request.param, viewport={"width": 1280, "height": 900})
        found = Opened(page)
        page.on("request", lambda one: found.requests.append(one.url))
        page.on("console", lambda one: found.said.append(one.text))
        page.on("pageerror", lambda one: found.said.append(str(one)))
        page.goto(path_of(paged).as_uri())
        yield found


def path_of(warehouse: Warehouse, version: str = "v1.0.0") -> Path:
    return warehouse.root / "models" / version / "report.html"


def test_it_opens_from_the_disk_without_asking_for_anything_or_complaining(opened: Opened, paged: Warehouse):
    assert opened.requests == [path_of(paged).as_uri()] and opened.said == []
    assert opened.page.title().startswith("v1.0.0")
    assert all(opened.page.locator(f"#{name} h2").is_visible() for name in SECTIONS)


def test_every_number_is_that_of_the_metadata(opened: Opened, paged: Warehouse):
    metrics = json.loads((paged.root / "models" / "v1.0.0" / "metadata.json").read_text())["metrics"]
    cells = dict(opened.page.locator("td[data-key]").evaluate_all("cells => cells.map(one => [one.dataset.key, one.textContent])"))
    assert len(cells) > 300 and {"pregame/log_loss", "q3/margin_mae_elo", "market/log_loss_closing_line", "test/q4/ece"} <= set(cells)
    for key, text in cells.items():
        metric = next(name for name in STYLES if key.removeprefix("test/").split("/")[1].startswith(name))
        expected = format(metrics[key], STYLES[metric]) if key in metrics else ""
        assert text == expected, key
    rows = opened.page.locator("#scores tr", has_text="elo").first.inner_text()
    assert f"{metrics['pregame/log_loss_minus_elo']:+.4f}" in rows and f"{metrics['pregame/log_loss_minus_elo_low']:+.4f}" in rows


def test_every_criterion_and_drift_answer_is_there(opened: Opened, paged: Warehouse):
    facts = gather(paged)
    text = opened.page.locator("main").inner_text()
    assert all(one.message in text for one in facts.verdict.results)
    assert facts.drift is not None and all(one["message"] in text for one in facts.drift["findings"])
    assert opened.page.locator("h1 .accepted").inner_text() == "accepted" and WHAT_IT_IS in opened.page.locator("header").inner_text()


def test_pictures_are_drawn_and_words_on_them_can_be_read(opened: Opened):
    pictures = opened.page.locator("figure svg")
    assert pictures.count() == 3 + 2 + 1
    boxes = pictures.evaluate_all("all => all.map(one => ({box: one.getBoundingClientRect().toJSON(), drawn: one.getBBox().width}))")
    assert all(one["box"]["width"] > 300 and one["box"]["height"] > 100 and one["drawn"] > 200 for one in boxes)
    outside = """all => all.flatMap(one => [...one.querySelectorAll('circle, text')].filter(part => {
      const a = part.getBoundingClientRect(), b = one.getBoundingClientRect();
      return a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 1 || a.bottom > b.bottom + 1;
    }).map(part => part.textContent))"""
    assert pictures.evaluate_all(outside) == []


def test_words_stand_out_from_their_ground(opened: Opened):
    """Contrast of at least 4.5 to 1 for ink and quiet words on paper and card, light and dark."""
    contrast = """([fore, back]) => {
      const light = name => {
        const probe = document.createElement('i');
        probe.style.color = `var(--${name})`;
        document.body.append(probe);
        const [r, g, b] = getComputedStyle(probe).color.match(/[0-9.]+/g).map(x => x / 255)
          .map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
        probe.remove();
        return .2126 * r + .7152 * g + .0722 * b;
      };
      const [a, b] = [light(fore), light(back)].sort((x, y) => y - x);
      return (a + .05) / (b + .05);
    }"""
    pairs = [(fore, back) for fore in ("ink", "quiet", "good", "bad", "first") for back in ("paper", "card")]
    found = {pair: opened.page.evaluate(contrast, list(pair)) for pair in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}


def test_on_a_telephone_only_tables_scroll_sideways(opened: Opened):
    opened.page.set_viewport_size({"width": 390, "height": 800})
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 390
    opened.page.set_viewport_size({"width": 1280, "height": 900})


def test_links_lead_to_files_that_are_there(opened: Opened, paged: Warehouse):
    links = opened.page.locator("main a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert {"fusion.pt", "gnn.pt", "transformer.pt", "metadata.json"} <= set(links)
    assert all((path_of(paged).parent / link).exists() for link in links if not link.startswith("#"))


def test_the_page_is_no_part_of_the_version(registered: Warehouse, tmp_path: Path):
    warehouse = writable(registered, tmp_path / "data")
    registry = ModelRegistry(warehouse.root / "models")
    before = {file.name: file.read_bytes() for file in (registry.root / "v1.0.0").iterdir()}
    first = write_page(warehouse).read_bytes()
    assert {file.name: file.read_bytes() for file in (registry.root / "v1.0.0").iterdir() if file.name != "report.html"} == before
    assert write_page(warehouse).read_bytes() == first, "the same facts give the same page"
    assert registry.load_model() and registry.info() == ModelRegistry(registered.root / "models").info()


def test_a_page_elsewhere_has_no_links_that_lead_nowhere(paged: Warehouse, tmp_path: Path):
    page = write_page(paged, file=tmp_path / "page.html").read_text()
    assert 'href="metadata.json"' not in page and "v1.0.0" in page
    assert "<dt>split by</dt><dd>seasons</dd>" in page


def test_a_version_without_numbers_candidate_or_nets_has_a_page_that_says_so(tmp_path: Path):
    warehouse = Warehouse(tmp_path, "simulated")
    warehouse.check_source()
    registry = ModelRegistry(tmp_path / "models")
    registry.save_model(
        models={"fusion": torch.nn.Linear(2, 1)}, metrics={}, config={"note": "<script>alert(1)</script>"}, source="simulated"
    )
    page = write_page(warehouse).read_text()
    for part in ("registered without held-out numbers", "insufficient", "does not hold all three nets", "No drift report", "was not kept"):
        assert part in page
    assert "<script>" not in page


def test_when_the_tables_are_gone_the_page_names_what_is_missing(registered: Warehouse, tmp_path: Path):
    warehouse = writable(registered, tmp_path / "data")
    (tmp_path / "data" / "warehouse").unlink()
    assert "materialise" in write_page(warehouse).read_text()


def test_the_scores_of_a_report_are_those_it_was_made_of(paged: Warehouse):
    metrics = ModelRegistry(paged.root / "models").info().metrics or {}
    table = read_report(metrics)
    assert set(table["instant"]) == {"pregame", "q1", "q2", "q3", "q4", "market"}
    for row in table.iter_rows(named=True):
        key = f"{row['instant']}/{row['metric']}"
        assert row["value"] == metrics[key if row["forecast"] == NET else f"{key}_{row['forecast']}"]
        if row["net_minus"] is not None:
            assert row["low"] == metrics[f"{key}_minus_{row['forecast']}_low"] <= row["net_minus"] + 1e-12
