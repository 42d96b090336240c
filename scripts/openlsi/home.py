"""Where everything of one county lives: the folders under LSI_HOME."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, so that only their owner sees in.

    `mkdir` gives its mode to the last folder alone.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)


@dataclass(frozen=True)
class Home:
    """The folders of one warehouse. Nothing outside `root` is ever written.

    Every path is derived, none is created here: the step that writes a folder makes it.
    """

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """Return the home that LSI_HOME names, else `./data`."""
        return cls(Path(os.environ.get("LSI_HOME", "data")).resolve())

    @property
    def config(self) -> Path:
        """Configuration files that override the shipped defaults."""
        return self.root / "config"

    @property
    def inbox(self) -> Path:
        """Files as sent, one folder a district (by slug) and `official` for workbooks."""
        return self.root / "inbox"

    @property
    def vault(self) -> Path:
        """Encrypted identifiers, sealed originals, raw quarantined rows; one folder a district."""
        return self.root / "vault"

    @property
    def landing(self) -> Path:
        """Typed, keyed parquet; only files named in the ledger count."""
        return self.root / "landing"

    @property
    def quarantine(self) -> Path:
        """Reasons, rows and columns of refused rows; never a raw value."""
        return self.root / "quarantine"

    @property
    def ledger(self) -> Path:
        """The append-only record of every load."""
        return self.root / "ledger" / "ledger.jsonl"

    @property
    def releases(self) -> Path:
        """The append-only record of every figure that was published."""
        return self.root / "ledger" / "releases.jsonl"

    @property
    def campaigns(self) -> Path:
        """Frozen cohorts and their outcomes, one folder a campaign, and their register."""
        return self.root / "campaigns"

    @property
    def packs(self) -> Path:
        """Sealed packs of households, one folder a district, and the log of who opened them."""
        return self.root / "packs"

    @property
    def links(self) -> Path:
        """Linked persons and benefit units, one folder a fingerprint."""
        return self.root / "links"

    @property
    def generations(self) -> Path:
        """Finished builds, one folder a build id."""
        return self.root / "generations"

    @property
    def current(self) -> Path:
        """The pointer: a symbolic link to the generation that readers open."""
        return self.root / "current"

    @property
    def site(self) -> Path:
        """The rendered reports."""
        return self.root / "site"

    @property
    def cache(self) -> Path:
        """Drawings of charts, kept for the next render."""
        return self.root / "cache"

    @property
    def parses(self) -> Path:
        """dbt's parses of the project; homes of one project may share them by LSI_PARSES."""
        shared = os.environ.get("LSI_PARSES")
        return Path(shared).resolve() if shared else self.cache / "parse"

    @property
    def scratch(self) -> Path:
        """What an analyst's SQLMesh builds in; no build reads it."""
        return self.root / "scratch"

    @property
    def truth(self) -> Path:
        """What the made-up extracts hold; no pipeline code reads it."""
        return self.root / "truth"
