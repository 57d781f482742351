"""The figures of the search as tables in Markdown, as they stand in docs/benchmarks.md."""

from collections.abc import Iterable, Iterator
from typing import Any

from bench.roads_tables import table
