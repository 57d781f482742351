"""
The papers that a driver holds, all made from one value, the manifest: page, print, data, way and map.
"""

from api.papers.folder import file_stem, write_manifest, write_overview, write_together
from api.papers.picture import Picture, RouteLine, StopMark, Town, draw_map
from api.papers.swap import swapped_in
from api.papers.words import LanguageUnknown, Words, words

__all__ = [
    "LanguageUnknown",
    "Picture",
    "RouteLine",
    "StopMark",
    "Town",
    "Words",
    "draw_map",
    "file_stem",
    "swapped_in",
    "words",
    "write_manifest",
    "write_overview",
    "write_together",
]
