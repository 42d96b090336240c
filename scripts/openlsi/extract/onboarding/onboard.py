"""The whole of onboarding: look at a file, propose or check its layout, try it, write it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from openlsi.config import Configuration, District, load_configuration
from openlsi.config.county import configuration_file
from openlsi.extract.decisions import undecided
from openlsi.extract.landing import write_whole
from openlsi.extract.layouts import Layout, check_against, load_layouts
from openlsi.extract.limits import load_limits
from openlsi.extract.onboarding.dialect import find_dialect
from openlsi.extract.onboarding.dry_run import DryRun, dry_run
from openlsi.extract.onboarding.file_names import NamePattern, infer_pattern
from openlsi.extract.onboarding.layout_text import layout_text
from openlsi.extract.onboarding.naming import name_in_districts
from openlsi.extract.onboarding.profile import Profile, profile_file
from openlsi.extract.onboarding.proposal import Proposal, propose
from openlsi.extract.onboarding.vocabulary import load_vocabulary
from openlsi.extract.originals import Original
from openlsi.extract.records import FeedDefinition, load_feed_definitions
from openlsi.extract.refusals import ExtractError, RefusedFileError
from openlsi.home import Home

# Fewer fields than this with a column, and the first row is no header of this feed.
_FEWEST_FIELDS = 4


@dataclass(frozen=True)
class Onboarding:
    """What was found out about one file. `proposal` is None where its layout was there already."""

    district: District
    definition: FeedDefinition
    profile: Profile
    name: NamePattern
    layout_name: str
    path: Path
    proposal: Proposal | None
    left: list[str]
    tried: DryRun | RefusedFileError | None
    is_written: bool
    is_named: bool


def onboard(
    home: Home, file: Path, district: str, feed: str, layout_name: str | None,
    month: date | None, write: bool,
) -> Onboarding:  # fmt: skip
    """Propose a layout for a file, or check the one of that name that is there; try it in memory.

    Nothing is landed and no ledger is touched. With `write`, a proposal is written to
    LSI_HOME/config/layouts, and a layout with nothing left to decide is named in districts.yml.
    """
    configuration = load_configuration(home)
    sender, definition = _sender_and_feed(home, configuration, district, feed)
    chosen = layout_name or f"{sender.slug.replace('-', '_')}_{feed}"
    limits = load_limits(home).files
    content = Original.read(file, file.parent, limits).content
    profile = profile_file(file.name, content, find_dialect(file.name, content, limits), limits)
    named = infer_pattern(file.name, sender, feed, month)
    path = home.config / "layouts" / f"{chosen}.yml"
    shipped = configuration_file(home, "layouts", f"{chosen}.yml")
    proposal, text = None, None
    if shipped.exists():
        layout = load_layouts(home, load_feed_definitions(home))[chosen]
        if layout.feed != feed:
            raise ExtractError(f"--layout {chosen}: a layout of {layout.feed}; give another name")
    else:
        proposal = propose(load_vocabulary(home), profile, definition)
        _refuse_no_header_of_feed(file.name, proposal, feed)
        title = f"{configuration.feeds[feed].title}, as {sender.name} sends them"
        text = layout_text(chosen, feed, title, named.pattern, profile, proposal)
        layout = _validated(text, definition)
    tried = dry_run(
        layout, definition, file.name, content, sender.code,
        month or named.month or date.today().replace(day=1), limits,
    )  # fmt: skip
    left = undecided(layout)
    if write and text is not None:
        write_whole(path, text.encode())
    is_sound = not left and not isinstance(tried, RefusedFileError)
    if write and is_sound:
        name_in_districts(home, sender, feed, chosen)
    return Onboarding(
        sender, definition, profile, named, chosen, path, proposal, left, tried,
        write and text is not None, write and is_sound,
    )  # fmt: skip


def _sender_and_feed(
    home: Home, configuration: Configuration, district: str, feed: str
) -> tuple[District, FeedDefinition]:
    sender = configuration.district(district)
    if sender is None:
        slugs = ", ".join(each.slug for each in configuration.senders)
        raise ExtractError(f"--district {district}: no such district; there are {slugs}")
    definitions = load_feed_definitions(home)
    if feed not in definitions or feed not in configuration.feeds:
        known = ", ".join(sorted(set(definitions) & set(configuration.feeds)))
        raise ExtractError(f"--feed {feed}: no such feed; there are {known}")
    if feed in sender.without:
        raise ExtractError(
            f"--feed {feed}: districts.yml says that {sender.name} is without it"
            f" ({sender.without[feed]}); take that line out first"
        )
    return sender, definitions[feed]


def _refuse_no_header_of_feed(file_name: str, proposal: Proposal, feed: str) -> None:
    """Refuse a first row that is no header of the feed: it may be somebody's, so it is not told."""
    found = [one for one in proposal.proposed if one.columns]
    if len(found) < _FEWEST_FIELDS:
        raise RefusedFileError(
            file_name, f"{len(found)} columns with a name that a field of {feed} goes by",
            f"at least {_FEWEST_FIELDS}",
            "check --feed, ask the sender for a header, or add its words to"
            " config/onboarding/synonyms.yml",
        )  # fmt: skip


def _validated(text: str, definition: FeedDefinition) -> Layout:
    layout = Layout.model_validate(yaml.safe_load(text))
    check_against(layout, definition)
    return layout
