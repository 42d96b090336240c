"""Build a pack: choose, name from the vault, render, seal; plain text is in memory only."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from openlsi.campaigns.definition import Campaign
from openlsi.campaigns.fields import Field
from openlsi.config import Configuration, District
from openlsi.config.pack_recipients import PackRecipients, Recipient, recipients_file
from openlsi.extract.alone import alone
from openlsi.extract.ledger import landed_anew
from openlsi.failpoints import reach
from openlsi.home import Home, private_folder
from openlsi.packs.access_log import BUILT, AccessLog, writing
from openlsi.packs.archive import pack, seal
from openlsi.packs.contact import Contact
from openlsi.packs.entry import Entry
from openlsi.packs.errors import PackError
from openlsi.packs.facts import Facts, drill_down, households
from openlsi.packs.manifest import Manifest, Reader
from openlsi.packs.pages import pages
from openlsi.packs.people import contacts
from openlsi.packs.selection import Asked, Chosen, choose
from openlsi.packs.sheets import sheets
from openlsi.packs.standing import standing
from openlsi.packs.words import clean
from openlsi.packs.words import month as month_words
from openlsi.warehouse.building import SECURE
from openlsi.warehouse.generations import Build, begun, current_build

SUFFIX = ".zip.age"
_UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class Order:
    """Whose households a pack is asked for, for what, by whom, and to whom it is sealed."""

    district: District
    request: Asked
    purpose: str
    by: str
    recipients: tuple[Recipient, ...]
    today: date
    out: Path | None = None


@dataclass(frozen=True)
class County:
    """What every pack of a county is built from."""

    home: Home
    configuration: Configuration
    recipients: PackRecipients
    fields: Mapping[str, Field]
    campaigns: Mapping[str, Campaign]


@dataclass(frozen=True)
class BuiltPack:
    """A finished pack and where it lies."""

    manifest: Manifest
    path: Path


def build_pack(county: County, order: Order) -> BuiltPack:
    """Build one district's pack, sealed, and note it in the access log before it appears.

    Raises PackError, with nothing left, where the build is older than what is landed, nobody is
    asked for, too many are, or the file is there already; VaultError for another district's vault.
    """
    if order.by.strip() == "":
        raise PackError("--by: found nothing; expected who builds the pack")
    if order.out is not None:
        _check_place(order.out)
    manifest, sealed = sealed_pack(county, order)
    folder = county.home.packs / order.district.slug
    private_folder(folder)
    for left in folder.glob(f".*{_UNFINISHED}"):
        left.unlink()
    path = order.out or folder / f"{manifest.pack}{SUFFIX}"
    _place(county.home, path, sealed, manifest, order.request.text)
    return BuiltPack(manifest, path)


def sealed_pack(county: County, order: Order) -> tuple[Manifest, bytes]:
    """Return a pack as it is sealed, and what it says of itself; nothing is written anywhere."""
    log_hash = AccessLog.read(county.home).last_hash
    # Nobody is erased or keyed anew between the look at the build and the look into the vault.
    with alone(county.home):
        build = _fresh_build(county.home)
        entries, gone = _entries(county, order, build)
    pack_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    manifest = _manifest(county, order, build, pack_id, entries, gone, log_hash)
    reach("packs.before_render")
    manifest, content = pack(manifest, _contents(manifest, entries))
    return manifest, seal(content, [one.key for one in order.recipients])


def _fresh_build(home: Home) -> Build:
    build = current_build(home)
    if build is None:
        raise PackError("no build yet, so there is nobody to look for; run `lsi run`")
    rewritten = landed_anew(home)
    if rewritten is not None and begun(build) <= rewritten:
        raise PackError(
            "the current build is from before somebody was erased, or months were let go or keyed"
            " anew; run `lsi run`, then build the pack"
        )
    if not build.links or not (home.links / build.links).is_dir():
        raise PackError(
            "the current build does not say which claims are which household; run `lsi build"
            " --force`, then build the pack"
        )
    return build


def _check_place(out: Path) -> None:
    if out.exists():
        raise PackError(f"-o {out}: is there already; expected the name of a new file")
    if not out.absolute().parent.is_dir():
        raise PackError(f"-o {out}: there is no folder {out.absolute().parent}")


def _entries(county: County, order: Order, build: Build) -> tuple[list[Entry], int]:
    """Return the households of a pack in the order of its list, and how many are landed no more."""
    district = order.district
    secure = county.home.current / SECURE
    chosen = choose(
        county.home, secure, district, order.request, county.campaigns, county.fields
    )  # fmt: skip
    most = county.recipients.most_households
    if len(chosen) > most:
        raise PackError(
            f"{district.name}: {len(chosen):,} households are asked for, and most_households of"
            f" {recipients_file(county.home)} is {most:,}; ask for fewer"
        )
    keys = [one.household_key for one in chosen]
    links = county.home.links / build.links
    known = contacts(county.home, county.configuration, district, links, keys)
    with drill_down(county.home) as con:
        told = {facts["household_key"]: facts for facts in households(con, district.code, keys)}
    entries = list(_together(chosen, told, known))
    if not entries:
        raise PackError(f"{district.name}: no file tells of anybody who is asked for any more")
    entries.sort(key=lambda one: (_sort_name(one), one.ref))
    return entries, len(chosen) - len(entries)


def _together(
    chosen: Sequence[Chosen], told: Mapping[str, Facts], known: Mapping[str, Contact]
) -> Iterator[Entry]:
    for one in chosen:
        if one.household_key in known:
            facts = told.get(one.household_key)
            yield Entry.of(one, facts, known[one.household_key], standing(one, facts))


def _sort_name(entry: Entry) -> str:
    """Return a name by its last word first, as lists of people are read."""
    first, _, last = entry.name.casefold().rpartition(" ")
    return f"{last} {first}"


def _manifest(
    county: County, order: Order, build: Build, pack_id: str, entries: Sequence[Entry], gone: int,
    log_hash: str,
) -> Manifest:  # fmt: skip
    purpose = county.recipients.purposes[order.purpose]
    months = [entry.facts["month"] for entry in entries if entry.facts["month"]]
    return Manifest(
        pack=pack_id,
        district=order.district.slug,
        district_code=order.district.code,
        district_name=order.district.name,
        county_name=county.configuration.county_name,
        is_demo=county.configuration.is_demo,
        build_id=build.build_id,
        month=month_words(max(months)) if months else "no month",
        made_at=datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
        delete_by=(order.today + timedelta(days=county.recipients.keep_days)).isoformat(),
        purpose=order.purpose,
        purpose_title=purpose.title,
        gateway=purpose.gateway,
        by=clean(order.by.strip()),
        request=order.request.words(county.campaigns),
        readers=tuple(Reader(r.name, r.role, r.until.isoformat()) for r in order.recipients),
        household_count=len(entries),
        contact_count=sum(entry.standing.may_contact for entry in entries),
        gone_count=gone,
        log_hash=log_hash,
    )


def _contents(manifest: Manifest, entries: Sequence[Entry]) -> Iterator[tuple[str, bytes]]:
    yield from pages(manifest, entries)
    yield from sheets(manifest, entries)


def _place(home: Home, path: Path, sealed: bytes, manifest: Manifest, request: str) -> None:
    """Write the sealed file whole, note it in the log, and only then let it appear."""
    beside = path.with_name(f".{path.name}{_UNFINISHED}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            reach("packs.before_write")
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        reach("packs.before_log")
        with writing(home) as access:
            access.log.append(
                {
                    "event": BUILT,
                    **{name: getattr(manifest, name) for name in _LOGGED},
                    "request": request,
                    "readers": [one.name for one in manifest.readers],
                    "sha256": hashlib.sha256(sealed).hexdigest(),
                    "file": path.name,
                }
            )
            reach("packs.before_rename")
            beside.rename(path)
    finally:
        beside.unlink(missing_ok=True)
    reach("packs.after_rename")


# What the log tells of a pack: nothing of any one household.
_LOGGED = (
    "pack", "district", "build_id", "purpose", "by", "household_count",
    "contact_count", "delete_by",
)  # fmt: skip
