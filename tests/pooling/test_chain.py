"""The chain: one changed word, one missing record or two that changed places are named."""

import pytest

from pooling.runs.chain import BEGINS, canonical, chained, verify


def chain(shipment, *words):
    before, records = BEGINS, []
    for number, word in enumerate(words, start=1):
        record = {"id": f"{shipment}-{number}", "shipment_id": shipment, "number": number, "note": word}
        before = chained(before, record)
        records.append(record | {"hash": before})
    return records


def broken(records):
    return [one.record for one in verify(records).broken]


def test_whole_chains_are_counted_and_nothing_is_broken():
    found = verify([*chain("a", "on", "off"), *chain("b", "on")])
    assert (found.shipments, found.records, found.broken) == (2, 3, ())


def test_no_records_are_no_broken_ones():
    assert verify([]).records == 0


@pytest.mark.parametrize("field", ["id", "shipment_id", "number", "note", "hash"])
def test_a_changed_word_names_its_record_alone(field):
    records = chain("a", "on", "off", "back")
    records[1] = records[1] | {field: 9 if field == "number" else "a" if field == "shipment_id" else "else"}
    if field == "shipment_id":
        records[1]["note"] = "else"
    assert verify(records).broken[0].record == records[1]["id"]


def test_a_record_taken_out_is_missed_by_the_next():
    first, _, third = chain("a", "on", "off", "back")
    assert broken([first, third]) == [third["id"]]


def test_a_forged_record_with_a_hash_of_its_own_is_found_by_the_one_after_it():
    first, second, third = chain("a", "on", "off", "back")
    forged = second | {"note": "else"}
    forged["hash"] = chained(first["hash"], forged)
    assert broken([first, forged, third]) == [third["id"]]


def test_the_same_words_are_the_same_bytes_in_whatever_order():
    assert canonical({"b": 1, "a": "é", "hash": "x"}) == '{"a":"é","b":1}'
    with pytest.raises(ValueError, match="Out of range"):
        canonical({"lat": float("nan")})
