"""A year of Sundays on a simulated league whose archive grows: what the weekly retraining does, and what it does when it could not.

`python -m nba_pipeline_tests.weekly_year` runs 52 ticks in this process, `python -m nba_pipeline_tests.weekly_year.daemon` stops and
starts a real daemon.
"""
