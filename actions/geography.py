"""Algeria's wilayas and towns, the 48 wilayas of 2015, and distances between places.

Distances are great-circle kilometres from one point of a place to one point of the other, as the
crow flies; a road is longer. A wilaya is placed at its seat.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from actions.loading import ProgrammeError, Record, load_csv

#: The year of the tour: wilayas made later belong to their mother wilaya.
TOUR_YEAR = 2015
EARTH_KM = 6371.0
#: A point this near a known town of Algeria is in Algeria, whatever the rough outline says.
NEAR_TOWN_KM = 12

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Code = Annotated[str, Field(pattern=r"^\d{2}$")]

#: The border, as (longitude, latitude), rounded to 0.01°; wrong by up to about 20 km.
#: Source: Natural Earth, 1:110m countries (public domain).
_BORDER = (
    *((-8.68, 27.40), (-8.67, 28.84), (-7.06, 29.58), (-6.06, 29.73), (-5.24, 30.00)),
    *((-4.86, 30.50), (-3.69, 30.90), (-3.65, 31.64), (-3.07, 31.72), (-2.62, 32.09)),
    *((-1.31, 32.26), (-1.12, 32.65), (-1.39, 32.86), (-1.73, 33.92), (-1.79, 34.53)),
    *((-2.17, 35.17), (-1.21, 35.71), (-0.13, 35.89), (0.50, 36.30), (1.47, 36.61)),
    *((3.16, 36.78), (4.82, 36.87), (5.32, 36.72), (6.26, 37.11), (7.33, 37.12)),
    *((7.74, 36.89), (8.42, 36.95), (8.22, 36.43), (8.38, 35.48), (8.14, 34.66)),
    *((7.52, 34.10), (7.61, 33.34), (8.43, 32.75), (8.44, 32.51), (9.06, 32.10)),
    *((9.48, 30.31), (9.81, 29.42), (9.86, 28.96), (9.68, 28.14), (9.76, 27.69)),
    *((9.63, 27.14), (9.72, 26.51), (9.32, 26.09), (9.91, 25.37), (9.95, 24.94)),
    *((10.30, 24.38), (10.77, 24.56), (11.56, 24.10), (12.00, 23.47), (8.57, 21.57)),
    *((5.68, 19.60), (4.27, 19.16), (3.16, 19.06), (3.15, 19.69), (2.68, 19.86)),
    *((2.06, 20.14), (1.82, 20.61), (-1.55, 22.79), (-4.92, 24.97)),
)


class Wilaya(Record):
    """A wilaya by its official number of 2026; `latitude` and `longitude` are its seat's.

    `mother` is the wilaya it was cut from, for one made after 2015. `aliases` are other spellings,
    separated by `|`.
    """

    code: Code
    fr: str
    ar: str
    since_year: int
    mother: Code | None = None
    latitude: Latitude
    longitude: Longitude
    aliases: str = ""


class Town(Record):
    """A town, the wilaya it is in today, and how many people live there.

    Source: GeoNames (CC BY 4.0). `ar` is empty where no Arabic name is known.
    """

    geonameid: int
    wilaya: Code
    name: str
    ar: str = ""
    latitude: Latitude
    longitude: Longitude
    population: int
    aliases: str = ""


@dataclass(frozen=True)
class Whereabouts:
    """Where a point in Algeria is: its nearest known town, and how far that is in kilometres.

    The wilaya is that town's: an approximation, since the limits of wilayas are not known here.
    """

    town: Town
    wilaya: Wilaya
    km: float


class Geography(Record):
    """Every known wilaya, by its number, and every known town."""

    wilayas: dict[str, Wilaya]
    towns: tuple[Town, ...]

    def wilaya(self, code: str) -> Wilaya | None:
        """Return the wilaya of that number."""
        return self.wilayas.get(code)

    def in_2015(self, wilaya: Wilaya) -> Wilaya:
        """Return the wilaya that this one was part of in 2015: its mother, or itself."""
        return self.wilayas[wilaya.mother] if wilaya.mother else wilaya

    def town_named(self, name: str, wilaya: str) -> Town | None:
        """Return the town of that main name in that wilaya."""
        return next((t for t in self.towns if t.name == name and t.wilaya == wilaya), None)

    def nearest_wilaya(self, latitude: float, longitude: float) -> Wilaya:
        """Return the wilaya whose seat is nearest to a point, wherever the point is."""
        here = (latitude, longitude)
        return min(self.wilayas.values(), key=lambda w: km_between(here, (w.latitude, w.longitude)))

    def locate(self, latitude: float, longitude: float) -> Whereabouts | None:
        """Return where a point in Algeria is; None for one abroad, at sea, or not on Earth.

        A point counts as in Algeria inside a rough outline of the country or near a known town:
        close to the border, or just off the coast, it may be judged wrongly by about 20 km.
        """
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            return None
        town = min(
            self.towns,
            key=lambda t: km_between((latitude, longitude), (t.latitude, t.longitude)),
        )
        km = km_between((latitude, longitude), (town.latitude, town.longitude))
        if km > NEAR_TOWN_KM and not _inside_border(latitude, longitude):
            return None
        return Whereabouts(town, self.wilayas[town.wilaya], km)


def load_geography(folder: Path) -> Geography:
    """Read `wilayas.csv` and `towns.csv`; raise `ProgrammeError` for a mistake in them."""
    wilayas = load_csv(folder / "wilayas.csv", Wilaya)
    towns = load_csv(folder / "towns.csv", Town)
    known: dict[str, Wilaya] = {}
    for line, wilaya in enumerate(wilayas, start=2):
        if wilaya.code in known:
            raise ProgrammeError.at(folder / "wilayas.csv", line, f"{wilaya.code} is there twice")
        known[wilaya.code] = wilaya
    for line, wilaya in enumerate(wilayas, start=2):
        mother = known.get(wilaya.mother or "")
        late = wilaya.since_year > TOUR_YEAR
        if late != (mother is not None) or (mother and mother.since_year > TOUR_YEAR):
            raise ProgrammeError.at(
                folder / "wilayas.csv",
                line,
                f"a wilaya made after {TOUR_YEAR}, and no other, has a mother of {TOUR_YEAR}",
            )
    for line, town in enumerate(towns, start=2):
        if town.wilaya not in known:
            raise ProgrammeError.at(
                folder / "towns.csv", line, f"there is no wilaya of number {town.wilaya}"
            )
    if not towns:
        raise ProgrammeError.at(folder / "towns.csv", 1, "there is no town")
    return Geography(wilayas=known, towns=tuple(towns))


def km_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle kilometres between two (latitude, longitude) points, in degrees.

    The haversine formula on a sphere of 6,371 km: right within 0.5 %.
    """
    (lat1, lon1), (lat2, lon2) = (
        (math.radians(latitude), math.radians(longitude)) for latitude, longitude in (one, other)
    )
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def _inside_border(latitude: float, longitude: float) -> bool:
    """Count the crossings of the outline east of the point: an odd number means inside."""
    inside = False
    for (lon1, lat1), (lon2, lat2) in zip(_BORDER, (*_BORDER[1:], _BORDER[0]), strict=True):
        if (lat1 > latitude) != (lat2 > latitude):
            crossing = (lon2 - lon1) * (latitude - lat1) / (lat2 - lat1) + lon1
            inside ^= longitude < crossing
    return inside
