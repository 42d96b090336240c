"""`config/objectives.yml` and `config/strategic_pack.yml`: what is measured against what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError

from openlsi.config.county import configuration_file, configuration_files
from openlsi.config.yaml_lines import YamlLines
from openlsi.disclosure.reading import load_specs
from openlsi.disclosure.spec import Specs
from openlsi.home import Home
from openlsi.objectives.figures import Figure, Strict, figure_faults

Key = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")]
Words = Annotated[str, Field(min_length=3, max_length=200)]
Place = tuple[str | int, ...]


class Objective(Strict):
    """What somebody answers for: a published figure, its target and the month it is due."""

    objective: Key
    name: Words
    owner: Words
    figure: Figure
    aim: Literal["at_least", "at_most"]
    # In the figure's own unit: a share of 60% is 0.6.
    target: Decimal
    due: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class PackFigure(Strict):
    """A headline of the strategic pack: a published figure under a section's heading."""

    key: Key
    section: Words
    name: Words
    figure: Figure
    # Which way is better, so that a page may say so; neither where it is a matter of judgement.
    better: Literal["up", "down", "neither"] = "neither"


class _Objectives(Strict):
    # Where the targets come from: a committee's minute, or that they are made up.
    source: Words | None = None
    objectives: list[Objective] = Field(default=[])


class _Pack(Strict):
    figures: list[PackFigure] = Field(default=[])


_File = TypeVar("_File", _Objectives, _Pack)


def load_objectives(home: Home) -> tuple[list[Objective], str | None]:
    """Return the county's objectives and where their targets come from.

    Raises ConfigurationError with file and line for a part that is missing or unknown, a figure
    that no page could show, and a name that stands twice.
    """
    lines = YamlLines(configuration_file(home, "objectives.yml"))
    told = _validated(_Objectives, lines)
    listed = [(one.objective, one.figure) for one in told.objectives]
    for place, message in _faults("objectives", listed, _specs(home)):
        raise lines.refusal(place, message)
    if told.objectives and told.source is None:
        raise lines.refusal(("source",), "say where the targets come from")
    return told.objectives, told.source


def load_pack(home: Home) -> list[PackFigure]:
    """Return the figures of the strategic pack; refuses as `load_objectives` does."""
    lines = YamlLines(configuration_file(home, "strategic_pack.yml"))
    told = _validated(_Pack, lines)
    listed = [(one.key, one.figure) for one in told.figures]
    for place, message in _faults("figures", listed, _specs(home)):
        raise lines.refusal(place, message)
    return told.figures


def _specs(home: Home) -> Specs:
    return load_specs(configuration_files(home, "disclosure"))


def _validated(kind: type[_File], lines: YamlLines) -> _File:
    try:
        return kind.model_validate(lines.content or {})
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        message = "no such word here" if fault["type"] == "extra_forbidden" else fault["msg"]
        raise lines.refusal(tuple(fault["loc"]), message) from None


def _faults(
    part: str, listed: Sequence[tuple[str, Figure]], specs: Specs
) -> Iterator[tuple[Place, str]]:
    seen: set[str] = set()
    for number, (name, figure) in enumerate(listed):
        if name in seen:
            yield (part, number), f"{name} stands twice"
        seen.add(name)
        for where, message in figure_faults(figure, specs):
            yield (part, number, "figure", where), message
