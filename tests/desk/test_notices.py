"""Told in time: each event reaches the parties concerned and nobody else, when they are awake."""

import threading
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from api.letters.mail import written
from api.letters.notice_letters import NEWS
from api.papers import words
from pooling.desk.telling.notices import write_notices
from pooling.desk.telling.sending import send_notices
from pooling.desk.tours.tour_books import WINDOWS
from pooling.store.market import trip
from pooling.store.rows import added
from pooling.store.touring import sign_up
from pooling.telling.mail import MailFailed
from pooling.telling.quiet import after_quiet
from pooling.telling.topics import MAILED
from tests.desk.telling import Killed, Outside, change_member, happen, make_driver, notices, tell_all
from tests.desk.touring import confirmed, row

DAY_S = 24 * 3600


@pytest.fixture
def outside():
    return Outside()


def test_every_topic_that_is_mailed_has_its_words_and_no_other():
    assert set(NEWS) == MAILED


@pytest.mark.parametrize("topic", sorted(MAILED))
def test_each_topic_reaches_the_parties_concerned_and_nobody_else(town, outside, topic):
    happen(town, topic, "farm", "restaurant")
    tell_all(town, outside)
    assert outside.readers == ["farm", "restaurant"]


@pytest.mark.parametrize("topic", sorted(MAILED))
def test_a_mail_holds_no_fact_of_the_event(town, outside, topic):
    """Promise 8: another's client, price or volume cannot be in a mail, whatever the event holds."""
    happen(town, topic, "farm", client="Le Grand Hotel", cents=98765, crates=43210)
    tell_all(town, outside)
    [mail] = outside.mails
    text = written(mail, "carriole@localhost", town.clock.now()).as_string()
    assert not any(secret in text for secret in ("Grand Hotel", "98765", "43210", "Restaurant", "pty_"))


def test_what_is_only_of_the_page_is_mailed_to_nobody(town, outside):
    happen(town, "job.changed", "farm")
    tell_all(town, outside)
    assert outside.mails == [] and notices(town) == []


def test_nobody_is_mailed_what_it_did_itself(town, outside):
    happen(town, "bid.placed", "farm", "neighbour", by="neighbour")
    tell_all(town, outside)
    assert outside.readers == ["farm"]


def test_a_member_of_two_parties_concerned_gets_one_mail(town, outside):
    from pooling.store.people import membership

    both = {"member_id": town.members["farm"], "party_id": town.parties["shop"], "created_at": 0}
    town.house.desk.store.change(
        lambda tx: tx.connection.execute(membership.insert().values(duty="manager", **both))
    )
    happen(town, "trip.changed", "farm", "shop")
    tell_all(town, outside)
    assert outside.readers == ["farm", "shop"]


def test_a_driver_is_mailed_its_own_rides_manifest_and_hours_and_nothing_else(town, outside, clock):
    make_driver(town, "neighbour", "farm")
    make_driver(town, "shop", "restaurant")
    ride = town.house.desk.store.change(
        lambda tx: added(
            tx,
            trip,
            "trip",
            owner_id=town.parties["farm"],
            driver="",
            regime="own_account",
            day=date(2026, 9, 14),
            timezone="Europe/Paris",
            region="riviera",
            detour_s=0,
            cutoff_at=clock.now(),
            plan="",
        )
    )
    for topic in ("ride.frozen", "hours.changed", "bid.placed", "trip.cancelled"):
        happen(town, topic, "farm", "restaurant", about=("trip", ride))
    tell_all(town, outside)
    mails = {mail.to.partition("@")[0]: mail for mail in outside.mails}
    assert sorted(mails) == ["farm", "neighbour", "restaurant"]  # who drives for the guest is told nothing
    lines = [line for line in mails["neighbour"].body.splitlines() if line.startswith("- ")]
    assert lines == [
        "- Lundi 14 septembre 2026\xa0: le trajet est arrêté, sa feuille de route est prête",
        "- Lundi 14 septembre 2026\xa0: des heures ont changé",
    ]


