"""NBA play-by-play to verified win-probability models, orchestrated with Dagster."""

__version__ = "0.1.0"
