"""A game as PNG, as page and as text shows its curve, its score and its swings."""

from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from matplotlib.image import imread
from rich.console import Console

from nba_pipeline.prediction.game.page import game_page
from nba_pipeline.prediction.game.picture import game_picture
from nba_pipeline.prediction.game.story import GameStory
from nba_pipeline.prediction.game.svg import CHANCE, LEFT, RIGHT, TOP, WIDTH
from nba_pipeline.prediction.game.text import print_story, rows_by_the_clock
from nba_pipeline_tests.orchestration.browser import INSTALL, chromium, find_chromium


def test_the_picture_is_a_png_with_something_on_it(story: GameStory):
    pixels = imread(BytesIO(game_picture(story)))
    assert pixels.shape[:2] == (600, 900) and 0.01 < (pixels[..., :3].min(axis=2) < 0.9).mean() < 0.6
    assert game_picture(story) == game_picture(story)


def test_the_page_draws_the_curve_in_a_browser(story: GameStory, tmp_path: Path):
    program = find_chromium()
    if program is None:
        pytest.skip(INSTALL)
    page_file = tmp_path / "game.html"
    page_file.write_text(game_page(story))
    with chromium(program) as browser:
        page = browser.new_page(viewport={"width": 1100, "height": 1000})
        asked, problems = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(page_file.as_uri())
        points = page.evaluate("[...document.getElementById('curve').points].map(point => [point.x, point.y])")
        drawn = page.evaluate("document.getElementById('curve').getBoundingClientRect().width")
        badges = page.locator(".badge").count()
        page.mouse.move(600, page.locator("svg").bounding_box()["y"] + 100)
        reading = page.locator("#reading").inner_text()
        body = page.locator("body").inner_text()
    assert problems == [] and len(asked) == 1, "a page that needs nothing else"
    assert len(points) == story.curve.height and drawn > 700
    expected = [TOP + (1 - p) * CHANCE for p in story.curve["p_home_win"]]
    assert [y for _, y in points] == pytest.approx(expected, abs=0.06)
    assert points[-1][0] == pytest.approx(WIDTH - RIGHT, abs=0.06) and points[0][0] == pytest.approx(LEFT, abs=0.06)
    assert badges == len(story.swings) and f"P({story.home} wins)" in reading
    assert all(swing.label in body for swing in story.swings) and story.score in body


def test_before_tip_off_everything_can_be_shown(story: GameStory):
    early = replace(story, curve=story.curve.head(1), swings=[], is_over=False, excitement=0.0)
    assert "before tip-off" in game_page(early) and game_picture(early)


def test_the_text_has_the_ends_of_the_quarters_and_the_swings(story: GameStory):
    said = Console(file=StringIO(), width=120)
    print_story(said, story)
    text = said.file.getvalue()
    assert all(part in text for part in ("Q2-00:00", "100 %", story.score, story.swings[0].player or story.swings[0].team))
    rows = rows_by_the_clock(story.curve)
    assert 15 <= rows.height <= 30 and rows["play_index"][0] == 0 and rows["play_index"][-1] == story.curve["play_index"][-1]


def test_names_are_escaped(story: GameStory):
    evil = replace(story, title="<b>A & B</b>", swings=[replace(story.swings[0], player="<script>alert(1)</script>")])
    page = game_page(evil)
    assert "<script>alert" not in page and "&lt;b&gt;A &amp; B&lt;/b&gt;" in page
