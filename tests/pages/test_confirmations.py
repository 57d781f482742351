"""Groups and farms are confirmed by one click; the page of a party says how it stands."""

from html import unescape

import pytest

from pooling.regimes import Regime
from pooling.store.market import trip as trip_table
from pooling.store.people import party
from pooling.store.rows import changed, found
from tests.desk.market import announced

CUMA = "CUMA du Mont Agel"


def says_group(visitor, name):
    done = visitor(name).press("/party", action="/party", name=name.title(), group=CUMA)
    assert done.status_code == 303


def test_the_operator_and_then_a_member_confirm_a_group_by_one_click(town, visitor):
    for name in ("farm", "restaurant"):
        says_group(visitor, name)
    assert "demandé, pas encore confirmé" in visitor("farm").get("/party").text
    operator, path = visitor("operator"), f"/parties/{town.parties['farm']}"
    assert "groupement à confirmer" in operator.get("/parties?waiting=yes").text
    assert operator.press(path, action=f"{path}/group").status_code == 303
    farm = visitor("farm")
    shown = farm.get("/party").text
    assert "confirmé par Operator" in shown and "Qui demande à faire partie" in shown
    asker = f"/party/group-askers/{town.parties['restaurant']}/confirm"
    assert farm.press("/party", action=asker).status_code == 303
    assert "Qui demande à faire partie" not in farm.get("/party").text
    assert "confirmé par Farm" in visitor("restaurant").get("/party").text
    assert "Personne n’attend" in operator.get("/parties?waiting=yes").text


def test_the_operator_takes_a_farm_back_and_confirms_it_and_its_page_says_so(town, visitor):
    operator, path = visitor("operator"), f"/parties/{town.parties['farm']}"
    assert operator.press(path, action=f"{path}/farm").status_code == 303
    assert "vous ne pouvez pas partager les frais" in visitor("farm").get("/party").text
    assert "exploitation à confirmer" in operator.get("/parties?waiting=yes").text
    assert operator.press(path, action=f"{path}/farm").status_code == 303
    shown = visitor("farm").get("/party").text
    assert "confirmé par Operator" in shown and "vous ne pouvez pas partager" not in shown


@pytest.mark.parametrize(
    ("regime", "name", "told"),
    [
        (Regime.GROUPEMENT, "neighbour", "ne sont pas du même groupement"),
        (Regime.COTRANSPORT_AGRICOLE, "neighbour", "n’a pas encore confirmé"),
        (Regime.COTRANSPORT_AGRICOLE, "restaurant", "seules les fermes"),
        (Regime.TRANSPORTEUR, "restaurant", ""),
    ],
)
def test_whoever_may_never_pay_is_told_so_by_the_rule_and_not_by_its_role(town, visitor, regime, name, told):
    waits = {"farm_waits": name == "neighbour" and regime is not Regime.GROUPEMENT}
    trip = announced(town)

    def work(tx):
        changed(tx, trip_table, found(tx, trip_table, trip), {"regime": regime.value})
        changed(tx, party, found(tx, party, town.parties[name]), waits)

    town.house.desk.store.change(work)
    page = unescape(visitor(name).get(f"/trips/{trip}").text)
    assert (told in page) if told else ('href="/search"' in page)
    assert ('class="button" href="/search"' in page) == (not told)
