"""Forecasts of nets and baselines on the same rows, how far they may be off, and what moved them."""
