"""The page of the true price: its lines, what is worse said in words, and the buyer let in by a button."""

from tests.desk.market import accepted, announced, bidden
from tests.desk.test_true_price import ordered


def riding(town):
    """Let the restaurant's order ride from the neighbour; returns the shipment."""
    shipment_id = ordered(town)
    accepted(town, bidden(town, announced(town), shipment_id))
    return shipment_id


def test_a_producer_reads_the_lines_and_lets_its_buyer_read_them(town, visitor):
    path = f"/shipments/{riding(town)}"
    mine, buyer = visitor("neighbour"), visitor("restaurant")
    page = mine.client.get(f"{path}/true-price")
    assert page.status_code == 200 and "96,00" in page.text and "payé à personne" in page.text
    assert "Pire qu’un camion plein." in page.text and "Il ne s’agit que du transport" in page.text
    assert f"{path}/true-price" in mine.client.get(path).text
    assert f"{path}/true-price" not in buyer.client.get(path).text
    assert buyer.client.get(f"{path}/true-price").status_code == 404
    assert mine.press(f"{path}/true-price", shared="yes").status_code == 303
    theirs = buyer.client.get(f"{path}/true-price")
    assert theirs.status_code == 200 and "96,00" in theirs.text
    assert "Livré seul" in page.text and "Livré seul" not in theirs.text
    assert "<form" in page.text and f'action="{path}/true-price"' not in theirs.text
    assert f"{path}/true-price" in buyer.client.get(path).text
    assert visitor("shop").client.get(f"{path}/true-price").status_code == 404
    assert mine.press(f"{path}/true-price", shared="no").status_code == 303
    assert buyer.client.get(f"{path}/true-price").status_code == 404
