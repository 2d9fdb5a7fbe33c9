"""`python -m nba_pipeline.cli` is `nba`."""

from nba_pipeline.cli import main

main(prog_name="nba")
