"""`nba report --html` writes the page of a version, and the list of versions says where pages are."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def invoke(nba_registered):
    return nba_registered


def pages(invoke) -> list[str]:
    return [one["page"] for one in json.loads(invoke("train", "list", "--json").output)]


def test_the_page_is_written_beside_the_version_and_listed(invoke, tmp_path: Path):
    assert pages(invoke) == [""]
    answer = invoke("report", "--html")
    page = tmp_path / "data" / "simulated" / "models" / "v1.0.0" / "report.html"
    assert answer.exit_code == 0 and Path(answer.output.strip()) == page and "<html" in page.read_text()
    assert pages(invoke) == [str(page)]


def test_the_page_may_go_elsewhere(invoke, tmp_path: Path):
    file = tmp_path / "elsewhere" / "page.html"
    answer = invoke("report", "--version", "v1.0.0", "--html", str(file), "--json")
    assert answer.exit_code == 0 and json.loads(answer.output) == {"page": str(file)} and "v1.0.0" in file.read_text()
    assert pages(invoke) == [""]


def test_a_version_that_is_not_there_is_refused_with_what_there_is(invoke):
    answer = invoke("report", "--html", "--version", "v9.9.9")
    assert answer.exit_code == 2 and "there are: v1.0.0" in answer.output
    assert invoke("report", "--version", "v1.0.0").exit_code == 2


def test_help_teaches_with_examples(invoke):
    answer = invoke("report", "--help")
    assert "Examples:" in answer.output and "Exit codes:" in answer.output
