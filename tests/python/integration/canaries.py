"""Canaries in made-up extracts: every name and street of them is a word that exists nowhere else.

The generator's own words are common ones, and may stand on a page by chance; so a surname alone
could not be looked for. Each is replaced by a made-up word of the same length, accents, hyphens and
apostrophes kept, so that the files stay what they are. Numbers, references and postcodes need none:
no real one is like theirs.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager

from openlsi.synthesis import names, people

_CONSONANTS = "bcdfghjklmnpqrstvwxz"
_KINDS = frozenset(["Road", "Street", "Close", "Lane", "Avenue", "Way", "Gardens"])


def _canary(word: str) -> str:
    """Return a word like this one that nobody is called; the same for the same word."""
    drawn = random.Random(f"canary {word}")
    return re.sub(
        r"[A-Za-z]",
        lambda found: drawn.choice(_CONSONANTS.upper() if found[0].isupper() else _CONSONANTS),
        word,
    )


def _street(street: str) -> str:
    name, kind = street.rsplit(" ", 1)
    assert kind in _KINDS
    return f"{_canary(name)} {kind}"


@contextmanager
def canaries() -> Iterator[set[str]]:
    """Let the generator draw canaries for names and streets; yield the words, each to be met alone.

    A word of up to three letters may stand by chance in a file of bytes and is not among them.
    """
    replaced = {
        id(pool): (pool, list(pool))
        for pool in (
            names.FEMALE, names.MALE, names.SURNAMES, names.STREETS, people.FORENAMES
        )
    }  # fmt: skip
    found: set[str] = set()
    try:
        for pool, before in replaced.values():
            pool[:] = [(_street if pool is names.STREETS else _canary)(word) for word in before]
            found |= {
                word
                for entry in pool
                for word in re.findall(r"[^\W\d_]{4,}", entry)
                if word not in _KINDS
            }
        yield found
    finally:
        for pool, before in replaced.values():
            pool[:] = before
