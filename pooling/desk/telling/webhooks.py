"""Have a party's events posted to another system, and stop that."""

from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.store import Ask, Tx
from pooling.store.notices import delete_webhook, drop_waiting, find_webhook, webhooks_counted
from pooling.store.rows import added
from pooling.store.work import webhook
from pooling.telling.webhooks import fresh_secret, is_public

Carries = Literal["events", "manifests"]

WEBHOOKS_LIMIT = 5
"""How many systems may be told of the events of one party."""


class WebhookUrlBad(Refusal):
    code = "webhook_url_bad"
    reason = "Events cannot be posted to this address."
    cure = "Write an address such as https://shop.example/carriole, without a name or password in it."


class WebhookAddressPrivate(Refusal):
    code = "webhook_address_private"
    reason = "This address lies in a private network."
    cure = "Give an address of the open Internet, or ask the operator to allow the house's own network."


class WebhooksTooMany(Refusal):
    code = "webhooks_too_many"
    reason = "A party may have at most {limit} webhooks."
    cure = "Remove one that nobody needs any more."


def create_webhook(
    desk: Desk, who: Actor, ask: Ask, party_id: str, url: str, *, inside: bool, carries: Carries = "events"
) -> str:
    """
    Have the events of one's own party posted to an address; its secret is made here.

    One that carries ``manifests`` leads to another carrier's system: it is posted each manifest of the
    party's own, whole, and may send back what happens on its runs.

    ``inside`` is the operator's setting: plain http and private addresses are allowed. Where a name
    leads is looked at anew before each post.
    """
    who.must_act_for(party_id)
    must_be_postable(url, inside=inside)

    def save(tx: Tx) -> str:
        if webhooks_counted(tx, party_id) >= WEBHOOKS_LIMIT:
            raise WebhooksTooMany(limit=WEBHOOKS_LIMIT)
        return added(
            tx,
            webhook,
            "whk",
            party_id=party_id,
            url=url,
            secret=fresh_secret(),
            carries=carries,
            member_id=who.member_id,
        )

    return desk.once(ask, save)


def remove_webhook(desk: Desk, who: Actor, ask: Ask, webhook_id: str) -> str:
    """Post nothing more to a webhook; what still waits for it is dropped."""

    def save(tx: Tx) -> str:
        row = find_webhook(tx, webhook_id)
        who.must_see("webhook", webhook_id, row.party_id)
        who.must_act_for(row.party_id)
        drop_waiting(tx, "webhook", webhook_id, "removed")
        delete_webhook(tx, webhook_id)
        return webhook_id

    return desk.once(ask, save)


def must_be_postable(url: str, *, inside: bool) -> None:
    """Refuse an address that no event may go to, as far as its words tell."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise WebhookUrlBad from error
    schemes = {"https", "http"} if inside else {"https"}
    if parts.scheme not in schemes or not host or "@" in parts.netloc or any(one.isspace() for one in url):
        raise WebhookUrlBad
    if not inside and _is_literal(host) and not is_public(host):
        raise WebhookAddressPrivate


def _is_literal(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
