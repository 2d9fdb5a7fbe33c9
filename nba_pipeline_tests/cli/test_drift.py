"""`nba drift` answers with tables or JSON, and its exit code says how bad it is."""

import json

import pytest


@pytest.fixture
def invoke(nba_registered):
    return lambda *words: nba_registered("drift", *words)


def test_tables_and_json_say_the_same(invoke):
    answer = invoke("--games", "150", "--json")
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.output)
    assert found["recent"]["games"] == 150 and len(found["shifts"]) == 35 and len(found["findings"]) == 6
    text = invoke("--games", "150").output
    assert "v1.0.0, source simulated, lineups projected" in text and "150 games" in text
    for one in found["findings"]:
        assert one["message"] in text and one["question"].replace("_", " ") in text


def test_what_is_not_there_is_refused_with_a_remedy(invoke):
    unknown = invoke("--version", "v9.0.0")
    assert unknown.exit_code == 2 and "there are: v1.0.0" in unknown.output
    nothing = invoke("--since", "2030-01-01")
    assert nothing.exit_code == 2 and "earlier --since" in nothing.output
    assert invoke("--since", "yesterday").exit_code == 2


def test_help_teaches_with_examples(invoke):
    answer = invoke("--help")
    assert answer.exit_code == 0 and "Examples:" in answer.output and "Exit codes:" in answer.output
