"""Which files of the inbox make up which delivery: by folder and name, never by looking inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path

from openlsi.config import Configuration, District
from openlsi.extract.archives import archive_of, is_archive, list_members
from openlsi.extract.layouts import Layout
from openlsi.extract.limits import FileLimits
from openlsi.extract.patterns import NameFacts, example_name, is_junk, match_name
from openlsi.extract.refusals import ExtractError, RefusedFileError, StrangeFileError
from openlsi.home import Home

# Folders of the inbox that are no district's.
OFFICIAL, REFERENCE = "official", "reference"


@dataclass(frozen=True)
class Delivery:
    """The files that together are one feed of one district for one month. Missing ones are None."""

    layout: str
    feed: str
    files: dict[str, Path | None]
    names: dict[str, NameFacts]
    bytes: int
    inbox: Path

    @property
    def month(self) -> date | None:
        """The month that the names give, if they give one."""
        return next((facts.month for facts in self.names.values() if facts.month), None)

    @property
    def produced_at(self) -> datetime | None:
        """The time of production that the names give, if they give one."""
        return next((f.produced_at for f in self.names.values() if f.produced_at), None)

    @property
    def label(self) -> str:
        """What to call it in a message: its first file."""
        return place_of(next(iter(self.present.values())), self.inbox)

    @property
    def present(self) -> dict[str, Path]:
        """The files that are there, by table."""
        return {table: path for table, path in self.files.items() if path}


def place_of(path: Path, inbox: Path) -> str:
    """Return what to call a file of the inbox in a message."""
    return f"inbox/{path.relative_to(inbox).as_posix()}"


@dataclass
class Inbox:
    """What lies in the inbox, before a byte is read."""

    deliveries: dict[str, list[Delivery]] = field(default_factory=dict)
    unmatched: dict[str, list[Path]] = field(default_factory=dict)
    refusals: list[RefusedFileError] = field(default_factory=list)
    official: list[Path] = field(default_factory=list)


def scan_inbox(
    home: Home,
    configuration: Configuration,
    layouts: dict[str, Layout],
    limits: FileLimits,
    only: str | None = None,
) -> Inbox:
    """Match every file of the inbox; `only` is the slug of the one district to look at."""
    inbox = Inbox()
    if not home.inbox.is_dir():
        raise ExtractError(f"{home.inbox}: no such folder; put each district's files under it")
    for folder in sorted(home.inbox.iterdir()):
        if is_junk(folder.name) or folder.name == REFERENCE:
            continue
        if only is not None and folder.name != only:
            continue
        if folder.is_dir() and not folder.is_symlink():
            _scan_folder(folder, configuration, layouts, limits, inbox)
        else:
            inbox.refusals.append(_loose(f"inbox/{folder.name}"))
    return inbox


def _scan_folder(
    folder: Path,
    configuration: Configuration,
    layouts: dict[str, Layout],
    limits: FileLimits,
    inbox: Inbox,
) -> None:
    if folder.name == OFFICIAL:
        inbox.official = list(_files(folder, inbox))
        return
    district = configuration.district(folder.name)
    if district is None or district.slug != folder.name:
        for path in _files(folder, inbox):
            label = place_of(path, folder.parent)
            inbox.refusals.append(_no_district(label, configuration))
        return
    own = {feed: layouts[name] for feed, name in district.feeds.items() if name in layouts}
    inbox.refusals += _named_like_files(folder, own)
    paths = _unpacked(_files(folder, inbox), folder.parent, limits, inbox)
    deliveries, unmatched = match_files(paths, own, folder.parent)
    inbox.deliveries[district.code] = deliveries
    inbox.unmatched[district.code] = unmatched


def _loose(label: str) -> RefusedFileError:
    return StrangeFileError(
        label, "a file in no district's folder", "a folder a district, named by its slug",
        "move it to the folder of the district that sent it",
    )  # fmt: skip


def _no_district(label: str, configuration: Configuration) -> RefusedFileError:
    slugs = ", ".join(district.slug for district in configuration.senders)
    return StrangeFileError(
        label, "a folder that is no district's", f"one of {slugs}",
        "move the file, or add the district to districts.yml",
    )  # fmt: skip


def _named_like_files(folder: Path, layouts: dict[str, Layout]) -> list[RefusedFileError]:
    """Refuse folders that have a file's name: a program may have unpacked the file to one."""
    return [
        RefusedFileError(
            place_of(path, folder.parent), "a folder with a file's name", "a file",
            "put the file itself there, or rename the folder",
        )
        for path in sorted(folder.rglob("*"))
        if path.is_dir() and not path.is_symlink() and _match(path, layouts)
    ]  # fmt: skip


