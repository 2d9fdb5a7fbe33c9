"""The half court in feet, with the centre of the rim as origin.

x runs along the baseline (negative is the left corner as the shooter's side sees it on a shot chart), y away from the
baseline towards mid-court.
"""

LOC_UNITS_PER_FOOT = 10.0
"""LOC_X and LOC_Y of most raw shot files are tenths of a foot; `warehouse/shots.py` knows the others."""

COURT_LENGTH_FEET, COURT_WIDTH_FEET = 94.0, 50.0
RIM_TO_BASELINE_FEET = 5.25
THREE_POINT_ARC_FEET, THREE_POINT_CORNER_FEET = 23.75, 22.0
CORNER_THREE_LIMIT_FEET = 8.95
"""Distance from the baseline-parallel line through the rim up to which the three-point line is straight."""

X_LIMIT_FEET = COURT_WIDTH_FEET / 2
Y_MIN_FEET, Y_MAX_FEET = -RIM_TO_BASELINE_FEET, COURT_LENGTH_FEET - RIM_TO_BASELINE_FEET
