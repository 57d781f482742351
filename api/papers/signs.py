"""
Signs that the print can show: its fonts hold Latin, Greek, Cyrillic and more, but no emoji and no Chinese.

A sign that they lack would stop the setting of a page for archives (PDF/A). Which they lack is asked
of the setter itself, so no list of ours can fall behind its fonts.
"""

import re
from functools import lru_cache

MISSING = "□"
"""What stands for a sign that the print cannot show."""

UNUSUAL = re.compile(r"\w?[^\n -~\u00a0-\u017f\u0391-\u03a9\u03b1-\u03c9\u0410-\u044f–—‘’“”…€→−№·↓₂]+")
"""A run of signs that some font may lack, with the letter that the first of them may stand upon."""

UNSEEN = re.compile(
    r"[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff\U000e0000-\U000e01ef]"
)
"""Joiners, marks of direction, shades of the emoji before them: they show nothing of themselves."""

NARROW = "\N{NARROW NO-BREAK SPACE}"

RUNS_REMEMBERED = 4096

PROBE = b"""
#set text(font: "Libertinus Serif")
#let said = sys.inputs.said
#said *#said* _#said_ #text(font: "DejaVu Sans Mono", said)
#image(bytes(sys.inputs.drawn), format: "svg", alt: "-")
"""
DRAWN = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>"
    "<text font-family='Libertinus Serif'>{}</text></svg>"
)


def in_print(text: str) -> str:
    """
    Return a text with ``MISSING`` for each sign that the print cannot show; often the text as it is.

    French puts a narrow blank between thousands, which the fonts lack: the usual one stands for it.
    """
    return UNUSUAL.sub(lambda run: _shown(run.group()), text.replace(NARROW, "\N{NO-BREAK SPACE}"))


@lru_cache(RUNS_REMEMBERED)
def _shown(run: str) -> str:
    """Replace what is missing sign by sign; a run that still fails as a whole is replaced as a whole."""
    if _printable(run):
        return run
    bare = UNSEEN.sub("", run)
    mended = "".join(sign if _printable(sign) else MISSING for sign in bare)
    return mended if _printable(mended) else MISSING * len(bare)


@lru_cache(RUNS_REMEMBERED)
def _printable(text: str) -> bool:
    """Ask the setter for a page with this text, written and drawn: about 10 ms."""
    drawn = DRAWN.format(text.replace("&", "&amp;").replace("<", "&lt;"))
    import typst  # only whoever prints must load it

    try:
        typst.compile(
            PROBE,
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"said": text, "drawn": drawn},
            pdf_standards=["a-3a"],
        )
    except typst.TypstError:
        return False
    return True
