"""What delivering oneself costs, over the API: without sign-in, and kept nowhere."""

WISH = {
    "home": "Peille",
    "deliveries": [{"address": "Menton", "crates": 6, "goods_value_cents": 25_000}],
    "runs_per_year": 30,
}


def test_anybody_is_told_the_cost_and_the_lines_add_up(client):
    answer = client.post("/api/v1/costs", json=WISH)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    lines = ("vehicle_cents", "energy_cents", "tolls_cents", "driving_cents", "loading_cents")
    assert sum(found[line] for line in lines) == found["full_cost_cents"]
    assert found["shareable_cost_cents"] == sum(found[line] for line in lines[:3])
    assert found["full_cost_per_year_cents"] == 30 * found["full_cost_cents"]
    assert found["above_target"] == (found["full_cost_cents"] > 3_750)


def test_what_is_said_otherwise_counts(client):
    free = WISH | {"rates": {"labour_cents_per_hour": 0}}
    found = client.post("/api/v1/costs", json=free).json()
    assert found["full_cost_cents"] == found["shareable_cost_cents"] > 0


def test_an_unknown_address_and_too_many_deliveries_are_refused(client):
    lost = client.post("/api/v1/costs", json=WISH | {"home": "Nowhere at all"})
    assert (lost.status_code, lost.json()["code"]) == (404, "address_unknown")
    many = client.post("/api/v1/costs", json=WISH | {"deliveries": WISH["deliveries"] * 21})
    assert many.status_code == 422
    assert client.post("/api/v1/costs", json=WISH | {"deliveries": []}).status_code == 422
