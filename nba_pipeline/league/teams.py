"""The thirty franchises: ids, names, arenas, and how sportsbooks call them.

Coordinates are those of the arena in use in 2023-24; earlier halls of the same city are a few miles away at most, except the
Warriors' (Oakland until 2019, 10 miles) and the Pistons' (Auburn Hills until 2017, 27 miles). Clubs of other eras have
ids outside this table. Schedules and results are in `warehouse.games`.
"""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from nba_pipeline.league.ids import TeamId

EARTH_RADIUS_MILES = 3958.8


@dataclass(frozen=True)
class Team:
    """A franchise.

    Attributes:
        team_id: id in every table; the franchise keeps it when it moves.
        abbreviation: three letters, as of 2023-24.
        city: city, as of 2023-24.
        nickname: nickname, as of 2023-24.
        latitude: of the arena, degrees north.
        longitude: of the arena, degrees east.
        conference: East or West.
        division: one of the six divisions.
        sportsbook: lower-case short name in betting files, all the way back to 2007-08.
    """

    team_id: TeamId
    abbreviation: str
    city: str
    nickname: str
    latitude: float
    longitude: float
    conference: str
    division: str
    sportsbook: str


TEAMS: tuple[Team, ...] = (
    Team(1610612737, "ATL", "Atlanta", "Hawks", 33.7573, -84.3963, "East", "Southeast", "atl"),
    Team(1610612738, "BOS", "Boston", "Celtics", 42.3662, -71.0621, "East", "Atlantic", "bos"),
    Team(1610612739, "CLE", "Cleveland", "Cavaliers", 41.4965, -81.6882, "East", "Central", "cle"),
    Team(1610612740, "NOP", "New Orleans", "Pelicans", 29.9490, -90.0821, "West", "Southwest", "no"),
    Team(1610612741, "CHI", "Chicago", "Bulls", 41.8807, -87.6742, "East", "Central", "chi"),
    Team(1610612742, "DAL", "Dallas", "Mavericks", 32.7905, -96.8103, "West", "Southwest", "dal"),
    Team(1610612743, "DEN", "Denver", "Nuggets", 39.7487, -105.0077, "West", "Northwest", "den"),
    Team(1610612744, "GSW", "Golden State", "Warriors", 37.7680, -122.3877, "West", "Pacific", "gs"),
    Team(1610612745, "HOU", "Houston", "Rockets", 29.7508, -95.3621, "West", "Southwest", "hou"),
    Team(1610612746, "LAC", "Los Angeles", "Clippers", 34.0430, -118.2673, "West", "Pacific", "lac"),
    Team(1610612747, "LAL", "Los Angeles", "Lakers", 34.0430, -118.2673, "West", "Pacific", "lal"),
    Team(1610612748, "MIA", "Miami", "Heat", 25.7814, -80.1870, "East", "Southeast", "mia"),
    Team(1610612749, "MIL", "Milwaukee", "Bucks", 43.0451, -87.9172, "East", "Central", "mil"),
    Team(1610612750, "MIN", "Minnesota", "Timberwolves", 44.9795, -93.2761, "West", "Northwest", "min"),
    Team(1610612751, "BKN", "Brooklyn", "Nets", 40.6826, -73.9754, "East", "Atlantic", "bkn"),
    Team(1610612752, "NYK", "New York", "Knicks", 40.7505, -73.9934, "East", "Atlantic", "ny"),
    Team(1610612753, "ORL", "Orlando", "Magic", 28.5392, -81.3839, "East", "Southeast", "orl"),
    Team(1610612754, "IND", "Indiana", "Pacers", 39.7640, -86.1555, "East", "Central", "ind"),
    Team(1610612755, "PHI", "Philadelphia", "76ers", 39.9012, -75.1720, "East", "Atlantic", "phi"),
    Team(1610612756, "PHX", "Phoenix", "Suns", 33.4457, -112.0712, "West", "Pacific", "phx"),
    Team(1610612757, "POR", "Portland", "Trail Blazers", 45.5316, -122.6668, "West", "Northwest", "por"),
    Team(1610612758, "SAC", "Sacramento", "Kings", 38.5802, -121.4997, "West", "Pacific", "sac"),
    Team(1610612759, "SAS", "San Antonio", "Spurs", 29.4270, -98.4375, "West", "Southwest", "sa"),
    Team(1610612760, "OKC", "Oklahoma City", "Thunder", 35.4634, -97.5151, "West", "Northwest", "okc"),
    Team(1610612761, "TOR", "Toronto", "Raptors", 43.6435, -79.3791, "East", "Atlantic", "tor"),
    Team(1610612762, "UTA", "Utah", "Jazz", 40.7683, -111.9011, "West", "Northwest", "utah"),
    Team(1610612763, "MEM", "Memphis", "Grizzlies", 35.1382, -90.0506, "West", "Southwest", "mem"),
    Team(1610612764, "WAS", "Washington", "Wizards", 38.8981, -77.0209, "East", "Southeast", "wsh"),
    Team(1610612765, "DET", "Detroit", "Pistons", 42.3411, -83.0553, "East", "Central", "det"),
    Team(1610612766, "CHA", "Charlotte", "Hornets", 35.2251, -80.8392, "East", "Southeast", "cha"),
)

TEAM_BY_ID: dict[TeamId, Team] = {team.team_id: team for team in TEAMS}
TEAM_BY_ABBREVIATION: dict[str, Team] = {team.abbreviation: team for team in TEAMS}
TEAM_BY_SPORTSBOOK: dict[str, Team] = {team.sportsbook: team for team in TEAMS}


def miles_between(latitude_1: float, longitude_1: float, latitude_2: float, longitude_2: float) -> float:
    """Great-circle distance in miles between two points given in degrees (haversine formula)."""
    north_1, north_2 = radians(latitude_1), radians(latitude_2)
    chord = sin((north_2 - north_1) / 2) ** 2 + cos(north_1) * cos(north_2) * sin(radians(longitude_2 - longitude_1) / 2) ** 2
    return 2 * EARTH_RADIUS_MILES * asin(sqrt(min(1.0, chord)))


def arena_miles(first: TeamId, second: TeamId) -> float:
    """Miles between the arenas of two of the thirty teams."""
    one, two = TEAM_BY_ID[first], TEAM_BY_ID[second]
    return miles_between(one.latitude, one.longitude, two.latitude, two.longitude)
