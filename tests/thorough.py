"""How often a property is tried: as it says by ``make test-all``, a sixth of that by ``make test``."""

import os

from hypothesis import settings

THOROUGH = os.environ.get("CARRIOLE_THOROUGH") == "1"


def examples(number: int, least: int = 5) -> settings:
    """Try a property on so many examples, or on a sixth of them where a quick answer is wanted."""
    return settings(max_examples=number if THOROUGH else max(least, number // 6), deadline=None)
