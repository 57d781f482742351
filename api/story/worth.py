"""Was it worth it? Everyone alone against everyone together."""

from rich.text import Text

from api.commands.play import Played
from api.papers import Words
from api.story.voice import Voice
from pooling.days.worth import Totals


def tell_worth(voice: Voice, played: Played) -> None:
    """Print the two days side by side, and what the checker found."""
    words = voice.words
    voice.head(words.say("Was it worth it?"))
    table = voice.table("", words.say("everyone alone"), words.say("together"), words.say("change"))
    alone, pooled = played.worth.alone, played.worth.pooled
    for label, before, after, change in zip(
        _labels(words), _said(alone, words), _said(pooled, words), _changes(alone, pooled, words), strict=True
    ):
        table.add_row(Text(label), before, after, change)
    voice.show(table)
    _checked(voice, len(played.plan.violations))


def _checked(voice: Voice, found: int) -> None:
    words = voice.words
    if not found:
        voice.line(words.say("A checker of its own went over every trip and tour: no rule is broken."))
        return
    broken = words.count(
        "{count} rule is broken: see result.json", "{count} rules are broken: see result.json", found
    )
    voice.line(broken, style="red")


def _labels(words: Words) -> tuple[str, ...]:
    return (
        words.say("vans on the road"),
        words.say("distance"),
        words.say("hours"),
        words.say("full cost"),
        words.say("CO₂e"),
    )


def _said(totals: Totals, words: Words) -> tuple[str, ...]:
    return (
        words.number(totals.vehicles),
        words.km(totals.distance_m),
        words.duration(totals.duration_s),
        words.money(totals.cents),
        words.kg((totals.co2_g + 500) // 1000),
    )


def _changes(alone: Totals, pooled: Totals, words: Words) -> tuple[str, ...]:
    return tuple(
        f"{words.number(100 * (after - before) / before)}\N{NO-BREAK SPACE}%" if before else "–"
        for before, after in zip(_amounts(alone), _amounts(pooled), strict=True)
    )


def _amounts(totals: Totals) -> tuple[int, ...]:
    return (totals.vehicles, totals.distance_m, totals.duration_s, totals.cents, totals.co2_g)
