"""The second clock: a month or an instant at whose end the figures are asked for as known then."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from openlsi.extract.ledger import accepted_extracts, landed_anew
from openlsi.extract.patterns import parse_month
from openlsi.home import Home
from openlsi.warehouse.errors import WarehouseError
from openlsi.warehouse.generations import reported_build

_BEFORE_MIDNIGHT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Reported:
    """What is asked for: its name, as a build is kept under it, and the instant it means (UTC)."""

    name: str
    instant: datetime

    @property
    def known_at(self) -> str:
        """The instant as the build takes it."""
        return f"{self.instant:%Y-%m-%d %H:%M:%S.%f}"

    @property
    def day(self) -> date:
        """The day that the figures were read on then."""
        return self.instant.date()


def read_reported(text: str) -> Reported:
    """Return what a month, a day or an instant means: the end of it, for the first two.

    Raises WarehouseError for what is none of them.
    """
    text = text.strip()
    month = parse_month(text) if len(text) in (6, 7) else None
    if month is not None:
        last = month.replace(day=monthrange(month.year, month.month)[1])
        return Reported(f"{month:%Y-%m}", _end_of(last))
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise WarehouseError(
            f"{text}: neither a month nor an instant; write it as 2026-08, 2026-08-15 or"
            " 2026-08-15T09:00 (UTC)"
        ) from None
    if instant.tzinfo is not None:
        raise WarehouseError(f"{text}: leave the time zone out; every instant is in UTC")
    if len(text) == len("2026-08-15"):
        return Reported(text, _end_of(instant.date()))
    return Reported(f"{instant:%Y-%m-%dT%H:%M:%S}", instant)


def check_known(home: Home, reported: Reported) -> None:
    """Raise WarehouseError if nothing had arrived by then: its figures would all be empty."""
    known = accepted_extracts(home).column("known_from").drop_null().to_pylist()
    if not known:
        raise WarehouseError(f"{reported.name}: no extract is known at all; run `lsi load` first")
    if min(known) > reported.instant:
        raise WarehouseError(
            f"{reported.name}: nothing was known then; the first extract became known on"
            f" {min(known):%Y-%m-%d} at {min(known):%H:%M} (UTC): ask for a later month"
        )


def folder_of(home: Home, reported: Reported | None = None) -> Path:
    """Return the folder of the current generation, or of the one as reported then."""
    if reported:
        kept = reported_build(home, reported.name)
        if kept is None:
            raise WarehouseError(
                f"no build as reported {reported.name} is kept; make it by"
                f" `lsi build --as-reported {reported.name}`"
            )
        return home.generations / kept.build_id
    if not home.current.exists():
        raise WarehouseError(f"{home.root} holds no build yet; run `lsi build`")
    # The pointer may move while we read: resolve it once, and stay in that generation.
    return home.current.resolve()


def label(home: Home, reported: Reported) -> str:
    """Return the line to print with every figure that is given as it was reported."""
    line = f"As reported at {reported.instant:%Y-%m-%d %H:%M} (UTC), by the rules of today."
    rewritten = landed_anew(home)
    if rewritten is not None and rewritten > reported.instant:
        line += (
            f" What was landed was rewritten on {rewritten:%Y-%m-%d}: people erased or months let"
            " go since are not in it."
        )
    return line


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time()) - _BEFORE_MIDNIGHT
