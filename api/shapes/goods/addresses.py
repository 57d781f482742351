"""Addresses on the wire."""

from pydantic import BaseModel, Field

from geodata.addresses import AddressMatch, Doubt, Found, Kind


class AddressShown(BaseModel):
    """A place that an address may mean."""

    label: str = Field(
        description="The address as one writes it.",
        examples=["12 bis Boulevard de la République, 06240 Beausoleil"],
    )
    kind: Kind = Field(description="How exact the point is.", examples=["house"])
    what: str = Field(description="What it is, in the source's own word; often empty.", examples=["village"])
    lat: float = Field(description="Latitude, WGS 84 degrees.", examples=[43.7426])
    lon: float = Field(description="Longitude, WGS 84 degrees.", examples=[7.425])
    score: int = Field(description="How like the text it is, 0 to 100.", examples=[100])
    doubts: list[Doubt] = Field(
        description="Why a person must look; empty where it is certain.", examples=[["number_unknown"]]
    )


class AddressesFound(BaseModel):
    """One certain place, or candidates for a person to choose from, the best first."""

    certain: bool = Field(
        description="Whether the only item may be taken without asking anybody.", examples=[True]
    )
    items: list[AddressShown] = Field(description="At most 20.")
    next: str = Field(description="Always empty: there is one page.", examples=[""])
    warning: str = Field(
        description="The code of a source that could not be asked, `geocoder_down`; else empty.",
        examples=["geocoder_down"],
    )


def addresses_shown(found: Found) -> AddressesFound:
    return AddressesFound(
        certain=found.certain is not None,
        items=[address_shown(match) for match in found.matches],
        next="",
        warning=found.warning.code if found.warning else "",
    )


def address_shown(match: AddressMatch) -> AddressShown:
    return AddressShown(
        label=match.label,
        kind=match.kind,
        what=match.what,
        lat=match.place.lat,
        lon=match.place.lon,
        score=match.score,
        doubts=list(match.doubts),
    )
