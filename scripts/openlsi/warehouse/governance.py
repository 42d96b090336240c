"""The record of sharing, and the data-flow facts for a DPIA (definition 27).

Nothing here is written by hand twice: who shares what, why and for how long is districts.yml, and
the campaigns' own files for theirs; which field is an identifier and where it stops is the records;
where figures come from is the lineage.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from openlsi.campaigns.definition import load_campaigns
from openlsi.campaigns.fields import campaign_fields
from openlsi.campaigns.retention import load_campaign_limits, months_kept
from openlsi.config import Configuration, DeleteAfter, District, load_configuration, seals
from openlsi.config.county import configuration_files
from openlsi.config.pack_recipients import PackRecipients, load_pack_recipients
from openlsi.disclosure.reading import load_specs
from openlsi.extract.limits import Limits, load_limits, originals_of
from openlsi.extract.records import FeedDefinition, Record, load_feed_definitions
from openlsi.home import Home
from openlsi.warehouse.building import PUBLISHED
from openlsi.warehouse.errors import WarehouseError
from openlsi.warehouse.generations import current_build
from openlsi.warehouse.lineage import ColumnOrigin, Lineage
from openlsi.warehouse.project import project_directory

Row = dict[str, str]

_VAULT = "the sender's vault"
_DERIVED = {
    "key": "keyed hash, under the sender's own key",
    "link_key": "keyed hash, under the key of the sharing",
    "area": "small area",
    "age": "age at the month's end",
    "age_month": "month of an age",
    "pension_age_month": "month of pension age",
    "born_on_or_after": "whether born on or after a day",
}
# Folder of LSI_HOME → what it holds, who opens it. Modes are those that the steps set.
FILES = {
    "config": ("The county's own configuration", "the county's administrators", "as set up"),
    "inbox": ("Files as sent", "the sender, and the loader", "as delivered"),
    "vault": ("Identifiers, raw rows set aside, sealed originals: encrypted", "the loader, with the"
              " master key", "0600"),
    "landing": ("Typed rows under keys, no identifier", "the link and build steps", "0600"),
    "quarantine": ("Where and why rows were set aside, no value", "the loader; the sender", "0600"),
    "ledger": ("Totals and hashes of every extract", "every step; auditors", "0600"),
    "releases": ("Within ledger: figures of every edition published", "the build step; auditors",
                 "0600"),
    "campaigns": ("Frozen cohorts and what became of them: households under keys, until `lsi"
                  " retain` lets go of them; the register keeps totals", "a campaign's officers;"
                  " the build step", "0600"),
    "packs": ("Packs of a district's households, sealed to its officers' keys, and the log of who"
              " built and opened them", "the officers that pack_recipients.yml lists; auditors",
              "0600"),
    "links": ("Which keys are one household", "the build step", "0600"),
    "generations": ("secure.duckdb and households.duckdb: households under keys."
                    " publication.duckdb: what disclosure control let through",
                    "secure, households: districts and analysts; publication: pages, the county,"
                    " BI", "0600; publication 0644"),
    "current": ("A pointer to one generation", "as generations", "a link"),
    "site": ("Pages, from the publication only", "every reader", "as set up"),
    "cache": ("Drawings of charts of the pages", "the report step", "as set up"),
    "parses": ("Within cache: the project as dbt reads it, no data", "the build step", "0700"),
    "scratch": ("An analyst's trial builds: households under keys", "analysts", "0600"),
    "truth": ("What made-up extracts hold; a demo only", "tests", "as set up"),
}  # fmt: skip


def sharing_rows(
    configuration: Configuration, definitions: Mapping[str, FeedDefinition], limits: Limits
) -> list[Row]:
    """Return a row a sender and feed, and one a sharing between controllers."""
    rows = []
    for sender in configuration.senders:
        for name, layout in sender.feeds.items():
            feed = configuration.feeds[name]
            fields = [f for _, f, record in _fields(definitions[name]) if f in record.columns]
            identifiers = [f for _, f, record in _fields(definitions[name]) if f not in fields]
            rows.append(
                {
                    "sender_code": sender.code, "sender": sender.name, "feed": name,
                    "title": feed.title, "purpose": feed.purpose, "gateway": feed.gateway,
                    "retention_months": str(feed.retention_months), "layout": layout,
                    "originals": _originals(sender, limits),
                    "recipients": f"{sender.name}: its own households under keys;"
                    f" {configuration.county_name}: aggregates after disclosure control",
                    "identifiers": _joined(identifiers), "fields": _joined(fields),
                }
            )  # fmt: skip
    for name, sharing in configuration.sharings.items():
        senders = [s.name for s in configuration.senders if set(s.feeds) & set(sharing.feeds)]
        keys = [
            f"{feed}.{record}.{column}"
            for feed in sharing.feeds
            for record, definition in definitions[feed].records.items()
            for column, kind in definition.columns.items()
            if kind.link == name
        ]
        rows.append(
            {
                "sender_code": "", "sender": ", ".join(senders), "feed": f"sharing {name}",
                "title": sharing.title, "purpose": sharing.purpose, "gateway": sharing.gateway,
                "retention_months": str(sharing.retention_months), "layout": "", "originals": "",
                "recipients": "the linking step only: senders meet on keys of this sharing",
                "identifiers": "", "fields": _joined(keys),
            }
        )  # fmt: skip
    return rows


def campaign_rows(home: Home, configuration: Configuration) -> list[Row]:
    """Return a row a campaign: what its households are chosen by, and how long they are kept."""
    limits = load_campaign_limits(home)
    campaigns = load_campaigns(home, campaign_fields(project_directory()), configuration)
    rows = []
    for name, one in campaigns.items():
        kept = months_kept(one, limits)
        asked = [condition.field for condition in (*one.target.all, *one.target.any)]
        slugs = set(one.districts)
        districts = [d.name for d in configuration.districts if not slugs or d.slug in slugs]
        rows.append(
            {
                "sender_code": "", "sender": ", ".join(districts), "feed": f"campaign {name}",
                "title": one.name, "purpose": one.purpose, "gateway": one.gateway,
                "retention_months": f"{kept} after its end", "layout": "", "originals": "",
                "recipients": f"{one.owner}: references of households to contact, by {one.channel}",
                "identifiers": "", "fields": _joined(asked),
            }
        )  # fmt: skip
    return rows


def _fields(definition: FeedDefinition) -> Iterable[tuple[str, str, Record]]:
    for name, record in definition.records.items():
        yield from ((name, field, record) for field in record.mapped)


def _joined(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _originals(sender: District, limits: Limits) -> str:
    choice = originals_of(sender, limits)
    told = "sealed to the sender's key" if seals(choice) else "kept in the inbox"
    after = f", removed after {choice.delete_after_days} days" if isinstance(
        choice, DeleteAfter
    ) else ""  # fmt: skip
    return told + after


def field_rows(definitions: Mapping[str, FeedDefinition]) -> list[Row]:
    """Return a row a field of every record: an identifier or not, where it stops, what leaves."""
    rows = []
    for feed, definition in sorted(definitions.items()):
        for record_name, field, record in _fields(definition):
            kind = record.mapped[field]
            made = [
                f"{column} ({_DERIVED[derived.type]})"
                for column, derived in record.columns.items()
                if field in derived.of
            ]
            is_identifier = field in record.identifiers
            rows.append(
                {
                    "feed": feed, "record": record_name, "field": field, "type": kind.type,
                    "is_identifier": "yes" if is_identifier else "no",
                    "stops_at": _VAULT if is_identifier else f"landing, then marts, as {field}",
                    "what_leaves": "; ".join(made) if is_identifier else field,
                }
            )  # fmt: skip
    return rows


def file_rows(home: Home) -> list[Row]:
    """Return a row a folder of LSI_HOME: what it holds and who opens it."""
    return [
        {"place": name, "holds": holds, "opened_by": who, "mode": mode}
        for name, (holds, who, mode) in FILES.items()
    ]


def recipient_rows(configuration: Configuration, recipients: PackRecipients) -> list[Row]:
    """Return a row a person who may be sent packs of a district's households; without their key."""
    names = {district.slug: district.name for district in configuration.districts}
    return [
        {
            "district": names[slug], "name": one.name, "role": one.role,
            "purposes": "; ".join(recipients.purposes[name].title for name in one.purposes),
            "gateways": "; ".join(recipients.purposes[name].gateway for name in one.purposes),
            "until": one.until.isoformat(),
        }
        for slug, listed in recipients.districts.items()
        for one in listed
    ]  # fmt: skip