def _files(folder: Path, inbox: Inbox) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if any(is_junk(part) for part in path.relative_to(folder).parts):
            continue
        label = place_of(path, folder.parent)
        if path.is_symlink():
            # A link may lead anywhere, to another district's folder for one.
            inbox.refusals.append(
                StrangeFileError(label, "a symbolic link", "a file", "copy the file itself")
            )
        elif path.is_file():
            yield path


def _unpacked(
    paths: Iterable[Path], root: Path, limits: FileLimits, inbox: Inbox
) -> Iterator[Path]:
    """Put the files inside an archive in its place; one that cannot be trusted is refused."""
    for path in paths:
        if not is_archive(path):
            yield path
            continue
        try:
            yield from list_members(path, place_of(path, root), limits)
        except RefusedFileError as refusal:
            inbox.refusals.append(refusal)


def match_files(
    paths: Iterable[Path], layouts: dict[str, Layout], inbox: Path
) -> tuple[list[Delivery], list[Path]]:
    """Group files to deliveries by feed, month, time of production and folder."""
    groups: dict[tuple[str, str, str, int, str], dict[str, tuple[Path, NameFacts]]] = {}
    unmatched = []
    for path in paths:
        found = _match(path, layouts)
        if found is None:
            unmatched.append(path)
            continue
        feed, table, facts = found
        when = facts.month.isoformat() if facts.month else path.name
        group = (feed, when, str(facts.produced_at or ""), facts.issue, str(path.parent))
        groups.setdefault(group, {})[table] = (path, facts)
    deliveries = []
    for (feed, *_), files in sorted(groups.items()):
        layout = layouts[feed]
        by_table = {table: files[table][0] if table in files else None for table in layout.files}
        names = {path.name: facts for path, facts in files.values()}
        size = sum((archive_of(path) or path).stat().st_size for path, _ in files.values())
        deliveries.append(Delivery(layout.layout, feed, by_table, names, size, inbox))
    return deliveries, unmatched


def _match(path: Path, layouts: dict[str, Layout]) -> tuple[str, str, NameFacts] | None:
    for feed, layout in layouts.items():
        for table, file in layout.files.items():
            facts = match_name(file.pattern, path.name)
            if facts is not None:
                return feed, table, facts
    return None


def refuse_unmatched(
    path: Path, inbox: Path, layouts: Iterable[Layout], district: District
) -> RefusedFileError:
    """Return the refusal of a file whose name no layout of its district knows."""
    names = [
        example_name(file.pattern, district) for layout in layouts for file in layout.files.values()
    ]
    # A district may send thirty files: the one meant is most likely the one named most alike.
    nearest = get_close_matches(path.name, names, n=1, cutoff=0.0)
    return StrangeFileError(
        place_of(path, inbox), "a name that no layout of this district has",
        f"a name such as {', '.join(nearest)}" if nearest else "a feed of this district's",
        "rename the file, or write a layout for it",
    )  # fmt: skip


def check_whose(delivery: Delivery, district: District, said: str | None) -> None:
    """Raise RefusedFileError if a name or a header line names another district than the folder."""
    own = {district.slug.casefold(), district.code.casefold(), district.name.casefold()}
    for name, facts in delivery.names.items():
        for named in facts.districts:
            if named.casefold() not in own:
                label = f"{delivery.label.rpartition('/')[0]}/{name}"
                raise _another_district(label, f"{named} in its name", district)
    if said is not None and said.casefold() not in own:
        # A header that names no district of ours may hold anything, so it is not quoted.
        raise _another_district(delivery.label, "another district in its header line", district)


def _another_district(label: str, found: str, district: District) -> RefusedFileError:
    return RefusedFileError(
        label, found, f"{district.name} ({district.code}), whose folder it is in",
        "move it to the folder of the district that sent it",
    )  # fmt: skip
