"""Seeding on pages: a file pasted, a ranking read, tours drafted, invitations sent, opened and answered."""

import re
from dataclasses import fields, replace
from html import unescape

from api.letters.invite_letters import invite_letter
from pooling.desk.seeds.draft_invitations import remind_draft_invitation
from pooling.desk.seeds.seeding import propose_draft
from pooling.desk.tours.tour_words import TourWords
from pooling.desk.tours.tours import cancel_tour, change_tour
from pooling.store.touring import tour
from pooling.work.workers import work_off
from tests.desk import seeds, touring
from tests.desk.test_demand import buyers_in_vain
from tests.houses import mails


def pasted(pages, text):
    form = pages.form("/seeding", "/seeding/send")
    return pages.client.post(form.action, data=form.fields | {"lines": text}, follow_redirects=False)


def test_an_operator_pastes_purchases_reads_the_ranking_and_has_tours_drafted(town, visitor):
    pages = visitor("operator")
    assert pasted(pages, "").status_code == 422
    assert pasted(pages, seeds.file_of(*seeds.LINKS, "Farm,43,7,,,,,x").decode()).status_code == 303
    told = unescape(pages.get("/seeding").text)
    assert "4 liens" in told and "Ligne 6, crates" in told and "1. Restaurant" in told
    assert "1. Farm" in unescape(pages.get("/seeding?side=producers").text)
    form = pages.form("/seeding", "/seeding/draft")
    nothing = {name: value for name, value in form.fields.items() if not name.startswith("day")}
    assert pages.client.post(form.action, data=nothing, follow_redirects=False).status_code == 422
    assert pages.client.post(form.action, data=form.fields, follow_redirects=False).status_code == 303
    assert "<progress" in pages.get("/seeding").text
    work_off(town.house.desk)
    assert "<progress" not in pages.get("/seeding").text


def test_a_draft_and_the_page_of_demand_say_what_buyers_asked_for_in_vain(town, visitor):
    buyers_in_vain(town)
    pages = visitor("operator")
    said = "acheteurs près de"
    assert said in unescape(pages.get(f"/tour-drafts/{seeds.drafted_first(town)}").text)
    told = unescape(pages.get(f"/demand?first={touring.DAY}&last={touring.DAY}").text)
    assert "voulu ici par des acheteurs" in told and "courgettes\xa0: 6" in told


