"""Facts of a sentence that are words themselves: a catalogue translates them one by one."""


class Phrases(tuple[str, ...]):
    """Hold English words or phrases that read as a list, ``a, b``."""

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(self)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)
