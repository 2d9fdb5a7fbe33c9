"""The as-of proof on real seasons: `python -m nba_pipeline_tests.asof_at_scale` draws 200 instants over all of them.

`stretches` says which dates a rebuild covers and draws the instants, `instants` changes what an instant cannot know, `proof`
rebuilds and compares bits. The machinery is that of `features/leaks.py`; what does not belong here: scores of any kind.
"""
