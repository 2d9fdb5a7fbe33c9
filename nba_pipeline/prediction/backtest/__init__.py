"""Walk-forward backtests: blocks of dates, each forecast by a model that was trained on the dates before it."""