def test_mails_due_at_the_same_moment_are_gathered_into_one(town, outside):
    change_member(town, "farm", language="en")
    happen(town, "bid.placed", "farm")
    happen(town, "bid.withdrawn", "farm")
    tell_all(town, outside)
    [mail] = outside.mails
    assert mail.subject == "Carriole: 2 messages"
    assert "- A bid was placed\n  https://carriole.example/trips/trip_1\n- A bid was withdrawn\n" in mail.body
    assert {row.state for row in notices(town)} == {"sent"}


def test_a_second_round_sends_nothing_again(town, outside):
    happen(town, "bid.placed", "farm")
    assert (tell_all(town, outside), tell_all(town, outside)) == (1, 0)
    assert len(outside.mails) == 1


def test_who_sends_rests_after_each_letter_so_that_requests_come_first(town, outside):
    happen(town, "bid.placed", "farm", "neighbour")
    rested = []
    senders = replace(outside.senders(), rest=lambda: rested.append(len(outside.mails)))
    write_notices(town.house.desk)
    assert send_notices(town.house.desk, senders) == len(outside.mails) > 1
    assert rested == list(range(1, len(outside.mails) + 1))


def at(text, zone="Europe/Paris", fold=0):
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp())


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-09-12T21:59:59", "2026-09-12T21:59:59"),  # the last second before it is quiet
        ("2026-09-12T22:00:00", "2026-09-13T06:00:00"),
        ("2026-09-13T05:59:59", "2026-09-13T06:00:00"),
        ("2026-09-13T06:00:00", "2026-09-13T06:00:00"),
        ("2026-10-24T23:00:00", "2026-10-25T06:00:00"),  # autumn: the night has 9 hours
        ("2026-03-28T23:00:00", "2026-03-29T06:00:00"),  # spring: it has 7
    ],
)
def test_quiet_hours_end_at_six_on_the_wall_clock(now, due):
    assert after_quiet(at(now), 22 * 3600, 6 * 3600, "Europe/Paris") == at(due)


def test_the_night_is_as_long_as_the_wall_clock_says():
    evening = at("2026-10-24T22:00:00")
    assert after_quiet(evening, 22 * 3600, 6 * 3600, "Europe/Paris") - evening == 9 * 3600
    evening = at("2026-03-28T22:00:00")
    assert after_quiet(evening, 22 * 3600, 6 * 3600, "Europe/Paris") - evening == 7 * 3600


def test_quiet_hours_that_end_in_the_hour_that_autumn_repeats_end_no_earlier_than_now():
    again = at("2026-10-25T02:10:00", fold=1)
    assert after_quiet(again, 22 * 3600, 2 * 3600 + 1800, "Europe/Paris") == again + 1200


def test_the_same_hour_twice_means_that_no_hour_is_quiet():
    assert after_quiet(at("2026-09-12T03:00:00"), 0, 0, "Europe/Paris") == at("2026-09-12T03:00:00")


def test_quiet_hours_of_the_day_do_not_go_over_midnight():
    assert after_quiet(at("2026-09-12T13:00:00"), 12 * 3600, 14 * 3600, "Europe/Paris") == at(
        "2026-09-12T14:00:00"
    )
    assert after_quiet(at("2026-09-12T15:00:00"), 12 * 3600, 14 * 3600, "Europe/Paris") == at(
        "2026-09-12T15:00:00"
    )


def test_what_happens_at_night_is_mailed_in_the_morning_in_one_mail(town, clock, outside):
    clock.forward(17 * 3600)  # 23:00
    happen(town, "bid.placed", "farm")
    tell_all(town, outside)
    clock.forward(3600)
    happen(town, "bid.withdrawn", "farm")
    tell_all(town, outside)
    assert outside.mails == []
    clock.forward(6 * 3600)  # 06:00
    tell_all(town, outside)
    assert [mail.subject for mail in outside.mails] == ["Carriole : 2 messages"]


def test_a_mail_that_was_due_in_the_evening_does_not_wake_whoever_sleeps_when_it_is_sent(
    town, clock, outside
):
    happen(town, "bid.placed", "farm")
    write_notices(town.house.desk)
    clock.forward(17 * 3600)
    tell_all(town, outside)
    assert outside.mails == []
    clock.forward(7 * 3600)
    tell_all(town, outside)
    assert outside.readers == ["farm"]


