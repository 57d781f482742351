"""How an address that was found is said to people: its kind, and each doubt as a sentence."""

from collections.abc import Mapping

from api.papers.words import message
from geodata.addresses import Doubt, Kind

KINDS: Mapping[Kind, str] = {
    Kind.PIN: message("pin"),
    Kind.HOUSE: message("house"),
    Kind.STREET: message("street"),
    Kind.PLACE: message("place"),
    Kind.COMMUNE: message("commune"),
}

DOUBTS: Mapping[Doubt, str] = {
    Doubt.SPELLED: message("It is written otherwise."),
    Doubt.COMMUNE_MISSING: message("You named no commune that it lies in."),
    Doubt.COMMUNE_ONLY: message("Only the commune is known: the point is its middle."),
    Doubt.POSTCODE_OTHER: message("It has another postcode."),
    Doubt.NUMBER_UNKNOWN: message("That house number is not known there."),
    Doubt.NUMBER_MISSING: message("No house number is told: the point is the middle of the street."),
    Doubt.STREET_LONG: message("The street is long: the point is its middle."),
    Doubt.TWINS: message("There are several of this name."),
    Doubt.OUTSIDE: message("It lies outside the region."),
    Doubt.SWAPPED: message("Latitude and longitude were the other way round."),
}
