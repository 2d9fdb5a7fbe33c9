"""Using a version: reports now; slates, live games and backtests build on the same forecasts. What does not belong here: nets."""
