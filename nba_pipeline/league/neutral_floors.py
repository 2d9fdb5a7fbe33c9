"""Regular-season games from 2012-13 to 2025-01-15 that were played in neither team's arena; the schedule says so before tip-off.

Later games are not kept: add them here when a schedule names them, or they count as games at home.

Game logs mark few of these: abroad, and at the 2020 restart, one side is listed at home as usual. A team's second home
for some nights (Toronto in Tampa 2020-21, San Antonio in Austin) is not neutral.
"""

from datetime import date

RESTART_FIRST_DAY, RESTART_LAST_DAY = date(2020, 7, 30), date(2020, 8, 14)
"""Every game of these days was played on one campus near Orlando."""

NEUTRAL_FLOORS: dict[tuple[date, str], str] = {
    (date(2013, 1, 17), "DET"): "London",
    (date(2014, 1, 16), "ATL"): "London",
    (date(2014, 11, 12), "MIN"): "Mexico City",
    (date(2015, 1, 15), "MIL"): "London",
    (date(2015, 12, 3), "SAC"): "Mexico City",
    (date(2016, 1, 14), "ORL"): "London",
    (date(2017, 1, 12), "DEN"): "London",
    (date(2017, 1, 12), "PHX"): "Mexico City",
    (date(2017, 1, 14), "PHX"): "Mexico City",
    (date(2017, 12, 7), "BKN"): "Mexico City",
    (date(2017, 12, 9), "BKN"): "Mexico City",
    (date(2018, 1, 11), "PHI"): "London",
    (date(2018, 12, 13), "ORL"): "Mexico City",
    (date(2018, 12, 15), "ORL"): "Mexico City",
    (date(2019, 1, 17), "WAS"): "London",
    (date(2019, 12, 12), "DET"): "Mexico City",
    (date(2019, 12, 14), "PHX"): "Mexico City",
    (date(2020, 1, 24), "CHA"): "Paris",
    (date(2022, 12, 17), "SAS"): "Mexico City",
    (date(2023, 1, 19), "DET"): "Paris",
    (date(2023, 11, 9), "ORL"): "Mexico City",
    (date(2023, 12, 7), "MIL"): "Las Vegas",
    (date(2023, 12, 7), "LAL"): "Las Vegas",
    (date(2024, 1, 11), "CLE"): "Paris",
    (date(2024, 11, 2), "WAS"): "Mexico City",
    (date(2024, 12, 14), "MIL"): "Las Vegas",
    (date(2024, 12, 14), "OKC"): "Las Vegas",
}
"""(date, abbreviation of the designated home team) → city."""
