"""What the two feeds of the vendor with table sets share: CSV, lower-case headers, ISO dates."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from openlsi.synthesis import text
from openlsi.synthesis.faults import Dialect, Table
from openlsi.synthesis.text import Column

DIALECT = Dialect(",")
DAY = text.Dates("%Y-%m-%d")
COLUMNS = {
    "ctaccount": text.words(
        "account_ref account_cd lead_liab_title lead_liab_name joint_liab_name paymeth_code "
        "deceased_ind breathing_space_ind insolvency_ind sensitive_ind contact_optout_ind "
        "anon_elector_ind",
    ),
    "ctoccupation": text.words(
        "account_ref property_ref occupation_date vacation_date live_ind disc_code "
        "exempt_class dis_band_ind",
    ),
    "ctproperty": text.words(
        "property_ref uprn band addr1 addr2 postcode",
    ),
    "ctnotice": text.words(
        "account_ref ct_year amt_debit amt_discount amt_benefit amt_costs amt_receipts "
        "amt_receipts_mth amt_write_off amt_write_off_mth inst_due notice_balance "
        "recovery_code",
    ),
    "hbclaim": text.words(
        "claim_id check_digit status_ind age_group_ind uc_ind passport_ind dep_children non_deps",
    ),
    "hbctaxclaim": text.words(
        "claim_id ctax_ref",
    ),
    "hbmember": text.words(
        "claim_id member_id type surname forename birth_date nino gender",
    ),
    "hbctaxass": text.words(
        "claim_id from_date to_date weekly_liab weekly_income weekly_award posted_mth adj_prior",
    ),
}


def line(pieces: list[Column | bytes]) -> Column:
    """Return lines of comma-separated pieces."""
    return text.lines(pieces, b",")


def yes(flags: np.ndarray) -> Column:
    """Return Y and N."""
    return text.where(flags, b"Y", b"N")


def tables_of(prefix: str, lines: dict[str, Column]) -> dict[str, Table]:
    """Return the tables of a feed by name, each a file with the same prefix."""
    return {
        name: Table(f"{prefix}{name}.csv", COLUMNS[name], rows, DIALECT)
        for name, rows in lines.items()
    }


def write_all(folder: Path, tables: dict[str, Table]) -> None:
    """Write each table under its header."""
    for table in tables.values():
        header = ",".join(table.columns).encode() + b"\n"
        text.write(folder / table.file_name, [header, table.lines])
