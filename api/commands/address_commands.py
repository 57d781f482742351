"""The commands ``carriole region addresses`` and ``carriole region find``."""

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from api.address_words import DOUBTS, KINDS
from api.papers import Words
from api.story import tell_bad_lines
from geodata.address_book import AddressBook
from geodata.addresses import Found
from geodata.ban import import_ban
from geodata.geocoder import UrlGeocoder
from geodata.region import open_region
from pooling.files.line import BadLine


def import_addresses(
    name: str, sources: Sequence[Path], out: Console, say: Words, report: Callable[[str, float], None]
) -> None:
    """Import address files for a region; tell what was kept, what lies outside and what is wrong."""
    done = import_ban(open_region(name), sources, progress=report)
    bad = [BadLine(one.file, one.line, one.column, one.refusal) for one in done.bad_lines]
    tell_bad_lines(out, bad, say)
    _print(
        out,
        say.say(
            "{name}: {houses} houses on {names} streets; {outside} {outside:line lies/lines "
            "lie} outside, {bad} {bad:is/are} bad.",
            name=name,
            houses=say.number(done.houses),
            names=say.number(done.names),
            outside=say.number(done.outside),
            bad=say.number(done.bad),
        ),
    )


def find_addresses(name: str, text: str, geocoder_url: str, out: Console, say: Words) -> Found:
    """Find one address in a region and tell it, or its candidates; what is unknown is refused."""
    geocoder = UrlGeocoder(geocoder_url) if geocoder_url else None
    found = AddressBook(open_region(name), geocoder=geocoder).find(text)
    if found.warning is not None:
        _print(out, " ".join(say.refusal(found.warning)))
    if found.refusal is not None:
        raise found.refusal
    _print(out, say.say("certain:") if found.certain else say.say("not certain; candidates:"))
    for match in found.matches:
        doubts = " ".join(say.say(DOUBTS[doubt]) for doubt in match.doubts)
        where = f"{match.place.lat:.5f}, {match.place.lon:.5f}"
        _print(out, f"  {match.label} ({say.say(KINDS[match.kind])}, {where}) {doubts}".rstrip())
    return found


def _print(out: Console, text: str) -> None:
    out.print(text, highlight=False, markup=False, soft_wrap=True)
