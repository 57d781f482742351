"""Cancelling on pages: what it costs is read before, owed once, and where the crates went instead."""

from pooling.desk.market.bids import accept_bid, counter_bid, place_bid
from pooling.desk.market.placing import BidTerms
from pooling.desk.market.rematching import rematch_freed
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.runs.handovers import begin_run
from pooling.desk.trips.trips import cancel_trip
from pooling.store import Page
from pooling.store.bids import find_bid, list_bids
from pooling.store.manifests import handovers_of
from pooling.store.trips import find_trip
from tests.desk.market import newcomer
from tests.desk.touring import proposed
from tests.pages.scenes import EVENING, HOUR, announce, evening, send
from tests.pages.test_market import seen

TERMS = "Si l’un de vous annule"
OF_TOUR = "Si vous quittez la tournée"


def accepted(town, scene):
    return accept_bid(town.house.desk, town.actor("farm"), town.ask("farm"), scene.bid, None)


def cancelled(town, trip):
    cancel_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip, None)
    rematch_freed(town.house.desk)


def after_the_cutoff(town, trip):
    town.clock.at = seen(town, find_trip, trip).cutoff_at


def test_the_terms_stand_where_one_bids_accepts_and_cancels(town, visitor):
    scene = evening(town)
    for who, page in (
        ("neighbour", f"/search?shipment={scene.shipment}"),
        ("neighbour", f"/bids/{scene.bid}"),
        ("farm", f"/bids/{scene.bid}"),
        ("farm", f"/trips/{scene.trip}"),
        ("farm", f"/trips/{scene.trip}/best"),
        ("neighbour", f"/trips/{scene.trip}"),
        ("neighbour", f"/trips/{scene.trip}/reserve"),
    ):
        shown = visitor(who).get(page)
        assert TERMS in shown.text and "qui n’est pas là" in shown.text, page
    refused = visitor("neighbour").press(
        f"/search?shipment={scene.shipment}", "/bids/new", most="0,01", trip=announce(town, "farm")
    )
    assert refused.status_code == 409 and TERMS in refused.text and "75\xa0% du prix" in refused.text


def test_the_terms_stand_where_one_joins_a_tour_takes_another_way_or_bids_in_a_bundle(town, visitor):
    town.clock.at = EVENING
    announce(town, "farm")
    tour, free, neighbour = proposed(town, chilled_crates=20), send(town, "neighbour"), visitor("neighbour")
    assert OF_TOUR in neighbour.get(f"/tours/{tour}").text
    for page in (f"/search?shipment={free}", f"/shipments/{free}/alternatives"):
        shown = neighbour.get(page).text
        assert TERMS in shown and OF_TOUR in shown and "ou absent" in shown, page
        assert shown.count(tour) and shown.count('class="terms"') == 2, "each beside its own terms"
    more = send(town, "neighbour", crates=2)
    shown = neighbour.get(f"/bundles/new?kind=all&pick_{free}=yes&pick_{more}=yes").text
    assert TERMS in shown and 'name="kind" value="all"' in shown


def test_a_counter_is_answered_beside_its_terms(town, visitor):
    scene = evening(town)
    counter_bid(town.house.desk, town.actor("farm"), town.ask("farm"), scene.bid, None, 2_000)
    shown = visitor("neighbour").get(f"/bids/{scene.bid}").text
    assert TERMS in shown and "15,00" in shown, "three quarters of what is asked"


def test_what_withdrawing_costs_now_is_read_before_and_owed_after(town, visitor):
    scene = evening(town)
    accepted(town, scene)
    neighbour, path = visitor("neighbour"), f"/bids/{scene.bid}"
    assert "vous ne devez rien" in neighbour.get(path).text
    after_the_cutoff(town, scene.trip)
    price_cents = seen(town, find_bid, scene.bid).price_cents
    owed = f"{price_cents * 75 // 100 / 100:.2f}".replace(".", ",")
    assert f"vous devez {owed}" in neighbour.get(path).text
    assert "vous devez" not in visitor("farm").get(path).text
    form = neighbour.form(path, f"{path}/withdraw")
    for _ in range(2):
        assert neighbour.send(form).status_code == 303
    assert seen(town, find_bid, scene.bid).owed_cents == price_cents * 75 // 100
    after = visitor("farm").get(path).text
    assert "Dû pour le départ" in after and owed in after and "A annulé tard" in after
    assert "A annulé tard" not in neighbour.get(path).text


