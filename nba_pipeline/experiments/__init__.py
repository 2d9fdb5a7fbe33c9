"""Many player-points models side by side: a registry in DuckDB, a runner, grading, comparison; production is one flag."""
