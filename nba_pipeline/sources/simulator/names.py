"""What invented people are called."""

from typing import Final

import numpy as np

from nba_pipeline.sources.simulator.people import Ints

GIVEN: Final = (
    "Abel", "Alvar", "Amos", "Anders", "Arlo", "Basil", "Bram", "Caleb", "Casper", "Cyrus", "Dario", "Davin", "Desmond", "Edwin",
    "Elias", "Emil", "Ezra", "Felix", "Gideon", "Hugo", "Ivo", "Jasper", "Joel", "Jonas", "Kasim", "Kofi", "Lars", "Leon", "Lucian",
    "Magnus", "Milo", "Nico", "Noel", "Odin", "Omar", "Oskar", "Pavel", "Quincy", "Rafael", "Remy", "Roman", "Rufus", "Samir", "Silas",
    "Soren", "Tariq", "Theo", "Tobias", "Ulric", "Viktor", "Wesley", "Xavier", "Yusuf", "Zane",
)  # fmt: skip
FIRST_SYLLABLES: Final = (
    "Al", "Bar", "Cor", "Dun", "El", "Far", "Gar", "Hol", "Ing", "Jor", "Kel", "Lam", "Mor", "Nor", "Os", "Pel", "Quil", "Rad", "Sal",
    "Tor", "Ul", "Van", "Wes", "Yar",
)  # fmt: skip
MIDDLE_SYLLABLES: Final = ("a", "be", "do", "en", "fi", "go", "ha", "le", "mi", "ro", "si", "va")
LAST_SYLLABLES: Final = ("by", "den", "ford", "gan", "ley", "man", "nard", "ric", "sen", "ton")
FAMILIES: Final = len(FIRST_SYLLABLES) * len(MIDDLE_SYLLABLES) * len(LAST_SYLLABLES)
SCATTER_FAMILIES, SCATTER_GIVEN = 1117, 31
"""Strides without a common divisor with the number of names, so that people who enter together are not called alike."""


def names(number: Ints) -> tuple[list[str], list[str]]:
    """Given and family names; no two people share a family name until there are more than 2,880 of them."""
    first, rest = np.divmod((number * SCATTER_FAMILIES) % FAMILIES, len(MIDDLE_SYLLABLES) * len(LAST_SYLLABLES))
    middle, last = np.divmod(rest, len(LAST_SYLLABLES))
    family = [FIRST_SYLLABLES[a] + MIDDLE_SYLLABLES[b] + LAST_SYLLABLES[c] for a, b, c in zip(first, middle, last, strict=True)]
    return [GIVEN[one] for one in (number * SCATTER_GIVEN) % len(GIVEN)], family


def full_names(number: Ints) -> list[str]:
    """Given and family name as one."""
    return [f"{given} {family}" for given, family in zip(*names(number), strict=True)]