def column_rows(origins: Iterable[ColumnOrigin]) -> list[Row]:
    """Return a row a column of the marts and of the publication."""
    return [
        {
            "layer": one.layer, "table": one.table, "column": one.column, "kind": one.kind,
            "made_from": one.made_from, "feeds": ", ".join(one.feeds),
            "records": ", ".join(one.records),
        }
        for one in origins
    ]  # fmt: skip


def origins(home: Home) -> list[ColumnOrigin]:
    """Return the origin of every column of the current generation."""
    build = current_build(home)
    if build is None:
        raise WarehouseError("nothing is built yet, so there is no lineage; run `lsi build` first")
    generation = home.generations / build.build_id
    specs = load_specs(configuration_files(home, "disclosure"))
    lineage = Lineage.read(generation)
    return [*lineage.marts(), *lineage.published(generation / PUBLISHED, specs)]


def write_governance(home: Home, folder: Path) -> list[Path]:
    """Write a CSV file a table and one page to read, `governance.md`; return them.

    Who may be sent packs has a table where anybody is listed.
    """
    configuration, definitions = load_configuration(home), load_feed_definitions(home)
    tables = {
        "record_of_sharing": [
            *sharing_rows(configuration, definitions, load_limits(home)),
            *campaign_rows(home, configuration),
        ],
        "fields": field_rows(definitions),
        "columns": column_rows(origins(home)),
        "files": file_rows(home),
    }
    if listed := recipient_rows(configuration, load_pack_recipients(home, configuration)):
        tables["pack_recipients"] = listed
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, rows in tables.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        written.append(path)
    page = folder / "governance.md"
    page.write_text(_page(configuration, tables), encoding="utf-8")
    return [*written, page]


_TITLES = {
    "record_of_sharing": "Record of sharing: who sends what, why, by what authority, how long",
    "fields": "Fields: which are identifiers, and where they stop",
    "columns": "Columns: which feeds each figure comes from, by the lineage of the current build",
    "files": "Files: what lies where, and who opens it",
    "pack_recipients": "Packs of households: who may be sent them, for what, until when",
}


def _page(configuration: Configuration, tables: Mapping[str, Sequence[Row]]) -> str:
    parts = [f"# {configuration.county_name}: record of sharing and data flows\n"]
    if configuration.is_demo:
        parts.append("A demo: its senders' households are made up, and no agreement is meant.\n")
    for name, rows in tables.items():
        parts.append(f"## {_TITLES[name]}\n")
        parts.append("| " + " | ".join(rows[0]).replace("_", " ") + " |")
        parts.append("|" + "---|" * len(rows[0]))
        parts += ["| " + " | ".join(v.replace("|", "/") for v in r.values()) + " |" for r in rows]
        parts.append("")
    return "\n".join(parts)
