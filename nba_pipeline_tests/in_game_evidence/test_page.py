"""The evidence page on the tiny league: every minute has its row, and the text before the mark stays."""

from nba_pipeline.evaluation.minutes import score_minutes
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.in_game_evidence.page import MARK, means_block, minutes_block, with_evidence
from nba_pipeline_tests.in_game_evidence.walk import walk


def test_the_page_has_every_minute(tiny_features: Warehouse):
    rows = walk(tiny_features, "2019-20", ["2021-22"])
    scores = score_minutes(rows, resamples=50, simulations=50)
    blocks = [means_block("a season", scores), minutes_block("by minute", scores)]
    page = with_evidence(f"# Title\n\nwords\n\n{MARK}\n\nold", blocks)
    assert page.startswith("# Title\n\nwords\n") and "old" not in page
    assert all(f"\n| {minute} |" in page for minute in range(48)) and "ours − smooth formula" in page