def test_a_draft_shows_its_map_and_whoever_is_invited_answers_on_a_phone(town, visitor):
    pages = visitor("operator")
    draft_id = seeds.drafted_first(town)
    shown = unescape(pages.get(f"/tour-drafts/{draft_id}").text)
    assert "<polyline" in shown and "Farm" in shown and "caisse" in shown
    form = pages.form(f"/tour-drafts/{draft_id}", f"/tour-drafts/{draft_id}/invite")
    sent = pages.client.post(
        form.action, data=form.fields | {"email": "anna@example.org"}, follow_redirects=False
    )
    assert sent.status_code == 303
    (mail,) = [one for one in mails(town) if one["To"] == "anna@example.org"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.search(r"/invited/\S+", mail.get_content())[0]
    guest = visitor().client
    page = guest.get(path)
    assert page.status_code == 200 and page.headers["Referrer-Policy"] == "no-referrer"
    assert "vous coûterait environ" in unescape(page.text) and "Neighbour" not in page.text
    assert "a vu" in unescape(pages.get(f"/tour-drafts/{draft_id}").text)
    assert "Vous avez décliné" in unescape(guest.post(f"{path}/decline").text)
    assert "a décliné" in unescape(pages.get(f"/tour-drafts/{draft_id}").text)
    assert guest.get("/invited/guessed").status_code == 404


def test_once_a_tour_is_proposed_page_and_letters_tell_its_day_and_price_as_they_stand(town, visitor):
    draft_id = seeds.drafted_first(town)
    desk, who = town.house.desk, town.actor("operator")
    invitation_id, letter = seeds.invited(town, draft_id, email="anna@example.org", language="en")
    assert "would cost you about" in mail_of(letter) and "Saturdays" in mail_of(letter)
    words = seeds.filling(town, crate_cents=987)
    tour_id = propose_draft(desk, who, town.ask("operator"), draft_id, words)
    guest = visitor().client
    page = unescape(guest.get(f"/invited/{letter.token}").text)
    assert "9.87" in page and "19 September" in page and "would cost you about" not in page
    later = replace(_words_of(town, tour_id), crate_cents=765, cutoff_at=seeds.CUTOFF + 3600)
    change_tour(desk, who, town.ask("operator"), tour_id, touring.revision_of(town, tour_id), later)
    page = unescape(guest.get(f"/invited/{letter.token}").text)
    assert "7.65" in page and "9.87" not in page
    town.clock.forward(3 * 24 * 3600)
    _, reminder = remind_draft_invitation(desk, who, town.ask("operator"), invitation_id)
    for told in (mail_of(reminder), mail_of(seeds.invited(town, draft_id, 2, email="x@example.org")[1])):
        assert "7.65" in told or "7,65" in told
        assert "Saturdays" not in told and "19 " in told and "would cost" not in told
    shown = visitor("operator").get(f"/draft-invitations/{invitation_id}")
    assert "7,65" in unescape(shown.text)
    cancel_tour(desk, who, town.ask("operator"), tour_id, None)
    page = unescape(guest.get(f"/invited/{letter.token}").text)
    assert "takes nobody any more" in page and f"/tours/{tour_id}" not in page


def mail_of(letter):
    return invite_letter(letter, "https://carriole.example").body


def _words_of(town, tour_id):
    row = touring.row(town, tour, tour_id)
    return TourWords(**{one.name: getattr(row, one.name) for one in fields(TourWords)})


def test_a_link_that_opens_nothing_is_answered_in_the_readers_language(visitor):
    guest = visitor().client
    for path in ("/invited/guessed", "/invited/guessed/no-more", "/unsubscribe/guessed"):
        english, french = (guest.get(path, headers={"accept-language": one}) for one in ("en", "fr-FR,fr"))
        assert (english.status_code, french.status_code) == (404, 404)
        assert 'lang="en"' in english.text and "opens nothing" in english.text
        assert 'lang="fr"' in french.text and "opens nothing" not in french.text
    declined = guest.post("/invited/guessed/decline", headers={"accept-language": "en"})
    assert declined.status_code == 404 and "opens nothing" in declined.text


def test_one_click_ends_such_mail_and_opening_the_page_does_not(town, visitor):
    draft_id = seeds.drafted_first(town)
    _, letter = seeds.invited(town, draft_id, email="anna@example.org")
    guest = visitor().client
    path = f"/invited/{letter.token}/no-more"
    assert guest.get(path).status_code == 200
    seeds.invited(town, draft_id, 2, email="anna@example.org")
    assert guest.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    pages = visitor("operator")
    form = pages.form(f"/tour-drafts/{draft_id}", f"/tour-drafts/{draft_id}/invite")
    again = pages.client.post(form.action, data=form.fields | {"email": "anna@example.org"})
    assert again.status_code == 409


def test_a_draft_is_proposed_from_its_page_and_exported(town, visitor):
    pages = visitor("operator")
    draft_id = seeds.drafted_first(town)
    form = pages.form(f"/tour-drafts/{draft_id}", f"/tour-drafts/{draft_id}/propose")
    typed = {"carrier": town.parties["carrier"], "driver": "Lou", "day": "2026-09-19"}
    typed |= {"cutoff_day": "2026-09-18", "cutoff": "18:00"}
    done = pages.client.post(form.action, data=form.fields | typed, follow_redirects=False)
    assert done.status_code == 303 and done.headers["location"].startswith("/tours/tour_")
    table = pages.get(f"/tour-drafts/{draft_id}/invitations.csv").text.splitlines()
    assert table[0].startswith("rank,role,name") and len(table) == 5
