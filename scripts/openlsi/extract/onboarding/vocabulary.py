"""What senders call the fields: headers as words, and how near two sets of words are."""

from __future__ import annotations

import re
from functools import cache

from pydantic import BaseModel, ConfigDict, ValidationError

from openlsi.config import ConfigurationError
from openlsi.config.county import configuration_file, read_yaml
from openlsi.home import Home

# A weak word counts a quarter: “award” and “weekly award amount” are mostly the same.
_WEAK = 0.25
# What is left of a likeness if one of the two names another person.
_OTHER_PERSON = 0.2


class YesMeans(BaseModel):
    """What a yes and a no stand for in a column whose header asks a question."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    yes: str
    no: str
    words: list[str]


class Vocabulary(BaseModel):
    """The whole of `onboarding/synonyms.yml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    abbreviations: dict[str, str]
    weak_words: list[str]
    roles: dict[str, list[str]]
    people_of_roles: dict[str, list[str]]
    fields: dict[str, list[str]]
    whole_names: dict[str, list[str]]
    booleans: dict[str, list[str]]
    codes: dict[str, dict[str, list[str]]]
    yes_means: dict[str, YesMeans]
    boolean_words: dict[str, dict[str, list[str]]]
    marks: dict[str, list[str]]

    def __hash__(self) -> int:
        return id(self)

    @cache  # noqa: B019  a vocabulary lives as long as the command
    def words(self, text: str) -> frozenset[str]:
        """Return a header or phrase as words, abbreviations written out, plurals taken off."""
        joined = re.sub(r"\b([A-Za-z])/([A-Za-z])\b", r"\1\2", text.replace("{block}", " "))
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])", " ", joined)
        found = re.findall(r"[a-z0-9]+", spaced.casefold())
        written = " ".join(self.abbreviations.get(word, word) for word in found)
        # Once more, for an abbreviation may be written out with a word that has another form.
        return frozenset(_singular(self.abbreviations.get(w, w)) for w in written.split())

    def likeness(self, header: str, phrase: str) -> float:
        """Return how near a header is to a phrase, from 0 to 1."""
        one, other = self.words(header), self.words(phrase)
        if not one or not other:
            return 0.0
        shared = self._weight(one & other) / self._weight(one | other)
        return shared if self._person(one) == self._person(other) else shared * _OTHER_PERSON

    def field_likeness(self, header: str, feed: str, field: str) -> float:
        """Return how near a header is to what a canonical field is called in a feed."""
        own = field.removesuffix("_gbp").replace("_", " ")
        phrases = self.fields.get(f"{feed}.{field}", self.fields.get(field, []))
        return max(self.likeness(header, phrase) for phrase in [own, *phrases])

    def name_likeness(self, header: str, role: str) -> float:
        """Return how near a header is to what a column with a person's whole name is called."""
        phrases = self.whole_names.get(role, [])
        return max((self.likeness(header, phrase) for phrase in phrases), default=0.0)

    def _weight(self, words: frozenset[str]) -> float:
        weak = {_singular(word) for word in self.weak_words}
        return sum(_WEAK if word in weak else 1.0 for word in words)

    def _person(self, words: frozenset[str]) -> str:
        for role, marks in self.roles.items():
            if words & {_singular(mark) for mark in marks}:
                return role
        return ""

    def code_of(self, field: str, value: str, known: list[str]) -> str | None:
        """Return the canonical code that a value means, None if nobody has said."""
        spelt = self.plain(value)
        for code, meanings in self.codes.get(field, {}).items():
            if code in known and spelt in {self.plain(one) for one in [code, *meanings]}:
                return code
        return next((code for code in known if self.plain(code) == spelt), None)

    def truth_of(self, field: str, value: str) -> bool | None:
        """Return whether a value means yes or no, None if nobody has said."""
        for truth, name in ((True, "is_true"), (False, "is_false")):
            spelt = [*self.booleans[name], *self.boolean_words.get(field, {}).get(name, [])]
            if self.plain(value) in {self.plain(one) for one in spelt}:
                return truth
        return None

    def marks_field(self, field: str, mark: str) -> bool:
        """Return whether a mark in a list of marks says yes to a field."""
        return self.plain(mark) in {self.plain(one) for one in self.marks.get(field, [])}

    @staticmethod
    def plain(value: str) -> str:
        """Return a value without case, blanks and punctuation."""
        return re.sub(r"[^a-z0-9]", "", value.casefold())


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def load_vocabulary(home: Home) -> Vocabulary:
    """Return the county's synonyms, or the shipped ones."""
    path = configuration_file(home, "onboarding", "synonyms.yml")
    try:
        return Vocabulary.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ConfigurationError(f"{path}: {where}: {first['msg']}") from None
