"""Disclosure control: from schema `metrics` to schema `published`, by rules that are data."""

from __future__ import annotations

from datetime import date

import duckdb

from openlsi.config import load_configuration
from openlsi.config.county import configuration_files
from openlsi.disclosure.publishing import PublishedTable, publish_tables
from openlsi.disclosure.reading import load_specs
from openlsi.disclosure.releasing import check_against_earlier, goes_out_because
from openlsi.disclosure.spec import DisclosureError
from openlsi.home import Home

__all__ = ["DisclosureError", "PublishedTable", "publish"]

_MADE_UP = "Households, accounts and awards are made up for this demo; official figures are real."


def publish(
    con: duckdb.DuckDBPyConnection,
    *,
    home: Home,
    edition: str,
    build_id: str,
    today: str,
    owner: str | None = None,
    goes_out: bool = True,
    must_go_out: bool = False,
) -> list[PublishedTable]:
    """Make schema `published` of an open warehouse anew for one edition of this county.

    `today` is YYYY-MM-DD; `owner` is the ONS code that the district edition is for. An edition that
    `goes_out` is held against those published before it; one that `must_go_out` does so whatever
    it tells together with them. Raises DisclosureError if a table cannot
    be made as its file says, if an attack on the result finds a figure that it must not, or if it
    tells more together with an earlier edition than it may.
    """
    configuration = load_configuration(home)
    parameters: dict[str, str | bool | date] = {
        "build_id": build_id,
        "today": date.fromisoformat(today),
        "county_code": configuration.county_code,
        "county_name": configuration.county_name,
        "is_demo": configuration.is_demo,
        "sample_note": _MADE_UP if configuration.is_demo else "",
    }
    files = configuration_files(home, "disclosure")
    tables = publish_tables(con, files, edition, parameters, owner)
    if goes_out:
        names = {table.name for table in tables}
        specs = {name: spec for name, spec in load_specs(files).items() if name in names}
        because = goes_out_because(home, was_rewritten=must_go_out)
        check_against_earlier(con, home, specs, edition, build_id, goes_out_because=because)
    return tables
