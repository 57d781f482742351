"""Tours on pages: proposed, joined, planned, frozen; then driven with a phone, stop by stop."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from api.pages.forms import Form
from pooling.desk.reasons import reason_json
from pooling.desk.runs.handovers import HandoverWords, begin_run, hand_over
from pooling.desk.tours.day_plans import plan_day_job
from pooling.desk.tours.tour_planning import plan_tour
from pooling.party import Role
from pooling.store import Page
from pooling.store.manifests import find_manifest, handovers_of
from pooling.store.parties import find_party
from pooling.store.statements import balances_with
from pooling.store.touring import manifest as manifest_table
from pooling.store.tours import find_tour, list_tours, places_of, sign_ups_aboard
from pooling.store.work import job
from pooling.work.jobs import JobWentWrong
from tests.desk.touring import EVENING, Watch, confirmed, frozen, joined, proposed, sent
from tests.houses import MORNING
from tests.pages.browsing import FormReader
from tests.pages.scenes import hire


def form_in(text, action):
    reader = FormReader()
    reader.feed(text)
    return next(one for one in reader.forms if one.action == action)


def seen(town, read, *args, **more):
    with town.house.desk.store.view() as view:
        return read(view, *args, **more)


def test_an_operator_proposes_a_tour_once(town, visitor):
    town.clock.at -= 12 * 3600
    operator = visitor("operator")
    form = operator.form("/tours/new")
    filled = {"carrier": town.parties["carrier"], "driver": "Lou", "crate": "3,50", "day": "2026-09-12"}
    filled |= {"start_site": town.sites["farm"], "end_site": town.sites["shop"], "cutoff_day": "2026-09-11"}
    filled |= {"newcomers": "each"}
    first, again = (operator.send(form, **filled, cutoff="23:00") for _ in range(2))
    assert first.status_code == 303 and first.headers["location"] == again.headers["location"]
    (tour,), _ = seen(town, list_tours, Page(), day=None, state="")
    assert (tour.crate_cents, tour.cents_per_km, tour.each_pays_its_way) == (350, 60, True)
    assert "chacun paie au moins ce qu’il ajoute" in visitor("farm").get(f"/tours/{tour.id}").text
    changed = operator.press(f"/tours/{tour.id}/change", crate="3")
    assert changed.status_code == 303 and seen(town, find_tour, tour.id).crate_cents == 300


def test_a_cutoff_that_is_too_late_is_said_beside_its_field(town, visitor):
    town.clock.at -= 12 * 3600
    refused = visitor("operator").press(
        "/tours/new",
        carrier=town.parties["carrier"],
        driver="Lou",
        crate="3",
        day="2026-09-12",
        start_site=town.sites["farm"],
        end_site=town.sites["shop"],
        cutoff_day="2026-09-12",
        cutoff="11:00",
    )
    assert (
        refused.status_code == 409 and 'id="cutoff-wrong"' in refused.text and 'value="Lou"' in refused.text
    )


def test_a_farm_joins_with_its_shipment_and_leaves_again(town, visitor):
    tour = proposed(town)
    shipment = sent(town, "farm")
    farm, path = visitor("farm"), f"/tours/{tour}"
    assert farm.press(path, f"{path}/join", shipment=shipment).status_code == 303
    assert farm.press(path, f"{path}/leave").status_code == 303
    assert "a quitté" not in farm.get(path).text
    several = [shipment, sent(town, "farm", crates=2)]
    none = farm.press(path, f"{path}/join-together")
    assert none.status_code == 422 or "together-wrong" in none.text
    both = {f"pick_{one}": "yes" for one in several}
    assert farm.press(path, f"{path}/join-together", **both).status_code == 303
    assert set(seen(town, places_of, several)) == set(several)


def test_an_operator_plans_a_tour_and_sees_how_far_it_is(town, visitor):
    tour = proposed(town)
    joined(town, tour, "farm", sent(town, "farm"))
    operator, path = visitor("operator"), f"/tours/{tour}"
    assert operator.press(path, f"{path}/plan").status_code == 303
    waiting = operator.get(path).text
    assert 'http-equiv="refresh"' in waiting or "terminé" in waiting or "fait" in waiting


def test_a_refused_tour_says_why_in_french(town, visitor):
    tour = proposed(town, minimum_crates=12)
    joined(town, tour, "farm", sent(town, "farm"))
    town.clock.at += 11 * 3600
    plan_tour(town.house.desk, tour, Watch(), search_s=0.0)
    assert "caisses" in visitor("operator").get(f"/tours/{tour}").text
    assert seen(town, find_tour, tour).state == "refused"


def test_a_driver_sets_out_hands_over_with_one_press_each_and_ends(town, visitor):
    hire(town)
    manifest, _ = frozen(town)
    driver, path = visitor("driver"), f"/manifests/{manifest}"
    assert driver.press(path, f"{path}/begin").status_code == 303
    for _ in range(4):
        form = driver.form(path, f"{path}/handovers")
        first, again = (driver.send(form, receiver="Ana", outcome="done") for _ in range(2))
        assert first.status_code == again.status_code == 303
    assert len(seen(town, handovers_of, manifest)) == 4
    assert driver.press(path, f"{path}/end").status_code == 303
    assert seen(town, find_manifest, manifest).state == "done"


def test_what_could_not_be_handed_over_needs_a_word_and_keeps_what_was_typed(town, visitor):
    manifest, _ = frozen(town)
    carrier, path = visitor("carrier"), f"/manifests/{manifest}"
    carrier.press(path, f"{path}/begin")
    refused = carrier.press(path, f"{path}/handovers", outcome="failed", receiver="Ana")
    assert refused.status_code == 409 and 'value="Ana"' in refused.text
    failed = carrier.press(path, f"{path}/handovers", outcome="failed", note="nobody there")
    assert failed.status_code == 303 and "nobody there" in carrier.get(path).text


def test_the_papers_of_a_manifest_are_given(town, visitor):
    manifest, _ = frozen(town)
    carrier = visitor("carrier")
    assert carrier.get(f"/manifests/{manifest}/paper.pdf").content.startswith(b"%PDF")
    assert "<svg" in carrier.get(f"/manifests/{manifest}/paper.svg").text


def test_an_operator_freezes_a_tour_and_the_board_shows_its_manifest(town, visitor):
    tour, _ = confirmed(town)
    operator, path = visitor("operator"), f"/tours/{tour}"
    assert operator.press(path, f"{path}/freeze").status_code == 303
    board = operator.get("/?day=2026-09-12")
    assert "/manifests/" in board.text
    assert "<svg" in operator.get("/board/map.svg?day=2026-09-12").text


def test_money_that_was_received_is_noted_once_and_never_more_than_is_owed(town, visitor):
    frozen(town)
    operator = visitor("operator")
    form = operator.form("/money", "/money/received")
    owed = seen(town, balances_with, town.parties["operator"])
    payer = next(one for one, each in owed.items() if each.together_cents > 0)
    for _ in range(2):
        assert operator.send(form, payer=payer, amount="0,10").status_code == 303
    left = seen(town, balances_with, town.parties["operator"])[payer].together_cents
    assert left == owed[payer].together_cents - 10
    refused = operator.press("/money", "/money/received", payer=payer, amount="900")
    assert refused.status_code == 409 and 'value="900"' in refused.text


@pytest.mark.parametrize("words", ["vetted", "taken back"])
def test_an_operator_vets_a_carrier(town, visitor, words):
    path = f"/parties/{town.parties['carrier']}"
    yes = "yes" if words == "vetted" else "no"
    visitor("operator").press(path, f"{path}/vet", vetted=yes, licence="LTI-2", until="2030-01-31")
    assert seen(town, find_party, town.parties["carrier"]).vetted is (yes == "yes")


def test_a_manager_invites_a_driver_who_takes_it(town, visitor):
    sent_off = visitor("carrier").press("/party", "/party/invite", email="shop@example.org", duty="driver")
    assert sent_off.status_code == 303
    shop = visitor("shop")
    reader = shop.get("/party").text
    action = reader.partition('action="/party/invitations/')[2].partition('"')[0]
    assert shop.press("/party", f"/party/invitations/{action}").status_code == 303
    assert "Lou" not in shop.get("/party").text
    assert shop.press("/me", "/acting", party=town.parties["carrier"]).status_code == 303
    assert shop.get("/manifests").status_code == 200 and shop.get("/money").status_code == 403


def test_a_member_founds_another_party_and_acts_for_it(town, visitor):
    shop = visitor("shop")
    shop.press("/party", "/party/found", new_name="La Ruche", new_role=Role.PRODUCER.value)
    assert "La Ruche" in shop.get("/me").text


def test_for_hire_the_page_lists_what_is_missing_and_takes_the_plate(town, visitor):
    manifest, _ = frozen(town)
    other, path = visitor("carrier"), f"/manifests/{manifest}"
    other.press(path, f"{path}/vehicle", plate="%%")
    assert "AB-123-CD" in other.get(path).text
    unplated(town, manifest)
    page = other.get(path).text
    assert "immatriculation du véhicule" in page and 'value="AB-123-CD"' not in page
    assert other.press(path, f"{path}/begin").status_code == 409
    assert other.press(path, f"{path}/vehicle", plate="zz-999-zz").status_code == 303
    assert other.press(path, f"{path}/begin").status_code == 303


def test_the_print_and_the_page_for_the_way_name_the_plate_as_it_is_now(town, visitor):
    manifest, _ = frozen(town)
    carrier, path = visitor("carrier"), f"/manifests/{manifest}"
    assert carrier.press(path, f"{path}/vehicle", plate="zz-999-zz").status_code == 303
    first = PdfReader(BytesIO(carrier.get(f"{path}/paper.pdf").content)).pages[0].extract_text()
    assert "ZZ-999-ZZ" in first and "ZZ-999-ZZ" in carrier.get(f"{path}/paper.html").text


def test_a_days_plan_keeps_its_tours_whatever_became_of_them(town, visitor):
    tour_id = proposed(town)
    joined(town, tour_id, "farm", sent(town, "farm"))
    sent(town, "neighbour")
    asked = {"day": "2026-09-12", "member": town.actor("operator").member_id}
    plan = plan_day_job(town.house.desk, asked, Watch())["day_plan"]
    path, operator = f"/day-plans/{plan}", visitor("operator")
    assert f'"{path}/suggest"' in operator.get(path).text
    plan_tour(town.house.desk, tour_id, Watch(), search_s=0.0)
    page = operator.get(path).text
    assert f'href="/tours/{tour_id}"' in page and f'"{path}/suggest"' not in page


def test_a_days_plan_says_what_would_do_for_whom_it_leaves_behind(town, visitor):
    proposed(town, ambient_crates=1, chilled_crates=0, frozen_crates=0, crate_cents=9_000)
    left = sent(town, "farm")
    asked = {"day": "2026-09-12", "member": town.actor("operator").member_id}
    page = (
        visitor("operator")
        .get(f"/day-plans/{plan_day_job(town.house.desk, asked, Watch())['day_plan']}")
        .text
    )
    assert "prendrait 1 des caisses" in page and f'href="/shipments/{left}/alternatives"' in page


def unplated(town, manifest_id):
    town.house.desk.store.change(
        lambda tx: tx.connection.execute(
            update(manifest_table).where(manifest_table.c.id == manifest_id).values(plate="")
        )
    )


@pytest.mark.parametrize("form", ["labels", "waybills", "csv", "json", "gpx", "ics"])
def test_every_other_form_is_given_to_the_driver_and_to_no_farm(town, visitor, form):
    hire(town)
    manifest, _ = frozen(town)
    path = f"/manifests/{manifest}/paper.{form}"
    assert f"/paper.{form}" in visitor("driver").get(f"/manifests/{manifest}").text
    assert visitor("driver").get(path).status_code == 200
    assert visitor("farm").get(path).status_code == 404


def test_a_driver_says_that_it_is_late_knowing_whom_it_concerns(town, visitor):
    hire(town)
    manifest, _ = frozen(town)
    town.clock.at = MORNING
    driver, path = visitor("driver"), f"/manifests/{manifest}"
    refused = driver.press(path, f"{path}/repairs", minutes="400")
    assert refused.status_code == 409 and 'name="anyway"' in refused.text and 'value="400"' in refused.text
    assert driver.press(path, f"{path}/repairs", minutes="20").status_code == 303
    page = driver.get(path).text
    assert "Cette feuille de route a changé" in page and f"{path}/editions/1" in page
    assert "Remplacée" in driver.get(f"{path}/editions/1").text
    assert "Remplacée" not in driver.get(f"{path}/editions/2").text
    assert driver.get(f"{path}/editions/3").status_code == 404


def test_a_drivers_name_that_was_pasted_loses_what_nobody_sees():
    assert Form({"driver": "Lou\u202e \u200bMartin\u0007"}).text("driver") == "Lou Martin"


def test_a_day_that_could_not_be_planned_names_its_job(town, visitor):
    town.clock.at = EVENING
    proposed(town)
    sent(town, "farm")
    operator = visitor("operator")
    assert operator.press("/plan-day?day=2026-09-12", "/plan-day", day="2026-09-12").status_code == 303

    def went_wrong(tx):
        reason = reason_json(JobWentWrong(attempts=3))
        tx.connection.execute(job.update().values(state="failed", reason=reason))

    town.house.desk.store.change(went_wrong)
    with town.house.desk.store.view() as view:
        job_id = view.connection.execute(select(job.c.id).where(job.c.kind == "plan_day")).scalar_one()
    assert f"<code>{job_id}</code>" in operator.get("/plan-day?day=2026-09-12").text


def test_an_operator_moves_a_stop_by_hand_after_a_look_and_takes_it_back(town, visitor):
    tour = proposed(town)
    for name in ("farm", "neighbour"):
        joined(town, tour, name, sent(town, name))
    operator, path = visitor("operator"), f"/tours/{tour}/by-hand"
    before = operator.get(path).text
    assert (
        "Les arrêts dans l’ordre" in before
        and "Partager la tournée" in before
        and "Annuler\xa0:" not in before
    )
    looked = operator.press(path, f"{path}/look", place="2")
    assert looked.status_code == 200 and "Cela ne rompt aucune promesse." in looked.text
    blind = form_in(looked.text, path)
    del blind.fields["revision"]
    assert "On ne sait pas sur quel état vous avez agi" in operator.send(blind).text
    done = operator.send(form_in(looked.text, path))
    assert done.status_code == 303 and "said=by_hand" in done.headers["location"]
    after = operator.get(path).text
    assert "Annuler\xa0: arrêt déplacé" in after and "Operator" in after
    locked = operator.press(path, path)
    assert locked.status_code == 303 and "Déverrouiller" in operator.get(path).text
    assert visitor("farm").get(path).status_code == 404
    reader = FormReader()
    reader.feed(operator.get(path).text)
    (van,) = [one for one in reader.forms if one.fields.get("kind") == "van"]
    looked = operator.send(van, van_driver="Sam")
    assert "Cela ne rompt aucune promesse." in looked.text and "véhicule changé" in looked.text
    assert operator.send(form_in(looked.text, path)).status_code == 303
    assert seen(town, find_tour, tour).driver == "Sam"


def test_a_shipment_that_does_not_ride_takes_an_alternative_with_one_click(town, visitor):
    town.clock.at = EVENING
    shipment, tour = sent(town, "farm"), proposed(town)
    farm, path = visitor("farm"), f"/shipments/{shipment}/alternatives"
    assert "Un autre transport, tel quel" in farm.get(path).text
    taken = farm.press(path)
    assert taken.status_code == 303 and "alternative_taken" in taken.headers["location"]
    assert seen(town, sign_ups_aboard, tour)[0].shipment_id == shipment
    assert visitor("shop").get(path).status_code == 404


def test_who_paid_for_a_place_writes_about_its_carrier_once_its_crates_are_handed_over(town, visitor):
    manifest_id, (shipment, _) = frozen(town)
    town.clock.at = MORNING
    with town.house.desk.store.view() as view:
        address = f"/sign-ups/{places_of(view, [shipment])[shipment].id}"
    farm = visitor("farm")
    assert f"{address}/review" not in farm.get(address).text
    steps = [(begin_run,)]
    steps += [(hand_over, HandoverWords(shipment_id=shipment, way=way, crates=4)) for way in ("on", "off")]
    for do, *words in steps:
        do(town.house.desk, town.actor("carrier"), town.ask("carrier"), manifest_id, *words)
    assert farm.press(address, f"{address}/review", stars=4, note="Merci").status_code == 303
    assert f"{address}/review" not in farm.get(address).text
