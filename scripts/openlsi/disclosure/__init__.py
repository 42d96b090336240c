"""Disclosure control: from schema `metrics` to schema `published`, by rules that are data."""

from __future__ import annotations

from datetime import date

import duckdb

from openlsi.config import load_configuration
from openlsi.config.county import configuration_files
from openlsi.disclosure.publishing import PublishedTable, publish_tables
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
) -> list[PublishedTable]:
    """Make schema `published` of an open warehouse anew for one edition of this county.

    `today` is YYYY-MM-DD; `owner` is the ONS code that the district edition is for. Raises
    DisclosureError if a table cannot be made as its file says, or if an attack on the result
    finds a figure that it must not.
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
    return publish_tables(con, configuration_files(home, "disclosure"), edition, parameters, owner)
