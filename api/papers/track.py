"""
The way of a manifest for a navigator: GPX 1.1, a waypoint for each stop, the route in their order, the track.

Written by the standard library (docs/decisions/0018).
"""

from xml.etree import ElementTree as Xml

from pooling.manifest import Manifest, ManifestStop, day_of_hour

NAMESPACE = "http://www.topografix.com/GPX/1/1"


def manifest_gpx(manifest: Manifest) -> bytes:
    """Write the stops and the way; hours stand in the words of each stop, for it was not driven yet."""
    root = Xml.Element("gpx", {"version": "1.1", "creator": "Carriole", "xmlns": NAMESPACE})
    about = Xml.SubElement(root, "metadata")
    Xml.SubElement(about, "name").text = f"{manifest.number} {manifest.title}"
    Xml.SubElement(about, "desc").text = manifest.attribution
    for stop in manifest.stops:
        _point(root, "wpt", manifest, stop)
    route = Xml.SubElement(root, "rte")
    Xml.SubElement(route, "name").text = manifest.number
    for stop in manifest.stops:
        _point(route, "rtept", manifest, stop)
    if len(manifest.line) > 1:
        track = Xml.SubElement(root, "trk")
        Xml.SubElement(track, "name").text = manifest.number
        segment = Xml.SubElement(track, "trkseg")
        for lat, lon in manifest.line:
            Xml.SubElement(segment, "trkpt", _degrees(lat, lon))
    written: bytes = Xml.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _point(parent: Xml.Element, tag: str, manifest: Manifest, stop: ManifestStop) -> None:
    point = Xml.SubElement(parent, tag, _degrees(stop.lat, stop.lon))
    Xml.SubElement(point, "name").text = f"{stop.number} {stop.site}"
    day = day_of_hour(manifest, stop, "arrives").isoformat() if "arrives" in stop.next_day else ""
    said = (f"{day} {stop.arrives}".strip(), stop.address, stop.access)
    Xml.SubElement(point, "desc").text = " · ".join(filter(None, said))


def _degrees(lat: float, lon: float) -> dict[str, str]:
    return {"lat": f"{lat:.6f}", "lon": f"{lon:.6f}"}
