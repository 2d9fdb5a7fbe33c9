"""Using a version: slates of a day, games as they run, walk-forward backtests, the monitor, the page of a version.

What all of them share lies here (`forecaster.py`, `instant.py`, `report.py`); each use has a folder. What does not belong here: nets.
"""
