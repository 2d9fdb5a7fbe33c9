"""How good a forecast is, and whether that is good enough: metrics, calibration, comparison, acceptance, plots. No training."""
