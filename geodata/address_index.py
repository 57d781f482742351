"""
The words of a table of addresses: which things hold a word, and which words look like one that is misspelled.

A misspelled word is looked for by its groups of three letters among the words of the table, which are few;
things are then weighed by the words that they share with the text, rare ones counting most.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log

from geodata.address_match import alike
from geodata.address_text import Words

SCHEMA = """
CREATE TABLE word(id INTEGER PRIMARY KEY, word TEXT, held INT);
CREATE TABLE holds(word INT, known INT, PRIMARY KEY(word, known)) WITHOUT ROWID;
CREATE TABLE three(three TEXT, word INT, PRIMARY KEY(three, word)) WITHOUT ROWID;
"""
INDEX = "CREATE UNIQUE INDEX word_by_word ON word(word);"

WORDS_LIMIT = 12
"""How many words of a text are looked up: the longest."""

ALIKE_WORDS_LIMIT = 8
"""How many words of the table stand for one that is misspelled or begun."""

COMMON_LIMIT = 6_000
"""A word that more things hold (rue, de, la) finds none by itself."""

FOUND_LIMIT = 60
"""How many things are compared with the text word by word."""

SPELLED = "SELECT id, word, held FROM word WHERE word = ?"
BEGUN = "SELECT id, word, held FROM word WHERE word > ? AND word < ? ORDER BY held DESC LIMIT 8"
LIKE = """
SELECT id, word.word, held FROM (
    SELECT word AS found, count(*) AS shared FROM three
    WHERE three IN (SELECT value FROM json_each(?)) GROUP BY word ORDER BY shared DESC LIMIT 40
) JOIN word ON word.id = found
"""
HOLDING = """
SELECT holds.known, sum(sought.value) AS weight FROM json_each(?) AS sought
JOIN holds ON holds.word = CAST(sought.key AS INT)
GROUP BY holds.known ORDER BY weight DESC, holds.known LIMIT ?
"""

Row = tuple[int, str, int]


@dataclass
class WordIndex:
    """Gather the words of the things while these are written, and write them after."""

    ids: dict[str, int] = field(default_factory=dict)
    held: Counter[str] = field(default_factory=Counter)

    def note(self, opened: sqlite3.Connection, known: int, words: Iterable[str]) -> None:
        rows = [(self.ids.setdefault(word, len(self.ids)), known) for word in set(words)]
        opened.executemany("INSERT INTO holds VALUES (?, ?)", rows)
        self.held.update(set(words))

    def close(self, opened: sqlite3.Connection) -> None:
        rows = ((number, word, self.held[word]) for word, number in self.ids.items())
        opened.executemany("INSERT INTO word VALUES (?, ?, ?)", rows)
        threes = ((three, number) for word, number in self.ids.items() for three in threes_of(word))
        opened.executemany("INSERT INTO three VALUES (?, ?)", threes)
        opened.execute(INDEX)


def things_like(opened: sqlite3.Connection, words: Words, things: int) -> list[int]:
    """Return the things that share most with some words, the best first."""
    weights: dict[int, float] = {}
    for word in sorted(set(words), key=lambda one: (-len(one), one))[:WORDS_LIMIT]:
        for number, share in _meant(opened, word, things).items():
            weights[number] = max(share, weights.get(number, 0.0))
    if not weights:
        return []
    return [known for known, _ in opened.execute(HOLDING, (json.dumps(weights), FOUND_LIMIT))]


def threes_of(word: str) -> set[str]:
    """Return the groups of three signs of a word, its beginning and end marked."""
    padded = f"^{word}$"
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _meant(opened: sqlite3.Connection, word: str, things: int) -> Mapping[int, float]:
    """Return the words of the table that a word may mean, with what each counts."""
    rows: list[Row] = opened.execute(SPELLED, (word,)).fetchall()
    if len(word) > 2 or not rows:
        rows += opened.execute(BEGUN, (word, f"{word}\U0010ffff")).fetchall()
    if len(word) > 3 and not any(held for _, known, held in rows if known == word):
        rows += opened.execute(LIKE, (json.dumps(sorted(threes_of(word))),)).fetchall()
    counted = {
        number: alike(word, known) * log(1 + things / held)
        for number, known, held in rows
        if held <= COMMON_LIMIT and alike(word, known) > 0
    }
    best = sorted(counted.items(), key=lambda item: -item[1])[:ALIKE_WORDS_LIMIT]
    return dict(best)
