"""What a pack says of itself: whose, of when, for whom and what, and a hash of each file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reader:
    """Somebody a pack is sealed to."""

    name: str
    role: str
    until: str


@dataclass(frozen=True)
class Manifest:
    """The facts of one pack; times are UTC, dates ISO."""

    pack: str
    district: str
    district_code: str
    district_name: str
    county_name: str
    is_demo: bool
    build_id: str
    month: str
    made_at: str
    delete_by: str
    purpose: str
    purpose_title: str
    gateway: str
    by: str
    request: str
    readers: tuple[Reader, ...]
    household_count: int
    contact_count: int
    # Asked for and left out, since nothing is landed of them any more.
    gone_count: int
    # The last line of the access log before this pack's own: who cuts the log cuts it off there.
    log_hash: str
    files: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> dict[str, Any]:
        """The manifest as it stands in the pack."""
        return asdict(self)

    @classmethod
    def of(cls, content: dict[str, Any]) -> Manifest:
        """Return the manifest that stood in a pack; raises TypeError or KeyError for another."""
        readers = tuple(Reader(**one) for one in content["readers"])
        return cls(**{**content, "readers": readers})