def test_an_owner_reads_what_cancelling_costs_now(town, visitor):
    scene = evening(town)
    accepted(town, scene)
    farm, path = visitor("farm"), f"/trips/{scene.trip}"
    assert "Si vous annulez maintenant, vous ne devez rien." in farm.get(path).text
    assert "Si vous annulez maintenant" not in visitor("neighbour").get(path).text
    after_the_cutoff(town, scene.trip)
    assert "en tout à vos passagers" in farm.get(path).text
    assert farm.press(path, f"{path}/cancel").status_code == 303
    assert seen(town, find_bid, scene.bid).compensation_cents > 0
    assert "Dû par le propriétaire" in visitor("neighbour").get(f"/bids/{scene.bid}").text


def test_a_bidder_may_ask_for_no_other_ride(town, visitor):
    scene = evening(town)
    other = announce(town, "farm")
    path = f"/search?shipment={scene.shipment}"
    done = visitor("neighbour").press(path, "/bids/new", trip=other, most="30", no_rematch="yes", sure="yes")
    assert done.status_code == 303
    bids, _ = seen(town, list_bids, None, Page())
    assert {one.trip_id: one.rematch for one in bids} == {scene.trip: True, other: False}


def test_where_the_crates_of_a_cancelled_trip_went_is_read_by_their_payer_only(town, visitor):
    scene = evening(town)
    accepted(town, scene)
    path = f"/shipments/{scene.shipment}"
    assert "Son trajet a été annulé" not in visitor("neighbour").get(path).text
    cancelled(town, scene.trip)
    shown = visitor("neighbour").get(path).text
    assert "Son trajet a été annulé" in shown and "Aucun autre trajet de ce jour" in shown
    assert visitor("restaurant").get(path).status_code == 404


def test_other_owners_that_are_asked_are_told_of(town, visitor):
    scene = evening(town)
    accepted(town, scene)
    other = announce(town, newcomer(town, "other", "farm"))
    cancelled(town, scene.trip)
    shown = visitor("neighbour").get(f"/shipments/{scene.shipment}").text
    assert "D’autres propriétaires sont sollicités en votre nom" in shown
    assert "Autres voyages trouvés" in shown and f'href="/trips/{other}"' in shown
    bids = [one for one in seen(town, list_bids, None, Page())[0] if one.trip_id == other]
    assert [(one.state, one.most_cents) for one in bids] == [("open", 700)]


def test_what_is_left_is_listed_with_its_price_and_the_reasons_of_the_others(town, visitor):
    town.clock.at = EVENING
    trip, shipment = announce(town, "farm"), send(town, "neighbour")
    terms = BidTerms(rematch=False)
    bid = place_bid(
        town.house.desk, town.actor("neighbour"), town.ask("neighbour"), trip, shipment, 700, terms
    )
    accept_bid(town.house.desk, town.actor("farm"), town.ask("farm"), bid, None)
    other, none = (announce(town, newcomer(town, name, "farm")) for name in ("other", "full"))
    full = send(town, newcomer(town, "eight"), crates=8)
    eight = place_bid(town.house.desk, town.actor("eight"), town.ask("eight"), none, full, 5_000)
    accept_bid(town.house.desk, town.actor("full"), town.ask("full"), eight, None)
    cancelled(town, trip)
    shown = visitor("neighbour").get(f"/shipments/{shipment}").text
    assert "choisi de ne pas être réaffecté" in shown
    assert f'href="/trips/{other}"' in shown and f'href="/trips/{none}"' not in shown
    assert "Trajets qui ne conviennent pas" in shown and "Full" in shown and "Eight" not in shown


def test_a_driver_notes_that_nobody_was_there(town, visitor):
    scene = evening(town)
    accepted(town, scene)
    driver = (town.actor("farm"), town.ask("farm"))
    manifest = freeze_trip(town.house.desk, *driver, scene.trip)
    begin_run(town.house.desk, town.actor("farm"), town.ask("farm"), manifest)
    farm, path = visitor("farm"), f"/manifests/{manifest}"
    assert "Personne n’était là" in farm.get(path).text
    assert farm.press(path, f"{path}/handovers", outcome="nobody").status_code == 303
    (noted,) = seen(town, handovers_of, manifest).values()
    assert (noted.way, noted.outcome) == ("on", "failed")
    assert "N’était pas là" in visitor("farm").get(f"/bids/{scene.bid}").text


def test_a_payer_says_that_nobody_came(town, visitor):
    scene = evening(town)
    accepted(town, scene)
    neighbour, path = visitor("neighbour"), f"/bids/{scene.bid}"
    assert "Le véhicule n’est pas venu" not in neighbour.get(path).text
    town.clock.at = seen(town, find_bid, scene.bid).pickup_until_at + HOUR
    assert "Le véhicule n’est pas venu" not in visitor("farm").get(path).text
    assert neighbour.press(path, f"{path}/no-show").status_code == 303
    assert "N’était pas là" in neighbour.get(f"/trips/{scene.trip}").text
    assert town.clock.at > EVENING
