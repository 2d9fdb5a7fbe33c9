"""The page of a version: what it was trained on, how well it forecasts, what it leans on."""