def test_mail_is_tried_again_later_and_later_and_dropped_after_three_days_with_its_reason(
    town, clock, outside
):
    change_member(town, "farm", quiet_from_s=0, quiet_until_s=0)
    happen(town, "bid.placed", "farm")
    outside.fails = MailFailed("status 451")
    waits, began = [], clock.now()
    while notices(town) == [] or notices(town)[0].state == "waiting":
        tell_all(town, outside)
        [row] = notices(town)
        waits.append(row.due_at - clock.now())
        clock.at = row.due_at
    assert waits[:4] == [30, 90, 270, 810]
    assert (row.state, row.reason) == ("dropped", "status 451")
    assert clock.now() - began <= 3 * DAY_S


def test_an_address_that_is_refused_for_good_is_not_tried_again(town, outside):
    happen(town, "bid.placed", "farm")
    outside.fails = MailFailed("the address was refused", for_good=True)
    tell_all(town, outside)
    assert [(row.state, row.reason) for row in notices(town)] == [("dropped", "the address was refused")]


def test_a_mail_server_that_is_away_is_asked_once_and_not_for_each_letter(town, clock, outside):
    asked = []
    outside.send = lambda mail: asked.append(mail) or (_ for _ in ()).throw(MailFailed("no answer"))
    happen(town, "bid.placed", "farm", "neighbour", "shop")
    tell_all(town, outside)
    tell_all(town, outside)
    assert len(asked) == 1
    del outside.send
    clock.forward(60)
    tell_all(town, outside)
    assert outside.readers == ["farm", "neighbour", "shop"]


def test_killed_between_sending_and_marking_a_letter_is_sent_again_under_the_same_id(town, clock, outside):
    happen(town, "bid.placed", "farm")
    outside.killed = True
    with pytest.raises(Killed):
        tell_all(town, outside)
    outside.killed = False
    happen(town, "bid.withdrawn", "farm")  # news since: it does not change the letter that was begun
    assert tell_all(town, outside) == 1
    clock.forward(300)
    tell_all(town, outside)
    first, news, again = outside.mails
    assert first == again != news
    assert first.headers["Message-ID"] == again.headers["Message-ID"] != news.headers["Message-ID"]
    travels = written(again, "Carriole <carriole@localhost>", clock.now())
    assert travels.get_all("Message-ID") == [again.headers["Message-ID"]]


def test_many_workers_write_each_notice_once_and_send_it_once(town, outside):
    for _ in range(30):
        happen(town, "bid.placed", "farm", "shop")
    errors = []

    def work():
        try:
            for _ in range(5):
                tell_all(town, outside)
        except Exception as error:  # noqa: BLE001 - shown below
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tell_all(town, outside)
    assert errors == []
    assert len(notices(town)) == 60 and {row.state for row in notices(town)} == {"sent"}
    assert len({mail.headers["Message-ID"] for mail in outside.mails}) == len(outside.mails)


def test_notices_tell_what_was_sent_when_and_only_to_oneself(client, town, outside):
    happen(town, "bid.placed", "farm", "shop")
    tell_all(town, outside)
    page = client.get("/api/v1/notices", headers=town.headers("farm")).json()
    [told] = page["items"]
    assert (told["topic"], told["channel"], told["state"], told["attempts"]) == (
        "bid.placed",
        "mail",
        "sent",
        1,
    )
    assert datetime.fromisoformat(told["sent"]).timestamp() == town.clock.now()
    assert client.get("/api/v1/notices", headers=town.headers("neighbour")).json()["items"] == []


def test_a_letter_that_goes_wrong_by_our_mistake_keeps_no_other_from_being_sent(town, clock, outside):
    change_member(town, "farm", language="tlh")
    happen(town, "bid.placed", "farm", "shop")
    tell_all(town, outside)
    assert outside.readers == ["shop"]
    assert [row.reason for row in notices(town) if row.state == "waiting"] == ["LanguageUnknown"]


