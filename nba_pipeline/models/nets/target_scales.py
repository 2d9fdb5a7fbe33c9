"""The units in which margins and totals are learned.

What does not belong here: losses (`losses.py`).
"""

MARGIN_SCALE = 12.0
TOTAL_SCALE = 18.0
"""Points; about one standard deviation each, so that the Huber losses weigh like the cross-entropy."""
