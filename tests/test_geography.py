"""Wilayas and towns: mother wilayas, distances, and who is in Algeria."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.geography import Geography, km_between, load_geography
from actions.loading import ProgrammeError

PROGRAMME = Path(__file__).parent.parent / "actions" / "programme"
GEOGRAPHY = load_geography(PROGRAMME)
HEADER = "code,fr,ar,since_year,mother,latitude,longitude,aliases"
TOWNS = "geonameid,wilaya,name,ar,latitude,longitude,population,aliases\n"


def test_there_are_69_wilayas_48_of_them_of_2015() -> None:
    assert sorted(GEOGRAPHY.wilayas) == [f"{n:02}" for n in range(1, 70)]
    assert sum(w.mother is None for w in GEOGRAPHY.wilayas.values()) == 48


@pytest.mark.parametrize(
    ("codes", "mother"),
    [
        (("49", "50"), "01"),
        (("51", "61"), "07"),
        (("52",), "08"),
        (("53", "54"), "11"),
        (("55",), "30"),
        (("56",), "33"),
        (("57",), "39"),
        (("58",), "47"),
        (("59",), "03"),
        (("60",), "05"),
        (("62",), "12"),
        (("63",), "13"),
        (("64",), "14"),
        (("65", "66"), "17"),
        (("67",), "26"),
        (("68",), "28"),
        (("69",), "32"),
        (("19",), "19"),
    ],
)
def test_a_newer_wilaya_belonged_to_its_mother_in_2015(codes: tuple[str, ...], mother: str) -> None:
    for code in codes:
        assert GEOGRAPHY.in_2015(GEOGRAPHY.wilayas[code]).code == mother


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [("16", "31", 354), ("16", "25", 319), ("16", "11", 1568), ("19", "34", 60)],
)
def test_distances_between_seats_are_as_the_crow_flies(one: str, other: str, km: int) -> None:
    seats = [(w.latitude, w.longitude) for w in map(GEOGRAPHY.wilayas.__getitem__, (one, other))]
    assert km_between(*seats) == pytest.approx(km, abs=3)
    assert km_between(*reversed(seats)) == pytest.approx(km_between(*seats))


def test_a_degree_of_latitude_is_111_kilometres_and_a_point_is_at_none_from_itself() -> None:
    assert km_between((36, 3), (37, 3)) == pytest.approx(111.19, abs=0.01)
    assert km_between((36, 3), (36, 3)) == 0
    assert km_between((0, 0), (0, 180)) == pytest.approx(20015, abs=1)


@pytest.mark.parametrize(
    ("place", "latitude", "longitude", "town", "wilaya"),
    [
        ("Sétif", 36.19, 5.41, "Sétif", "19"),
        ("El Eulma", 36.15, 5.69, "El Eulma", "19"),
        ("the bay of Algiers", 36.80, 3.12, "Alger", "16"),
        ("Dellys, outside the rough coast", 36.917, 3.913, "Dellys", "35"),
        ("Touggourt, a wilaya since 2019", 33.11, 6.07, "Touggourt", "55"),
        ("In Guezzam, at the border", 19.57, 5.77, "In Guezzam", "54"),
        ("the Tanezrouft, far from everything", 24.0, 0.5, "Reggane", "01"),
    ],
)
def test_a_point_in_algeria_has_a_nearest_town_and_its_wilaya(
    place: str, latitude: float, longitude: float, town: str, wilaya: str
) -> None:
    where = GEOGRAPHY.locate(latitude, longitude)
    assert where is not None, place
    assert (where.town.name, where.wilaya.code) == (town, wilaya)


def test_the_desert_is_far_from_a_town_and_says_how_far() -> None:
    where = GEOGRAPHY.locate(24.0, 0.5)
    assert where is not None
    assert where.km == pytest.approx(304, abs=2)


@pytest.mark.parametrize(
    ("place", "latitude", "longitude"),
    [
        ("Oujda", 34.68, -1.91),
        ("Tunis", 36.80, 10.18),
        ("Ghardimaou", 36.45, 8.44),
        ("Tozeur", 33.92, 8.13),
        ("Ghat", 24.96, 10.18),
        ("Assamaka", 19.35, 5.77),
        ("Smara", 26.74, -11.67),
        ("Kidal", 18.44, 1.40),
        ("Paris", 48.85, 2.35),
        ("50 km off Algiers", 37.25, 3.0),
        ("the Gulf of Guinea", 0.0, 0.0),
        ("nowhere on Earth", 120.0, 3.0),
        ("not a number", float("nan"), 3.0),
    ],
)
def test_abroad_and_at_sea_are_not_in_algeria(
    place: str, latitude: float, longitude: float
) -> None:
    assert GEOGRAPHY.locate(latitude, longitude) is None, place


def test_every_known_town_and_seat_is_in_algeria() -> None:
    points = {t.name: (t.latitude, t.longitude) for t in GEOGRAPHY.towns}
    points |= {w.fr: (w.latitude, w.longitude) for w in GEOGRAPHY.wilayas.values()}
    assert [name for name, point in points.items() if GEOGRAPHY.locate(*point) is None] == []


@given(st.floats(), st.floats())
def test_no_point_is_too_odd(latitude: float, longitude: float) -> None:
    where = GEOGRAPHY.locate(latitude, longitude)
    assert where is None or (18 < latitude < 38 and -9 < longitude < 12.1)


def test_the_nearest_wilaya_is_that_of_the_nearest_seat() -> None:
    assert GEOGRAPHY.nearest_wilaya(36.15, 5.69).code == "19"
    assert GEOGRAPHY.nearest_wilaya(48.85, 2.35).code in {"15", "16", "35", "42"}


def test_a_town_is_found_by_its_name_in_its_wilaya_only() -> None:
    town = GEOGRAPHY.town_named("El Eulma", "19")
    assert town
    assert town.ar == "العلمة"
    assert GEOGRAPHY.town_named("El Eulma", "16") is None


@pytest.mark.parametrize(
    ("wilayas", "towns", "problem"),
    [
        ("16,Alger,الجزائر,1974,,36.7,3.1,\n16,Alger,الجزائر,1974,,36.7,3.1,", "", "line 3: 16 is"),
        ("49,Timimoun,تيميمون,2019,,29.2,0.2,", "", "line 2: a wilaya made after 2015"),
        ("16,Alger,الجزائر,1974,16,36.7,3.1,", "", "line 2: a wilaya made after 2015"),
        ("16,Alger,الجزائر,1974,,136.7,3.1,", "", "line 2: “latitude”"),
        ("7,Biskra,بسكرة,1974,,34.8,5.7,", "", "line 2: “code”"),
        ("16,Alger,الجزائر,1974,,36.7,3.1,", "1,31,Oran,وهران,35.7,-0.6,5,", "no wilaya of number"),
        ("16,Alger,الجزائر,1974,,36.7,3.1,", "", "there is no town"),
    ],
)
def test_a_mistake_in_the_lists_is_told_with_its_line(
    tmp_path: Path, wilayas: str, towns: str, problem: str
) -> None:
    (tmp_path / "wilayas.csv").write_text(f"{HEADER}\n{wilayas}\n", encoding="utf-8")
    (tmp_path / "towns.csv").write_text(TOWNS + towns + "\n", encoding="utf-8")
    with pytest.raises(ProgrammeError, match=problem):
        load_geography(tmp_path)


def test_geography_is_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Geography.__setattr__(GEOGRAPHY, "towns", ())
