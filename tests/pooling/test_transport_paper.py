"""The paper of each shipment: what must stand on it before departure, and what is added as it happens."""

from dataclasses import replace

import pytest

from pooling.regimes import COST_SHARING, Regime
from pooling.runs.transport_paper import (
    AS_IT_HAPPENS,
    BEFORE_DEPARTURE,
    NAMES,
    Haulage,
    Lading,
    Mention,
    PapersIncomplete,
    filled,
    must_be_complete,
    paper_json,
    read_paper,
    write_paper,
)

LOU = Haulage(
    manifest="20260912-H1",
    regime="transporteur",
    carrier="Transports Lou",
    address="2 quai Antoine, 98000 Monaco",
    siren="552100554",
    licence="LTI-2026-0417",
    plate="AB-123-CD",
    driver="Lou",
    day="2026-09-12",
    issued_on="2026-09-11",
)
CHEESE = Lading(
    shipment="S1",
    shipper="Ferme de la Colle",
    pickup_site="Ferme",
    pickup_address="12 chemin de la Colle, 06320 La Turbie",
    consignee="Chez Lou",
    drop_site="Restaurant",
    drop_address="3 quai des États-Unis, 98000 Monaco",
    goods="Fresh goat cheese",
    temperature="chilled",
    limit_c=4,
    crates=6,
    kg=48,
)


def test_a_waybill_bears_every_field_of_the_order_in_its_order():
    paper = write_paper(LOU, CHEESE, 1)
    names = [one.name for one in paper.mentions]
    assert names == [name for name in NAMES if name in names]
    assert set(names) == {*BEFORE_DEPARTURE, "driver", *AS_IT_HAPPENS}
    assert (paper.kind, paper.number, paper.missing) == ("waybill", "20260912-H1/01", ())
    must_be_complete("20260912-H1", [paper])


EMPTIED = {
    "carrier_address": (replace(LOU, address=""), CHEESE),
    "carrier_siren": (replace(LOU, siren=""), CHEESE),
    "carrier_licence": (replace(LOU, licence=""), CHEESE),
    "plate": (replace(LOU, plate=""), CHEESE),
    "pickup_address": (LOU, replace(CHEESE, pickup_address="")),
    "drop_address": (LOU, replace(CHEESE, drop_address="")),
    "goods": (LOU, replace(CHEESE, goods="")),
}


@pytest.mark.parametrize("name", EMPTIED)
def test_for_hire_none_sets_out_while_a_field_is_missing(name):
    paper = write_paper(*EMPTIED[name], 1)
    with pytest.raises(PapersIncomplete) as refused:
        must_be_complete("20260912-H1", [paper])
    assert refused.value.facts["fields"] == {"S1": [name]}
    assert NAMES[name] in refused.value.sentence and "Ferme → Restaurant" in refused.value.sentence


def test_the_refusal_lists_every_missing_field_of_every_shipment_at_once():
    van = replace(LOU, plate="")
    papers = [
        write_paper(van, CHEESE, 1),
        write_paper(van, replace(CHEESE, shipment="S2", drop_address=""), 2),
    ]
    with pytest.raises(PapersIncomplete) as refused:
        must_be_complete("N", papers)
    assert refused.value.facts["fields"] == {"S1": ["plate"], "S2": ["plate", "drop_address"]}


@pytest.mark.parametrize("regime", sorted([*COST_SHARING, Regime.OWN_ACCOUNT]))
def test_a_delivery_note_asks_no_licence_and_holds_whoever_lacks_what_it_asks(regime):
    bare = Haulage("N", regime.value, "Farm", "", "", "", "", "", "2026-09-12", "2026-09-12")
    paper = write_paper(bare, replace(CHEESE, pickup_address="", drop_address=""), 1)
    assert (paper.kind, paper.missing) == ("delivery_note", ())
    assert "carrier_licence" not in {one.name for one in paper.mentions}
    must_be_complete("N", [paper])
    with pytest.raises(PapersIncomplete):
        must_be_complete("N", [replace(paper, mentions=(Mention("weight", "", "before_departure"),))])


def test_what_happens_is_added_and_nothing_else_changes():
    paper = write_paper(LOU, CHEESE, 1)
    happened = {"loaded": "2026-09-12 06:47 · Mme Rossi", "reserves": "short", "plate": "ZZ-999-ZZ"}
    later = filled(paper, happened)
    assert (later.value("loaded"), later.value("reserves")) == ("2026-09-12 06:47 · Mme Rossi", "short")
    assert (later.value("plate"), later.value("unloaded")) == ("AB-123-CD", "")


def test_a_paper_reads_back_as_it_was_written():
    paper = write_paper(LOU, CHEESE, 7)
    assert read_paper(paper_json(paper)) == paper
