"""Who pays what, beside going alone; and who owes whom."""

from collections.abc import Sequence

from rich.text import Text

from api.commands.play import Played
from api.papers.words import message
from api.story.names import party_name
from api.story.voice import Row, Voice
from pooling.days.worth import Participant
from pooling.ledger.settlement import Account, AccountKind, Transfer

WHY = {"card": message("card"), "fee": message("fee"), "gap": message("missing part")}
"""What a transfer is for, where it is not a shipment."""


def tell_shares(voice: Voice, participants: Sequence[Participant]) -> None:
    """Print what each party's day costs alone and now, and its part of what the goods are worth."""
    if not participants:
        return
    words = voice.words
    voice.head(words.say("Who pays what"))
    table = voice.table(
        words.say("Party"), words.say("alone"), words.say("now"), words.say("saved"), words.say("of goods")
    )
    for one in participants:
        amounts = (one.alone_cents, one.share_cents, one.saving_cents)
        table.add_row(Text(one.name), *map(words.money, amounts), _of_goods(voice, one))
    voice.show(table)
    voice.line(words.say("Costs count the van, energy, tolls and the driver's hours."), style="dim")
    if any(one.above_target for one in participants):
        voice.line(words.say("▲ Carriage costs more than 15 % of what the goods are worth."), style="dim")


def _of_goods(voice: Voice, one: Participant) -> Text:
    if not one.goods_value_cents:
        return Text("–")
    percent = f"{voice.words.number(100 * one.share_cents / one.goods_value_cents)}\N{NO-BREAK SPACE}%"
    return Text(f"{percent} ▲", style="red") if one.above_target else Text(f"{percent}  ")


def tell_debts(voice: Voice, played: Played) -> None:
    """Print who owes whom, gathered by who receives; a tour is an account that ends at nothing."""
    if not played.transfers:
        return
    voice.head(voice.words.say("Who owes whom"))
    received: dict[Account, list[Transfer]] = {}
    for owed in played.transfers:
        received.setdefault(owed.payee, []).append(owed)
    voice.grid([row for payee, owed in received.items() for row in _rows(voice, played, payee, owed)])


def _rows(voice: Voice, played: Played, payee: Account, owed: Sequence[Transfer]) -> list[Row]:
    """Lay out what one account receives: the whole, then from whom and for what."""
    money = voice.words.money
    whole = voice.words.say("{payee} receives", payee=_account(voice, played, payee))
    rows: list[Row] = [
        (
            Text(whole[:1].upper() + whole[1:], style="bold"),
            "",
            Text(money(sum(one.cents for one in owed)), style="bold"),
        )
    ]
    for one in owed:
        payer = voice.words.say("from {payer}", payer=_account(voice, played, one.payer))
        rows.append((f"  {payer}", _why(voice, one), money(one.cents)))
    return rows


def _account(voice: Voice, played: Played, account: Account) -> str:
    if account.kind is AccountKind.FEES:
        return voice.words.say("the operator")
    if account.kind is AccountKind.TOUR:
        return voice.words.say("tour {tour}", tour=account.name)
    return party_name(played.day, account.name)


def _why(voice: Voice, owed: Transfer) -> str:
    if owed.payer.kind is owed.payee.kind is AccountKind.PARTY:
        return owed.why
    if owed.why == owed.payee.name:
        return voice.words.say("share")
    return voice.words.say(WHY[owed.why])
