"""What is compared: doing nothing, the proposal, and at least two alternatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Literal

from openlsi.config.schemes import Scheme, documented, read_scheme
from openlsi.proposals.errors import ProposalError

Role = Literal["do_nothing", "proposal", "alternative"]
DO_NOTHING = "do_nothing"
# Definition 11: a proposal stands beside two alternatives and doing nothing.
AT_LEAST = 2
# By default not every scheme of the county, or the paper cannot be read.
_AT_MOST = 3


@dataclass(frozen=True)
class Terms:
    """Options of a decision: pounds a week nobody may lose more than, and per cent collected."""

    protect_weekly_gbp: float | None = None
    collection_pct: float | None = None

    def __post_init__(self) -> None:
        for word, value in (("protect", self.protect_weekly_gbp),
                            ("collection", self.collection_pct)):  # fmt: skip
            if value is not None and not isfinite(value):
                raise ProposalError(f"--{word} {value}: not a number")


@dataclass(frozen=True)
class Option:
    """One choice; doing nothing without a scheme is what is in payment."""

    key: str
    name: str
    role: Role
    scheme: Scheme | None


def read_proposal(path: Path, schemes: Sequence[Scheme], names: dict[str, str]) -> Scheme:
    """Read the proposal of one of the county's districts (code → name).

    Raises ProposalError for a scheme that is in force, another county's, or named as another is.
    """
    proposal = read_scheme(path)
    if proposal.standing != "proposed":
        raise ProposalError(
            f"{path}: standing: {proposal.standing}; a scheme to be modelled says"
            " standing: proposed (`lsi scheme compare` puts a caseload under documented ones)"
        )
    if proposal.district not in names:
        raise ProposalError(
            f"{path}: district: {proposal.district} is none of this county's"
            f" ({', '.join(f'{code} {name}' for code, name in sorted(names.items()))})"
        )
    # The same file may lie among the configuration's own.
    taken = {one.scheme for one in documented(list(schemes))} | {DO_NOTHING}
    if proposal.scheme in taken:
        raise ProposalError(
            f"{path}: scheme: {proposal.scheme} is the name of another scheme; choose one"
        )
    return proposal


def own_scheme(schemes: Sequence[Scheme], district: str, financial_year: str) -> Scheme | None:
    """Return the scheme that is documented for a district in a year, if one is."""
    for one in documented(list(schemes)):
        if (one.district, one.financial_year) == (district, financial_year):
            return one
    return None


def latest_of(schemes: Sequence[Scheme], district: str) -> Scheme | None:
    """Return the last scheme that is documented for a district, whatever its year."""
    own = [one for one in documented(list(schemes)) if one.district == district]
    return max(own, key=lambda one: one.financial_year, default=None)


def asked_alternatives(
    asked: Sequence[str], schemes: Sequence[Scheme], proposal: Scheme
) -> list[Scheme]:
    """Return the alternatives that a user names: a scheme's name, or the file of one."""
    by_name = {one.scheme: one for one in schemes}
    chosen: dict[str, Scheme] = {}
    for text in asked:
        if text in by_name:
            one = by_name[text]
        elif Path(text).is_file():
            one = read_scheme(Path(text))
            if one.scheme in by_name and by_name[one.scheme] != one:
                raise ProposalError(
                    f"--against {text}: scheme: {one.scheme} is the name of another scheme"
                )
        else:
            raise ProposalError(
                f"--against {text}: neither a file nor a scheme; schemes here are"
                f" {', '.join(sorted(by_name))}"
            )
        if one.scheme == proposal.scheme:
            raise ProposalError(f"--against {text}: that is the proposal itself, {one.scheme}")
        if one.scheme in chosen and chosen[one.scheme] != one:
            raise ProposalError(f"--against {text}: two alternatives are named {one.scheme}")
        chosen[one.scheme] = one
    return list(chosen.values())


def with_defaults(
    asked: list[Scheme], others: Sequence[Scheme], comparable: dict[str, int], assessable: int
) -> list[Scheme]:
    """Return the alternatives asked for, and documented schemes where these are fewer than two.

    `comparable` says for how many of the `assessable` households each scheme has bands: those that
    have them for most are taken, the most comparable first.
    """
    if len(asked) >= AT_LEAST:
        return asked
    most = [
        one for one in others
        if comparable.get(one.scheme, 0) * 2 > assessable and one not in asked
    ]  # fmt: skip
    most.sort(key=lambda one: (-comparable[one.scheme], one.scheme))
    chosen = asked + most[: (AT_LEAST - len(asked)) if asked else _AT_MOST]
    if len(chosen) < AT_LEAST:
        raise ProposalError(
            "a proposal stands beside two alternatives, and fewer documented schemes are comparable"
            " for most of the caseload; name them with --against NAME_OR_FILE"
        )
    return chosen
