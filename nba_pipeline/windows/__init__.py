"""Models of 27 eras of the league, 1946-47 to now, for points, rebounds, assists and threes, and the meta-learner over them.

What does not belong here: Dagster, and the numbers that models look at (`features/era_form.py`).
"""