def test_changed_hours_are_told_on_the_wall_clock_and_only_those_that_one_may_know(town, outside, clock):
    change_member(town, "farm", language="en")
    change_member(town, "shop", language="en")
    at_ten = clock.now() + 4 * 3600
    happen(town, "hours.changed", "farm", pickup_at=clock.now() + 3600, drop_at=at_ten)
    happen(town, "hours.changed", "shop", drop_at=at_ten)
    happen(town, "bid.accepted", "shop", drop_at=at_ten, pickup_at=1)
    tell_all(town, outside)
    lines = {
        mail.to: [one for one in mail.body.splitlines() if one.startswith("- ")] for mail in outside.mails
    }
    assert lines == {
        "farm@example.org": ["- Hours have changed, pickup now 07:00, delivery now 10:00"],
        "shop@example.org": [
            "- Hours have changed, delivery now 10:00",
            "- A bid was accepted, its crates ride",
        ],
    }


def test_waiting_a_hub_and_a_van_taken_over_are_told_with_their_figures(town, outside, clock):
    change_member(town, "farm", language="en")
    happen(town, "waiting.noted", "farm", minutes=20, cents=400, note="Not packed: ring Jeanne")
    happen(town, "waiting.corrected", "farm", minutes=0, cents=0, note="Packed")
    happen(town, "handover.taken_over", "farm", crates=4, way="over", hash="0", shipment="shp_1")
    happen(town, "hub.expects", "farm", crates=6, use="fetch", day="2026-09-12", shipment="shp_1")
    happen(town, "hub.released", "farm", day="2026-09-12", shipment="shp_1")
    tell_all(town, outside)
    day = "Saturday 12 September 2026"
    assert [one for one in outside.mails[0].body.splitlines() if one.startswith("- ")] == [
        "- A vehicle waited at a stop, 20 minutes, 4.00\xa0€ for it",
        "- A note of waiting at a stop was corrected, 0 minutes, 0.00\xa0€ for it",
        "- Crates changed vans on their way, 4 crates",
        f"- {day}: {words('en').say(NEWS['hub.expects'])}, 6 crates, fetched there by who receives them",
        f"- {day}: crates that were meant for your hub do not come",
    ]


def test_whose_place_is_confirmed_reads_its_own_hours_and_share_and_what_has_changed(town, outside):
    """The farm reads French, its neighbour English; the neighbour's order is for the restaurant."""
    change_member(town, "neighbour", language="en")
    _, ups = confirmed(town)
    tell_all(town, outside)
    rows = [row(town, sign_up, one) for one in ups]
    places = {town.parties[name]: name for name in ("farm", "neighbour")}
    letters = {mail.to.partition("@")[0]: mail.body for mail in outside.mails}
    for one in rows:
        mine = next(at for at in letters[places[one.payer_id]].splitlines() if "confirm" in at)
        french = places[one.payer_id] == "farm"
        wall = [_wall(getattr(one, at)) for at in WINDOWS]
        between = "entre {} et {}" if french else "between {} and {}"
        assert between.format(*wall[:2]) in mine and between.format(*wall[2:]) in mine
        said = [f"{other.share_cents / 100:.2f}" for other in rows]
        said = [amount.replace(".", ",") if french else amount for amount in said]
        assert [amount in mine for amount in said] == [other.id == one.id for other in rows]
        assert ("transporteur\xa0: Carrier" if french else "carried by Carrier") in mine
        assert ("annoncé avant" if french else "told before") in mine
    rest = (body for to, body in letters.items() if to not in places.values())
    assert not any(f"{one.share_cents / 100:.2f}"[:4] in body for one in rows for body in rest)


def _wall(at):
    return f"{datetime.fromtimestamp(at, ZoneInfo('Europe/Paris')):%H:%M}"


@pytest.mark.parametrize(
    ("about", "page"),
    [
        (("bid", "bid_1"), "https://carriole.example/bids/bid_1\n"),
        (("order", "ord_1"), "https://carriole.example/orders/ord_1\n"),
        (("manifest", "mnf_1"), "- Le trajet est arrêté"),
    ],
    ids=["bid", "order", "manifest"],
)
def test_a_mail_leads_to_what_it_is_about_where_its_reader_may_look(town, outside, about, page):
    happen(town, "ride.frozen", "farm", about=about)
    tell_all(town, outside)
    [mail] = outside.mails
    assert page in mail.body and "/manifests/" not in mail.body
