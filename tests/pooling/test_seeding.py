"""Seeding from past purchases: read as they come, ranked, put on days, drafted as tours that can be paid."""

from datetime import date
from itertools import pairwise

import pytest

from geodata.place import Place, crow_distance_m
from pooling.desk.seeds.flows import known_area
from pooling.files.spreadsheet import read_spreadsheet
from pooling.load import Temperature
from pooling.market.demand import ProductUnmet
from pooling.seeding.days import by_day
from pooling.seeding.demand import sought_of, wishes_of
from pooling.seeding.draft import DraftAsk, InVain, Stock, Terms
from pooling.seeding.drafting import draft_tours
from pooling.seeding.flow import Flow, read_flows
from pooling.seeding.kept import draft_words, kept_draft, kept_terms, terms_words
from pooling.seeding.lengths import by_crow
from pooling.seeding.ranking import areas, rank_buyers, rank_producers
from pooling.work.jobs import JobCancelled
from tests.geodata.data import data_file

HEADER = "producteur;producteur_lat;producteur_lon;client;client lat;client lon;produit;caisses;période;jour"


def read(*lines, header=HEADER):
    return read_flows(read_spreadsheet("\n".join((header, *lines))))


def link(producer, buyer, *, crates=4, weekday=None, product="", basis="crates"):
    """A link in a valley without a map: farms along a road in the west, shops in the east."""
    farms = {name: Place(lat=47.20 + at / 100, lon=-1.80, name=name) for at, name in enumerate("ABCD")}
    shops = {name: Place(lat=47.20 + at / 100, lon=-1.55, name=name) for at, name in enumerate("wxyz")}
    return Flow(farms[producer], shops[buyer], product, Temperature.AMBIENT, crates, basis, weekday)


VALLEY = tuple(link(farm, shop, product=farm + shop) for farm in "ABC" for shop in "wxyz")


def test_columns_are_known_by_their_french_names_and_volumes_become_crates_a_week():
    flows = read(
        "Lac;47.2;-1.6;Épicerie;47.3;-1.5;Légumes;12;mois;lundi",
        "Lac;47,2;-1,6;Épicerie;47.3;-1.5;Fromage;;;",
    )
    assert flows.bad == () and flows.unread == ()
    greens, cheese = flows.good
    assert (greens.crates, greens.basis, greens.weekday) == (3, "crates", 1)
    assert (cheese.crates, cheese.basis, cheese.weekday) == (4, "default", None)
    assert (greens.temperature, cheese.temperature) == (Temperature.AMBIENT, Temperature.CHILLED)


@pytest.mark.parametrize(
    ("column", "cell", "crates", "basis"),
    [("kg", "17", 3, "kg"), ("eur", "64,00", 2, "eur"), ("eur", "1", 1, "eur")],
)
def test_kilos_and_euro_are_counted_as_crates_and_say_so(column, cell, crates, basis):
    header = f"producer,producer_insee,buyer,buyer_insee,{column}"
    (flow,) = read(f'Lac,44109,Shop,44114,"{cell}"', header=header).good
    assert (flow.crates, flow.basis) == (crates, basis)
    assert known_area(flow.producer).startswith("44109"), "a commune stands for its town hall"


def test_a_bad_line_is_told_with_number_column_and_cure_and_the_good_ones_are_kept():
    flows = read(
        "Lac;47.2;-1.6;Épicerie;47.3;-1.5;;many;;",
        "Lac;47.2;-1.6;Épicerie;47.3;-1.5;;4;;",
        "Lac;47.2;-1.6;Épicerie;47.3;-1.5;;8;;",
        "Lac;;;Épicerie;47.3;-1.5;;4;;",
        "Lac;47.2;-1.6;Autre;47.3;-1.5;;4;;some day",
    )
    assert len(flows.good) == 1 and flows.good[0].line == 3
    assert [(one.line, one.column, one.refusal.code) for one in flows.bad] == [
        (2, "crates", "not_a_number"),
        (4, "product", "flow_twice"),
        (5, "producer_lat", "flow_place_missing"),
        (6, "weekday", "not_one_of"),
    ]
    assert all(one.refusal.what_to_do for one in flows.bad)


def test_who_buys_most_nearby_is_first_and_what_comes_from_far_away_does_not_count():
    far = Flow(
        Place(lat=42.2, lon=9.4, name="Corsica"), link("A", "w").buyer, "", Temperature.AMBIENT, 400, "kg"
    )
    flows = (link("A", "w", crates=5), link("B", "w", crates=5), link("A", "x", crates=10), far)
    buyers, producers = rank_buyers(flows, known_area), rank_producers(flows, known_area)
    assert [(one.rank, one.name, one.crates) for one in buyers] == [(1, "w", 10), (2, "x", 10)]
    assert [(one.name, one.crates) for one in buyers[0].partners] == [("A", 5), ("B", 5)]
    assert [(one.name, one.crates) for one in producers] == [("A", 15), ("B", 5)]
    assert rank_buyers(tuple(reversed(flows)), known_area) == buyers
    area = buyers[0].area
    assert all(one.area == area for one in rank_buyers(flows, known_area, area))
    assert sum(crates for _, crates in areas(buyers)) == 20


def test_a_producer_stays_whole_and_a_known_weekday_stands():
    flows = (*VALLEY, link("D", "w", weekday=6))
    days = by_day(flows, (2, 5))
    assert sorted(flow.mark for group in days.values() for flow in group) == sorted(f.mark for f in flows)
    assert [flow.producer.name for flow in days[6]] == ["D"]
    for farm in "ABC":
        assert sum(any(flow.producer.name == farm for flow in group) for group in days.values()) == 1


