"""
From tables to a day: good lines are kept, and everything else is reported in one answer.

Each refusal names its table, line and column, says why by a stable code, and what to do.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.snapping import PlaceOffMap
from pooling.files.line import NotADate
from pooling.files.rawline import LineRagged, QuoteStray, RawLine
from pooling.files.tables import COLUMNS, Tables, TableUnknown
from pooling.intake import DayMissing, TooManySites, day_and_region
from pooling.intake.shipments import SHIPMENTS_LIMIT, TooManyShipments
from pooling.intake.sites import SITES_LIMIT
from pooling.load import CRATES_LIMIT
from pooling.trip import STOPS_LIMIT
from tests.pooling.worlds import CLOCK, GOOD, found, spoilt, tables, taken_in


def test_a_good_day_is_taken_whole():
    intake = taken_in(tables())
    assert intake.bad_lines == ()
    day = intake.day
    assert (len(day.parties), len(day.sites), len(day.trips)) == (4, 4, 1)
    assert (len(day.shipments), len(day.bids), len(day.tours)) == (2, 1, 1)
    assert day.bids[0].most_cents == 950
    assert day.sites["B1"].place.lat == 43.76
    assert day.home("Dairy").id == "F2"


def test_a_shipment_s_hours_are_narrowed_to_those_of_its_sites():
    shipment = taken_in(tables()).day.shipment_by_id["S1"]
    assert (CLOCK.wall(shipment.drop.opens_s), CLOCK.wall(shipment.drop.closes_s)) == ("06:00", "10:00")


AT_THE_EDGE = [
    ("sites", 0, {"lat": "-90", "lon": "180"}),
    ("sites", 0, {"opens": "06:00", "closes": "06:00"}),
    ("sites", 0, {"name": "=Ferme+1"}),
    ("sites", 0, {"week": "Sa 00:00-24:00"}),
    ("trips", 0, {"detour_min": "240"}),
    ("shipments", 0, {"crates": "1"}),
    ("shipments", 0, {"crates": str(CRATES_LIMIT)}),
    ("shipments", 0, {"crates": "12.0"}),
    ("shipments", 0, {"deliver_by": "06:00"}),
    ("shipments", 0, {"bid_eur": "0"}),
    ("shipments", 0, {"bid_eur": "1 000 000,00 €"}),
    ("shipments", 0, {"ready": "6h30"}),
    ("shipments", 0, {"deliver_by": "13:30:00"}),
    ("shipments", 0, {"crates": "12,0"}),
    ("shipments", 0, {"kg": "10000"}),
]


@pytest.mark.parametrize(("table", "at", "fields"), AT_THE_EDGE)
def test_at_its_edge_a_field_is_taken(table, at, fields):
    assert taken_in(spoilt(table, at, **fields)).bad_lines == ()


REFUSED = [
    # Places: off the earth, no numbers, swapped signs.
    ("sites", 1, {"lat": "90.01"}, "lat", "place_off_earth"),
    ("sites", 1, {"lon": "181"}, "lat", "place_off_earth"),
    ("sites", 1, {"lat": "NaN"}, "lat", "not_a_number"),
    ("sites", 1, {"lon": "inf"}, "lon", "not_a_number"),
    ("sites", 1, {"lat": "4e1"}, "lat", "not_a_number"),
    ("sites", 1, {"lat": "٤٣"}, "lat", "not_a_number"),
    ("sites", 1, {"lat": ""}, "lat", "field_missing"),
    # Names and words.
    ("sites", 1, {"site": "F1"}, "site", "name_twice"),
    ("sites", 1, {"site": "F\x07"}, "site", "bad_name"),
    ("sites", 1, {"party": "x" * 81}, "party", "bad_name"),
    ("sites", 1, {"role": "king"}, "role", "not_one_of"),
    ("sites", 1, {"party": "Farm", "role": "buyer"}, "role", "party_differs"),
    ("sites", 1, {"party": "Farm", "vetted": "yes"}, "vetted", "party_differs"),
    ("sites", 1, {"vetted": "perhaps"}, "vetted", "not_one_of"),
    ("sites", 1, {"licence_until": "31/12/2030"}, "licence_until", "not_a_date"),
    # Hours.
    ("shipments", 0, {"ready": "10:00", "pickup_by": "09:59"}, "pickup_by", "hours_reversed"),
    ("shipments", 0, {"ready": "at dawn"}, "ready", "hour_unreadable"),
    ("shipments", 0, {"deliver_by": "05:59"}, "deliver_by", "outside_site_hours"),
    ("sites", 0, {"week": "Lundi 8h"}, "week", "week_unreadable"),
    # Numbers.
    ("shipments", 0, {"crates": "0"}, "crates", "amount_out_of_range"),
    ("shipments", 0, {"crates": str(CRATES_LIMIT + 1)}, "crates", "amount_out_of_range"),
    ("shipments", 0, {"crates": "1000000"}, "crates", "amount_out_of_range"),
    ("shipments", 0, {"crates": "-3"}, "crates", "amount_out_of_range"),
    ("shipments", 0, {"crates": "3.5"}, "crates", "not_a_number"),
    ("shipments", 0, {"crates": "1.000"}, "crates", "not_a_number"),
    ("shipments", 0, {"kg": "1,500"}, "kg", "not_a_number"),
    ("shipments", 0, {"kg": "-0.5"}, "kg", "amount_out_of_range"),
    ("shipments", 0, {"kg": "10000,01"}, "kg", "amount_out_of_range"),
    ("shipments", 0, {"crates": "9" * 5_000}, "crates", "not_a_number"),
    ("shipments", 0, {"ready": "9" * 5_000}, "ready", "hour_unreadable"),
    ("shipments", 0, {"crates": "NaN"}, "crates", "not_a_number"),
    ("shipments", 0, {"crates": "1e9"}, "crates", "not_a_number"),
    ("shipments", 0, {"crates": "٣"}, "crates", "not_a_number"),
    ("shipments", 0, {"crates": ""}, "crates", "field_missing"),
    ("shipments", 0, {"bid_eur": "NaN"}, "bid_eur", "not_a_number"),
    ("shipments", 0, {"bid_eur": "1e3"}, "bid_eur", "not_a_number"),
    ("shipments", 0, {"bid_eur": "1_000"}, "bid_eur", "not_a_number"),
    ("shipments", 0, {"bid_eur": "٣"}, "bid_eur", "not_a_number"),
    ("shipments", 0, {"bid_eur": "4 50"}, "bid_eur", "not_a_number"),
    ("shipments", 0, {"bid_eur": "1,500"}, "bid_eur", "not_a_number"),
    ("shipments", 0, {"bid_eur": "-1"}, "bid_eur", "amount_out_of_range"),
    ("shipments", 0, {"bid_eur": "1000000.01"}, "bid_eur", "amount_out_of_range"),
    ("shipments", 0, {"temperature": "warm"}, "temperature", "not_one_of"),
    # Lines that speak of something that is not there.
    ("shipments", 0, {"to_site": ""}, "to_site", "delivery_missing"),
    ("shipments", 0, {"from_site": ""}, "from_site", "pickup_missing"),
    ("shipments", 0, {"to_site": "B9"}, "to_site", "name_unknown"),
    ("shipments", 0, {"to_site": "F2"}, "to_site", "pickup_is_drop"),
    ("shipments", 0, {"payer": "Nobody"}, "payer", "name_unknown"),
    ("shipments", 1, {"shipment": "S1"}, "shipment", "name_twice"),
    ("shipments", 0, {"bid_trip": "T9"}, "bid_trip", "name_unknown"),
    ("shipments", 0, {"bid_eur": ""}, "bid_trip", "bid_incomplete"),
    ("shipments", 0, {"bid_trip": ""}, "bid_trip", "bid_incomplete"),
    ("shipments", 1, {"bid_trip": "T1", "bid_eur": "3"}, "bid_trip", "own_trip"),
    ("vehicles", 0, {"carrier": "Nobody"}, "carrier", "name_unknown"),
    ("vehicles", 0, {"closes": ""}, "closes", "field_missing"),
    ("vehicles", 0, {"crate_eur": ""}, "crate_eur", "field_missing"),
    ("vehicles", 0, {"tour": "T1"}, "tour", "name_twice"),
    ("vehicles", 0, {"tour": "Farm"}, "tour", "name_twice"),
    # Who takes a gap: an operator, and nobody else.
    ("vehicles", 0, {"gap_eur": "4"}, "gap_account", "gap_without_account"),
    ("vehicles", 0, {"gap_eur": "4", "gap_account": "Nobody"}, "gap_account", "name_unknown"),
    ("vehicles", 0, {"gap_eur": "4", "gap_account": "operator"}, "gap_account", "name_unknown"),
    ("vehicles", 0, {"gap_eur": "4", "gap_account": "H1"}, "gap_account", "name_unknown"),
    ("vehicles", 0, {"gap_eur": "4", "gap_account": "T1"}, "gap_account", "name_unknown"),
    ("vehicles", 0, {"gap_eur": "4", "gap_account": "Dairy"}, "gap_account", "gap_account_unfit"),
    ("vehicles", 0, {"gap_eur": "4", "gap_account": "Depot"}, "gap_account", "gap_account_unfit"),
    ("vehicles", 0, {"gap_account": "Shop"}, "gap_account", "gap_account_unfit"),
]


@pytest.mark.parametrize(("table", "at", "fields", "column", "code"), REFUSED)
def test_a_spoilt_field_is_refused_alone_by_its_column_and_code(table, at, fields, column, code):
    """One reason, not the echoes of it; the sentence and the cure can be read."""
    bad = [one for one in taken_in(spoilt(table, at, **fields)).bad_lines if one.table == table]
    assert [(one.line, one.column, one.refusal.code) for one in bad] == [(at + 2, column, code)]
    assert bad[0].refusal.what_to_do and 0 < len(bad[0].refusal.sentence) < 200


@pytest.mark.parametrize(
    ("kg", "load_kg"), [("12", 12), ("12,5", 13), ("12.5", 13), ("12.01", 13), ("12.0", 12)]
)
def test_a_part_of_a_kilo_of_goods_counts_as_one_more_and_a_part_of_room_is_left_out(kg, load_kg):
    """A load is never understated, and room never overstated."""
    shipment = taken_in(spoilt("shipments", 0, kg=kg, litres=kg)).day.shipment_by_id["S1"]
    assert (shipment.load.kg, shipment.load.litres) == (load_kg, load_kg)
    day = taken_in(spoilt("trips", 0, free_kg=kg)).day
    assert day.trip_by_id["T1"].stops[0].free.payload_kg == 12
    assert taken_in(spoilt("vehicles", 0, payload_kg=kg)).day.tour_by_id["H1"].room.payload_kg == 12


def steered(**fields: str) -> Tables:
    """Take the good day with an operator, called Steward, and change fields of its tour."""
    steward = {"site": "O1", "party": "Steward", "role": "operator", "lat": "43.7", "lon": "7.4"}
    steward |= {"vetted": "yes", "licence": "LTI", "licence_until": "2030-12-31"}
    return tables({**GOOD, "sites": [*GOOD["sites"], steward], "vehicles": [GOOD["vehicles"][0] | fields]})


def test_an_operator_of_the_day_may_take_a_gap_upon_itself():
    intake = taken_in(steered(gap_eur="4", gap_account="Steward"))
    assert intake.bad_lines == ()
    assert (intake.day.tours[0].gap_cents, intake.day.tours[0].gap_account) == (400, "Steward")


def test_a_carrier_takes_no_gap_of_its_own_tour_not_even_an_operator():
    """It would pay a part of its own card."""
    intake = taken_in(steered(carrier="Steward", gap_eur="4", gap_account="Steward"))
    assert found(intake) == [("vehicles", 2, "gap_account", "gap_account_unfit")]


BIDS_REFUSED = [
    (0, {"bid_trip": "T9"}, ("bid_trip", "name_unknown")),
    (0, {"bid_eur": ""}, ("bid_trip", "bid_incomplete")),
    (0, {"bid_trip": ""}, ("bid_trip", "bid_incomplete")),
    (0, {"bid_eur": "a lot"}, ("bid_eur", "not_a_number")),
    (1, {"bid_trip": "T1", "bid_eur": "3"}, ("bid_trip", "own_trip")),
]


@pytest.mark.parametrize(("at", "fields", "bad"), BIDS_REFUSED)
def test_what_is_wrong_with_a_bid_costs_the_bid_and_its_shipment_asks_for_a_tour(at, fields, bad):
    intake = taken_in(spoilt("shipments", at, **fields))
    assert found(intake) == [("shipments", at + 2, *bad)]
    assert [one.id for one in intake.day.shipments] == ["S1", "S2"]
    assert f"S{at + 1}" not in {bid.shipment for bid in intake.day.bids}


TRIP_LOST = [
    (0, {"from": "25:00"}, (2, "from", "hour_unreadable")),
    (1, {"until": "06:59"}, (3, "until", "hours_reversed")),
    (1, {"site": "B9"}, (3, "site", "name_unknown")),
    (1, {"free_kg": "lots"}, (3, "free_kg", "not_a_number")),
    (1, {"owner": "Dairy"}, (3, "owner", "trip_differs")),
    (1, {"detour_min": "many"}, (3, "detour_min", "trip_differs")),
    (1, {"trip": ""}, (3, "trip", "field_missing")),
]


@pytest.mark.parametrize(("at", "fields", "bad"), TRIP_LOST)
def test_a_trip_with_one_bad_line_is_left_out_whole_with_the_bids_on_it(at, fields, bad):
    intake = taken_in(spoilt("trips", at, **fields))
    other = 3 if bad[0] == 2 else 2
    assert sorted(found(intake)) == sorted(
        [
            ("trips", *bad),
            ("trips", other, "trip", "trip_incomplete"),
            ("shipments", 2, "bid_trip", "name_unknown"),
        ]
    )
    assert intake.day.trips == intake.day.bids == ()
    assert [one.id for one in intake.day.shipments] == ["S1", "S2"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"owner": "Nobody"}, "name_unknown"),
        ({"regime": ""}, "not_one_of"),
        ({"from": "09:00", "until": "10:00"}, "trip_backwards"),
        ({"detour_min": "241"}, "amount_out_of_range"),
        ({"vehicle": "lorry"}, "not_one_of"),
    ],
)
def test_what_a_trip_says_once_is_judged_once(fields, code):
    intake = taken_in(spoilt("trips", 0, **fields))
    assert [one[3] for one in found(intake)] == [code, "name_unknown"]
    assert intake.day.trips == ()


def test_a_trip_has_two_stops_at_least_and_a_known_number_at_most():
    stop = GOOD["trips"][1]
    for stops, code in ((0, "trip_too_short"), (STOPS_LIMIT, "trip_too_long")):
        intake = taken_in(tables({**GOOD, "trips": [GOOD["trips"][0], *([stop] * stops)], "shipments": []}))
        assert [one[3] for one in found(intake)] == [code]
    assert taken_in(tables({**GOOD, "trips": [GOOD["trips"][0], *([stop] * (STOPS_LIMIT - 1))]})).day.trips


def test_a_bad_line_without_a_name_leaves_out_the_trips_on_both_sides_of_it():
    """Whose stop it was cannot be told; a trip is planned whole or not at all."""
    second = [{**row, "trip": "T2"} for row in GOOD["trips"]]
    nameless = RawLine(9, {}, QuoteStray())
    given = tables({**GOOD, "shipments": []})
    raw = [
        *tables({"trips": GOOD["trips"]}).lines["trips"],
        nameless,
        *tables({"trips": second}).lines["trips"],
    ]
    intake = taken_in(Tables({**given.lines, "trips": tuple(raw)}))
    assert intake.day.trips == ()
    assert sorted(code for *_, code in found(intake)) == ["quote_stray", "trip_incomplete", "trip_incomplete"]


def test_a_line_that_cannot_be_read_is_reported_once_and_for_that_only():
    for wrong in (LineRagged(), QuoteStray()):
        given = tables()
        first, *others = given.lines["sites"]
        spoilt_line = RawLine(first.number, {"site": "F1", "lat": "x"}, wrong)
        intake = taken_in(Tables({**given.lines, "sites": (spoilt_line, *others)}))
        assert ("sites", 2, "", wrong.code) in found(intake)
        assert len([one for one in found(intake) if one[0] == "sites"]) == 1
        assert "F1" not in intake.day.sites


def test_places_off_the_map_are_asked_for_once_and_leave_with_all_that_needs_them():
    asked = []

    def locate(places):
        asked.append(len(places))
        return {1: PlaceOffMap(lat=7.4, lon=43.7, off_road_m=9_000, limit_m=5_000)}

    intake = taken_in(tables(), locate)
    assert asked == [4]
    assert found(intake) == [
        ("sites", 3, "lat", "place_off_map"),
        ("shipments", 2, "shipper", "name_unknown"),
        ("shipments", 2, "payer", "name_unknown"),
        ("shipments", 2, "from_site", "name_unknown"),
    ]
    assert [one.id for one in intake.day.shipments] == ["S2"]


def test_many_bad_lines_among_good_ones_are_all_in_one_answer_in_the_order_of_the_tables():
    rows = {name: [dict(row) for row in lines] for name, lines in GOOD.items()}
    rows["sites"] += [{**rows["sites"][0], "site": "X1", "lat": "99"}, {"site": "X2"}]
    rows["shipments"] += [
        {**rows["shipments"][1], "shipment": "X3", "crates": "0", "ready": "soon"},
        {**rows["shipments"][1], "shipment": "X4", "to_site": ""},
        {**rows["shipments"][1], "shipment": "X5"},
    ]
    rows["vehicles"] += [{**rows["vehicles"][0], "tour": "X6", "start_site": "X1"}]
    given = tables(rows)
    intake = taken_in(Tables(given.lines, (("ships", TableUnknown(table="ships")),)))
    assert found(intake) == [
        ("sites", 6, "lat", "place_off_earth"),
        ("sites", 7, "party", "field_missing"),
        ("sites", 7, "role", "not_one_of"),
        ("sites", 7, "lat", "field_missing"),
        ("sites", 7, "lon", "field_missing"),
        ("shipments", 4, "crates", "amount_out_of_range"),
        ("shipments", 4, "ready", "hour_unreadable"),
        ("shipments", 5, "to_site", "delivery_missing"),
        ("vehicles", 3, "start_site", "name_unknown"),
        ("vehicles", 3, "end_site", "name_unknown"),
        ("ships", 1, "", "table_unknown"),
    ]
    assert [one.id for one in intake.day.shipments] == ["S1", "S2", "X5"]
    assert len(intake.day.sites) == 4 and len(intake.day.trips) == len(intake.day.tours) == 1


def test_a_second_line_of_the_table_day_is_reported():
    day = [{"date": "2026-09-12"}, {"date": "2026-09-13"}]
    assert found(taken_in(tables({**GOOD, "day": day}))) == [("day", 3, "", "day_twice")]


def test_the_caller_s_day_and_region_win_over_the_table_s():
    given = tables({"day": [{"date": "2026-09-12", "region": "riviera", "timezone": "Europe/Rome"}]})
    clock, region = day_and_region(given, None, None)
    assert (clock.day.isoformat(), clock.timezone, region) == ("2026-09-12", "Europe/Rome", "riviera")
    clock, region = day_and_region(given, CLOCK.day.replace(day=20), "alps")
    assert (clock.day.day, region) == (20, "alps")


def test_a_day_without_date_or_region_or_with_an_unreadable_line_is_refused():
    for row in ({}, {"date": "2026-09-12"}, {"region": "riviera"}):
        with pytest.raises(DayMissing):
            day_and_region(tables({"day": [row]}), None, None)
    with pytest.raises(NotADate):
        day_and_region(tables({"day": [{"date": "12/09/2026", "region": "riviera"}]}), None, None)
    with pytest.raises(QuoteStray):
        day_and_region(Tables({"day": (RawLine(2, {"region": "x"}, QuoteStray()),)}), None, None)


def test_a_day_has_so_many_sites_and_shipments_at_most():
    with pytest.raises(TooManySites, match=str(SITES_LIMIT)):
        taken_in(tables({"sites": [{}] * (SITES_LIMIT + 1)}))
    with pytest.raises(TooManyShipments, match=str(SHIPMENTS_LIMIT)):
        taken_in(tables({"shipments": [{}] * (SHIPMENTS_LIMIT + 1)}))
    assert len(taken_in(tables({"shipments": [{}] * SHIPMENTS_LIMIT})).bad_lines) >= SHIPMENTS_LIMIT


HALF_A_LETTER = chr(0xD800)
ODD = st.sampled_from(
    [
        *("", "0", "-1", "12", "999999", "NaN", "1e9", "٣", "F1", "F2", "B1", "B9", "Farm", "T1", "06:00"),
        *("25:00", "yes", "producer", "entraide", "=1+1", "4,50 €", "\x00", HALF_A_LETTER, "x" * 200),
        *("2026-02-30", "frozen", " "),
    ]
)


@st.composite
def any_days(draw: st.DrawFn) -> Tables:
    """Draw the good day with any fields replaced, and lines repeated."""
    lines = {}
    for table, rows in GOOD.items():
        drawn = draw(st.lists(st.sampled_from(rows), min_size=len(rows), max_size=len(rows) + 2))
        changed = []
        for row in drawn:
            columns = draw(st.lists(st.sampled_from(COLUMNS[table]), max_size=2))
            changed.append(row | {column: draw(ODD) for column in columns})
        lines[table] = changed
    return tables(lines)


@settings(deadline=None)
@given(any_days())
def test_everything_given_is_either_in_the_day_or_reported(given):
    """Nothing is dropped in silence, nothing crashes, and every report can be read."""
    intake = taken_in(given)
    day = intake.day
    reported = {(bad.table, bad.line) for bad in intake.bad_lines if not bad.column.startswith("bid_")}
    bids_reported = {bad.line for bad in intake.bad_lines if bad.table == "shipments"}
    kept = {"sites": day.sites, "shipments": day.shipment_by_id, "vehicles": day.tour_by_id}
    for table, column in (("sites", "site"), ("shipments", "shipment"), ("vehicles", "tour")):
        good = [raw for raw in given.lines[table] if (table, raw.number) not in reported]
        assert [raw.cells[column] for raw in good] == list(kept[table])
    for raw in given.lines["trips"]:
        trip = day.trip_by_id.get(raw.cells["trip"])
        assert trip or reported & {
            ("trips", one.number) for one in given.lines["trips"] if one.cells["trip"] == raw.cells["trip"]
        }
    for trip in day.trips:
        assert len(trip.stops) == len([r for r in given.lines["trips"] if r.cells["trip"] == trip.id])
    bids = [
        r
        for r in given.lines["shipments"]
        if r.cells.get("bid_eur") and r.cells["shipment"] in kept["shipments"]
    ]
    assert len(day.bids) == len([raw for raw in bids if raw.number not in bids_reported])
    for bad in intake.bad_lines:
        assert bad.refusal.code and bad.refusal.sentence and bad.refusal.what_to_do
