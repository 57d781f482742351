"""How long a property is tried: as often as it says by ``make test-all``, a third of it by ``make test``."""

import os

from hypothesis import settings

THOROUGH = os.environ.get("CARRIOLE_THOROUGH") == "1"


def examples(number: int) -> settings:
    """Try a property on so many examples, or on a third of them where a quick answer is wanted."""
    return settings(max_examples=number if THOROUGH else max(5, number // 3), deadline=None)