def test_without_roads_a_way_is_the_crow_and_three_tenths():
    a, b = Place(lat=47.2, lon=-1.6), Place(lat=47.3, lon=-1.5)
    lengths = by_crow([("a", a), ("b", b), ("again", a)])
    assert lengths.approximate and lengths.ground.row["again"] == lengths.ground.row["a"]
    assert lengths.ground.matrix.metres[0][1] == pytest.approx(1.3 * crow_distance_m(a, b), abs=1)


def asked(**more):
    return DraftAsk(Terms(days=(2,)), known_area, search_s=0.0, **more)


def test_a_draft_can_be_paid_by_those_it_invites_and_nobody_pays_more_than_alone():
    week = draft_tours(VALLEY, asked())
    assert (week.flows, week.far, week.impossible, week.riding) == (12, 0, 0, 12)
    assert 0 < week.pooled_m < week.alone_m and week.saved_pct > 30
    (draft,) = week.drafts
    assert draft.approximate and (draft.weekday, draft.crates, draft.assumed) == (2, 48, 0)
    producers = [one for one in draft.wanted if one.role == "producer"]
    assert sum(one.share_cents for one in producers) == draft.cost_cents
    assert all(one.share_cents <= one.alone_cents for one in producers)
    assert [one.saved_cents for one in producers] == sorted(
        (one.saved_cents for one in producers), reverse=True
    )
    assert draft.crate_cents * draft.crates >= draft.cost_cents
    assert draft.dearest_crate_cents >= draft.crate_cents


def test_what_a_draft_unloads_was_loaded_before_and_hours_run_forward():
    (draft,) = draft_tours(VALLEY, asked()).drafts
    aboard = 0
    for stop in draft.stops:
        aboard += stop.loaded - stop.unloaded
        assert aboard >= 0
    assert aboard == 0 and all(a.arrives_s <= b.arrives_s for a, b in pairwise(draft.stops))
    assert kept_draft(draft_words(draft)) == draft
    assert kept_terms(terms_words(Terms())) == Terms()


def test_what_was_looked_for_in_vain_near_a_stop_on_that_weekday_is_a_wish():
    area = known_area(link("A", "w").buyer)
    tuesday, friday = date(2026, 9, 15), date(2026, 9, 18)
    wishes = wishes_of([(area, tuesday, 9), (area, friday, 5), ("47.1, 9.5", tuesday, 100)])
    assert sum(wish.crates for wish in wishes) == 14
    (draft,) = draft_tours(VALLEY, asked(wishes=wishes)).drafts
    assert draft.wished_crates == 9


def test_who_has_what_buyers_asked_for_in_vain_is_asked_first_and_the_draft_says_why():
    shop, tuesday = link("A", "w").buyer, date(2026, 9, 15)
    area = known_area(shop)
    asked_for = [ProductUnmet("epinards", 3, 9), ProductUnmet("safran", 4, 4)]
    fewer = [(area, date(2026, 9, 22), [ProductUnmet("safran", 3, 3)])]
    sought = sought_of([(area, tuesday, asked_for), *fewer, ("47.1, 9.5", tuesday, asked_for)])
    last = [one for one in draft_tours(VALLEY, asked()).drafts[0].wanted if one.role == "producer"][-1]
    stocks = tuple(
        Stock(last.name, Place(lat=last.place.lat + far, lon=last.place.lon), frozenset({product}))
        for far, product in ((0.001, "epinards"), (1.0, "safran"))
    )
    (draft,) = draft_tours(VALLEY, asked(sought=sought, stocks=stocks)).drafts
    first = draft.wanted[0]
    assert first.name == last.name and first.in_vain == (InVain(area, "epinards", 3),), "not of its homonym"
    assert draft.in_vain == (InVain(area, "safran", 4), InVain(area, "epinards", 3))
    assert all(one.in_vain == () for one in draft.wanted[1:])
    assert kept_draft(draft_words(draft)) == draft
    of_before = draft_words(draft_tours(VALLEY, asked()).drafts[0])
    old = {name: value for name, value in of_before.items() if name != "in_vain"}
    assert kept_draft(old).in_vain == ()


def test_what_a_producer_sold_before_counts_as_what_it_has():
    area, tuesday = known_area(link("A", "w").buyer), date(2026, 9, 15)
    sought = sought_of([(area, tuesday, [ProductUnmet("cz", 3, 9)])])
    (draft,) = draft_tours(VALLEY, asked(sought=sought)).drafts
    assert draft.wanted[0].name == "C" and draft.wanted[0].missed_by == 3


def test_whoever_watches_may_end_it():
    def stop(_step, _share):
        raise JobCancelled

    with pytest.raises(JobCancelled):
        draft_tours(VALLEY, asked(), stop)


def test_the_real_flows_are_read_as_they_are():
    flows = read_flows(read_spreadsheet(data_file("flows", "amap_nantes.csv").read_text(encoding="utf-8")))
    assert len(flows.good) == 469 and flows.bad == ()
    assert {one.basis for one in flows.good} == {"default"}, "it tells no volumes"
    first = rank_buyers(flows.good, known_area)[0]
    assert first.assumed == first.links == 13 and len(first.partners) == 13
    days = by_day([one for one in flows.good if one.crates], (2, 4, 5))
    assert sum(len(group) for group in days.values()) == 469
