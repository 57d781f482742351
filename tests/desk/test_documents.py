"""The file of a carrier's paper: kept as it was vetted, seen by its carrier and operators alone."""

import pytest
from sqlalchemy import func, select

from geodata.refusal import Refusal
from pooling.desk.carriers.documents import seen_document, send_document, take_document_back
from pooling.desk.carriers.dossiers import check_paper
from pooling.files.document import DocumentsFull
from pooling.store.carriers import find_paper
from pooling.store.carrying import paper_file
from pooling.store.rows import NotFound, RevisionNeeded
from tests.desk.carrying import INSURANCE, applied, did, paper
from tests.pooling.test_document import PDF


def other(word):
    return PDF.replace(b"JSmith", word)


def seen(town, paper_id, name="operator", **which):
    with town.house.desk.store.view() as view:
        return seen_document(view, town.actor(name), paper_id, **which).content


def checked(town, paper_id):
    with town.house.desk.store.view() as view:
        revision = find_paper(view, paper_id).revision
    did(town, check_paper, "operator", paper_id, revision, "checked", "")


def test_an_operator_vets_the_file_that_it_saw_and_only_the_last_vetted_is_kept(town):
    applied(town)
    paper_id = paper(town, INSURANCE, state="entered")
    did(town, send_document, "carrier", paper_id, PDF)
    with pytest.raises(RevisionNeeded):
        did(town, check_paper, "operator", paper_id, None, "checked", "")
    checked(town, paper_id)
    did(town, send_document, "carrier", paper_id, other(b"Second"))
    checked(town, paper_id)
    assert seen(town, paper_id, vetted=True) == other(b"Second") and kept(town) == 1


def kept(town):
    with town.house.desk.store.view() as view:
        return view.connection.execute(select(func.count()).select_from(paper_file)).scalar_one()


def test_what_was_vetted_stays_whatever_is_sent_in_its_place_or_taken_away(town):
    applied(town)
    paper_id = paper(town, INSURANCE, state="entered")
    did(town, send_document, "carrier", paper_id, PDF)
    did(town, send_document, "carrier", paper_id, other(b"Second"))
    assert seen(town, paper_id) == other(b"Second") and kept(town) == 1
    checked(town, paper_id)
    did(town, send_document, "carrier", paper_id, other(b"Third"))
    assert (seen(town, paper_id), seen(town, paper_id, vetted=True)) == (other(b"Third"), other(b"Second"))
    did(town, take_document_back, "carrier", paper_id)
    with pytest.raises(NotFound):
        seen(town, paper_id)
    assert seen(town, paper_id, vetted=True) == other(b"Second") and kept(town) == 1
    with town.house.desk.store.view() as view:
        assert find_paper(view, paper_id).state == "checked"


def test_nobody_but_its_carrier_and_operators_sees_it_and_only_its_carrier_sends_it(town):
    applied(town)
    paper_id = paper(town, INSURANCE, state="entered")
    did(town, send_document, "carrier", paper_id, PDF)
    assert seen(town, paper_id, "carrier") == seen(town, paper_id, "operator") == PDF
    for name in ("farm", "restaurant", "shop"):
        with pytest.raises(NotFound):
            seen(town, paper_id, name)
    for name, code in (("farm", "not_found"), ("operator", "not_allowed")):
        with pytest.raises(Refusal) as told:
            did(town, send_document, name, paper_id, PDF)
        assert told.value.code == code


def test_what_one_carrier_keeps_is_bounded_and_what_is_replaced_counts_no_more(town, monkeypatch):
    applied(town)
    paper_id = paper(town, INSURANCE, state="entered")
    monkeypatch.setattr("pooling.desk.carriers.documents.DOCUMENTS_LIMIT_BYTES", 2 * len(PDF) - 1)
    did(town, send_document, "carrier", paper_id, PDF)
    did(town, send_document, "carrier", paper_id, other(b"JSmitt"))
    checked(town, paper_id)
    with pytest.raises(DocumentsFull) as told:
        did(town, send_document, "carrier", paper_id, PDF)
    assert told.value.facts == {"limit": 2 * len(PDF) - 1, "held": len(PDF), "size": len(PDF)}
    assert seen(town, paper_id) == other(b"JSmitt")
