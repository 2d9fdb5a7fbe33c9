"""What the plus-minus of real seasons is worth: `python -m nba_pipeline_tests.plus_minus_evidence` writes docs/rapm_evidence.md.

`retrodiction` forecasts teams of the next season, `stability` compares estimates from different games, `ranking` lists
players. The numbers come from `features/player_rapm.py` as it stands; what does not belong here: other ways to estimate.
"""
