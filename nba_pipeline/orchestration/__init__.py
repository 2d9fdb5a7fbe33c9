"""Dagster, and nothing else: assets, checks, jobs, schedules and what the command line starts. Science lives in the other rooms."""
