"""Rent and discretionary awards as each made-up vendor writes them, loaded from files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from openlsi.extract.ledger import accepted_extracts, landing_files
from openlsi.extract.loading import load
from openlsi.home import Home

NEC = {
    "revenue_accounts": [
        "LRAC_PAY_REF,LRAC_TCY_ALT_REF,LRAC_CLASS_CODE,LRAC_START_DATE,LRAC_UC_MANAGED_IND,"
        "LRAC_MARKERS",
        "2280000013,00700003,REV,03-APR-2017,Y,BRS;OPT",
        "2280000026,00700006,REV,29-FEB-2024,N,",
    ],
    "account_balances": [
        "LABA_PAY_REF,LABA_DATE,LABA_BALANCE",
        "2280000013,31-OCT-2026,812.40",
        "2280000026,31-OCT-2026,-15.00",
    ],
    "tenancies": [
        "ltcy_alt_ref,ltcy_tty_code,ltcy_hrv_ttyp_code,ltcy_act_start_date,ltcy_act_end_date,"
        "ltcy_tho_propref1",
        "00700003,SEC,SECURE,03-APR-2017,,88000007",
        "00700006,TBB,TEMPORARY,29-FEB-2024,30-Sep-2026,88000014",
    ],
    "people": [
        "LPAR_TCY_ALT_REF,LPAR_PER_ALT_REF,LPAR_PER_SURNAME,LPAR_PER_FORENAME,"
        "LPAR_PER_DATE_OF_BIRTH,LPAR_PER_NI_NO,LPAR_TIN_MAIN_TENANT_IND",
        "00700003,4100001,HARRIS,Mei,02-MAY-1993,XB250057D,Y",
        "00700003,4100002,HARRIS,Tom,11-DEC-1990,XB250058D,N",
        "00700006,4100003,LUCKHURST,Ann,25-JUL-1950,,Y",
    ],
    "addresses": [
        "LAUS_LEGACY_REF,LADR_FLAT,LADR_STREET_NUMBER,LAEL_STREET,LAEL_TOWN,LAEL_POSTCODE,"
        "LADR_UPRN",
        "88000007,Flat 2,87,Oast Street,Ashford,XK10 1XJ,100060000011",
        "88000014,,12,Medway Road,Ashford,XK10 0BX,100060000022",
    ],
    "debit_breakdowns": [
        "ldbr_pay_ref,ldbr_pro_refno,ldbr_ele_code,ldbr_start_date,ldbr_end_date,ldbr_att_code,"
        "ldbr_ele_value",
        "2280000013,88000007,DBR,06-APR-2026,,WK,104.20",
        "2280000013,88000007,DSC,06-APR-2026,,WK,7.15",
        "2280000026,88000014,DBR,06-APR-2026,,WK,98.00",
    ],
    "transactions": [
        "LTRN_ALT_REF,LTRN_PAY_REF,LTRN_TRT_CODE,LTRN_EFFECTIVE_DATE,LTRN_AMOUNT",
        "10000001,2280000013,DBR,05-OCT-2026,416.80",
        "10000002,2280000013,RUC,20-oct-2026,-451.53",
    ],
    "arrears_actions": [
        "LACA_REFNO,LACA_PAY_REF,LACA_TYPE,LACA_CREATED_DATE,LACA_ARA_CODE,LACA_STATUS,"
        "LACA_EFFECTIVE_DATE,LACA_EXPIRY_DATE,LACA_NEXT_ACTION_DATE",
        "30000101,2280000013,AREA,02-OCT-2026,NOSP,COMP,02-OCT-2026,02-OCT-2027,",
        "30000102,2280000013,AREA,02-OCT-2026,NOTE,COMP,02-OCT-2026,,",
    ],
    "arrangements": [
        "LARG_PAY_REF,LARG_REFNO,LARG_START_DATE,LARG_END_DATE,LARG_AMOUNT,LARG_FREQ_CODE,"
        "LARG_STATUS",
        "2280000013,1,12-OCT-2026,,40.00,4W,CURR",
    ],
}
RENTSENSE = {
    "accounts": [
        "AccountReference,TenureType,TenureTypeCode,TenancyStartDate,TenancyEndDate,LocalAuthority,"
        "PropertyReference,UPRN,WeeklyRent,WeeklyServiceCharge,UCManagedPayment,Markers",
        "R20000003,Secure,SEC,2017-04-03 00:00:00,,Dartford,88000007,100060000033,104.20,0.00,True,"
        "no contact",
    ],
    "tenants": [
        "AccountReference,TenantSequence,TenantFirstName,TenantSurName,DateOfBirth,Address1,"
        "Address2,PostCode",
        'R20000003,1,Mei,Harris,1993-05-02,"Flat 2, 87 Oast Street",Dartford,XK20 1XJ',
        'R20000003,2,Tom,Harris,1990-12-11,"Flat 2, 87 Oast Street",Dartford,XK20 1XJ',
    ],
    "balances": [
        "AccountReference,CurrentBalance,BalanceDate",
        "R20000003,-812.40,2026-10-31",
    ],
    "transactions": [
        "AccountReference,TransactionID,TransactionPostDate,TransactionCode,TransactionAmount,"
        "TransactionDescription",
        "R20000003,10000001,2026-10-05 09:41:07,DBR,-416.80,Basic Rent (No VAT)",
        "R20000003,10000002,2026-10-20 00:00:00,RDP,21.00,Deduction (Work & P)",
        "R20000003,10000003,2026-10-21 00:00:00,DCC,-355.00,Court Costs",
    ],
    "actions": [
        "AccountReference,ActionSeq,ActionCode,ActionDescription,ActionDate",
        "R20000003,6,SPO,Suspended Possession,2026-10-09",
    ],
    "arrangements": [
        "AccountReference,AgreementSequence,AgreementStartDate,AgreementEndDate,AgreementFrequency,"
        "InstalmentAmount,AgreementState",
        "R20000003,1,2026-08-03,2026-10-31,fortnightly,12.50,breached",
    ],
}
BY_HAND = [
    "Discretionary awards decided in October 2026",
    "Ref,Date decided,Fund,Reason,Surname,First names,Date of birth,NI no,Address,Postcode,"
    "Council tax ref,From,To,Amount",
    'W4000037,09/10/2026,CRF,Fuel/water,Harris,Mei,02/05/1993,n/k,"87 Oast Street, Ashford",'
    'XK10 1XJ,310000539,,,"£1,173.40"',
    'W4000040,10/10/2026,DHP,Bedroom tax,Hâron,Ann,25/07/1950,XA 50 01 18 C,"12 Medway Road",,,'
    "01/10/2026,31/03/2027,£261.90",
]
TAGGED = [
    "H|E07000106|202610|20261103T061501",
    "W|W4000040|30|06|20261025|||6790|Carter-Webb|Derek|19841003|XS500108A|46 Chapel Lane|XK37 0TQ",
    "W|W4000043|20|09|20261010|||18000|Epps|Rebecca|19480901||Flat 11, 43 Marsh Way|XK37 0AX",
    "T|2|24790",
]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def send(home: Home, slug: str, name: str, lines: list[str], encoding: str = "utf-8") -> None:
    folder = home.inbox / slug
    folder.mkdir(parents=True, exist_ok=True)
    end = "\r\n" if name.endswith(".txt") else "\n"
    (folder / name).write_text(end.join([*lines, ""]), encoding=encoding, newline="")


def send_nec(home: Home, **instead: list[str]) -> None:
    for table, lines in {**NEC, **instead}.items():
        send(home, "ashford", f"ashford_NEC_202610_{table}.csv", lines)


def landed(home: Home, feed: str, record: str) -> list[dict[str, Any]]:
    files = landing_files(home)[feed, record]
    query = f"select * from read_parquet({files!r}) order by source_row"
    return duckdb.sql(query).to_arrow_table().to_pylist()


def test_load_files_with_months_by_name_give_accounts_postings_actions_and_agreements(
    home: Home,
) -> None:
    send_nec(home)
    assert load(home).refused == []
    first, second = landed(home, "rent", "account")
    assert first["tenancy_start_date"] == date(2017, 4, 3)
    assert (first["balance_gbp"], second["balance_gbp"]) == (Decimal("812.40"), Decimal("-15.00"))
    assert first["joint_name_dob_key"] is not None and second["joint_name_dob_key"] is None
    assert (first["weekly_rent_gbp"], first["weekly_service_charge_gbp"]) == (
        Decimal("104.20"), Decimal("7.15"),
    )  # fmt: skip
    # No line of service charge is no service charge; months may be in any case.
    assert second["weekly_service_charge_gbp"] == 0
    assert second["tenancy_end_date"] == date(2026, 9, 30)
    assert (first["tenancy"], second["tenancy"]) == ("secure", "temporary")
    marks = ("breathing_space", "contact_opt_out", "deceased", "sensitive")
    assert [first[f"has_{mark}_marker"] for mark in marks] == [True, True, False, False]
    assert (first["has_managed_uc_payment"], second["has_managed_uc_payment"]) == (True, False)
    assert [(row["transaction_kind"], row["transaction_gbp"])
            for row in landed(home, "rent", "transaction")] == [
        ("rent_charge", Decimal("416.80")), ("uc_managed_payment", Decimal("-451.53")),
    ]  # fmt: skip
    notice, note = landed(home, "rent", "action")
    assert (notice["action_kind"], notice["expiry_date"]) == (
        "notice_seeking_possession", date(2027, 10, 2),
    )  # fmt: skip
    assert note["action_kind"] == "other"
    (agreement,) = landed(home, "rent", "agreement")
    assert (agreement["instalment_period"], agreement["agreement_status"]) == (
        "four_weekly", "kept",
    )  # fmt: skip


def test_two_rents_of_one_account_set_it_aside_and_keep_its_postings(home: Home) -> None:
    debits = [*NEC["debit_breakdowns"], "2280000013,88000007,DBR,01-APR-2025,,WK,99.70"]
    send_nec(home, debit_breakdowns=debits)
    load(home)
    (extract,) = accepted_extracts(home).to_pylist()
    (kept_out,) = extract["quarantine_reasons"]
    assert (kept_out["record"], kept_out["reason"], kept_out["rows"]) == (
        "account", "duplicate_key", 1,
    )  # fmt: skip
    assert kept_out["gbp"] == Decimal("812.40")
    assert len(landed(home, "rent", "account")) == 1
    assert len(landed(home, "rent", "transaction")) == 2


def test_an_account_without_its_balance_is_set_aside(home: Home) -> None:
    send_nec(home, account_balances=NEC["account_balances"][:2])
    load(home)
    (extract,) = accepted_extracts(home).to_pylist()
    (kept_out,) = extract["quarantine_reasons"]
    assert (kept_out["reason"], kept_out["column_name"]) == ("missing_lookup", "balance_gbp")


@pytest.mark.parametrize("table", ["arrears_actions", "arrangements"])
def test_a_month_without_steps_or_agreements_is_one_with_none(home: Home, table: str) -> None:
    send_nec(home, **{table: NEC[table][:1]})
    report = load(home)
    assert report.refused == []
    (event,) = report.accepted
    record = {"arrears_actions": "action", "arrangements": "agreement"}[table]
    assert {one["record"]: one["rows"] for one in event["records"]}.get(record, 0) == 0
    assert len(landed(home, "rent", "account")) == 2


@pytest.mark.parametrize(
    "table", sorted(set(NEC) - {"arrears_actions", "arrangements"}), ids=lambda table: table
)
def test_a_file_of_what_every_month_has_is_refused_without_rows(home: Home, table: str) -> None:
    send_nec(home, **{table: NEC[table][:1]})
    (refusal,) = load(home).refused
    assert refusal.args[1] == "no rows under the header"


@pytest.mark.parametrize(
    ("rent", "balance", "reasons"),
    [
        ("104.20", "16255.20", []),  # 156 weeks to the penny
        ("104.20", "16255.21", ["above_limit"]),
        ("104.20", "-5418.40", []),  # 52 weeks in credit
        ("104.20", "-5418.41", ["above_limit"]),
        # What is no longer charged says nothing of what is owed.
        ("0.00", "16255.21", []),
        ("0.00", "-5418.41", []),
    ],
)
def test_a_balance_far_beyond_its_own_rent_is_set_aside(
    home: Home, rent: str, balance: str, reasons: list[str]
) -> None:
    first = NEC["debit_breakdowns"][1].replace("104.20", rent)
    owed = NEC["account_balances"][1].replace("812.40", balance)
    send_nec(
        home,
        debit_breakdowns=[NEC["debit_breakdowns"][0], first, *NEC["debit_breakdowns"][2:]],
        account_balances=[NEC["account_balances"][0], owed, NEC["account_balances"][2]],
    )
    assert load(home).refused == []
    (extract,) = accepted_extracts(home).to_pylist()
    kept_out = extract["quarantine_reasons"]
    assert [one["reason"] for one in kept_out] == reasons
    assert [one["gbp"] for one in kept_out] == [Decimal(balance)] * len(reasons)
    assert {one["column_name"] for one in kept_out} <= {"balance_gbp"}


def test_where_arrears_are_written_below_nil_they_come_out_above_it(home: Home) -> None:
    for table, lines in RENTSENSE.items():
        send(home, "dartford", f"dartford.rent.{table}202610.csv", lines)
    assert load(home).refused == []
    (account,) = landed(home, "rent", "account")
    assert account["balance_gbp"] == Decimal("812.40")
    assert account["tenant_nino_key"] is None and account["joint_name_dob_key"] is not None
    assert account["has_contact_opt_out_marker"] and not account["has_deceased_marker"]
    assert [(row["posted_date"].day, row["transaction_kind"], row["transaction_gbp"])
            for row in landed(home, "rent", "transaction")] == [
        (5, "rent_charge", Decimal("416.80")), (20, "dwp_deduction", Decimal("-21.00")),
        (21, "court_costs", Decimal("355.00")),
    ]  # fmt: skip
    (extract,) = accepted_extracts(home).to_pylist()
    assert extract["accepted_gbp"] == Decimal("812.40")
    (action,) = landed(home, "rent", "action")
    assert (action["action_kind"], action["expiry_date"]) == ("suspended_order", None)
    (agreement,) = landed(home, "rent", "agreement")
    assert (agreement["agreement_status"], agreement["agreement_to"]) == (
        "broken", date(2026, 10, 31),
    )  # fmt: skip


def test_a_list_kept_by_hand_is_read_with_its_title_signs_and_renamed_column(home: Home) -> None:
    name = "DHP and crisis awards - Ashford - 2026-10.csv"
    send(home, "ashford", name, BY_HAND, encoding="cp1252")
    assert load(home).refused == []
    first, second = landed(home, "discretionary_awards", "award")
    assert (first["award_gbp"], second["award_gbp"]) == (Decimal("1173.40"), Decimal("261.90"))
    assert first["account_key"] is not None and second["account_key"] is None
    assert first["applicant_nino_key"] is None and second["applicant_nino_key"] is not None
    assert (second["fund"], second["award_reason"]) == (
        "discretionary_housing_payment", "spare_room_reduction",
    )  # fmt: skip
    assert (second["award_from"], first["award_from"]) == (date(2026, 10, 1), None)


def test_a_grants_file_is_held_against_its_trailer(home: Home) -> None:
    send(home, "canterbury", "E07000106.GRANTS.202610.txt", TAGGED)
    assert load(home).refused == []
    assert [row["award_gbp"] for row in landed(home, "discretionary_awards", "award")] == [
        Decimal("67.90"), Decimal("180.00"),
    ]  # fmt: skip


def test_a_grants_file_that_does_not_add_to_its_trailer_is_refused(home: Home) -> None:
    send(home, "canterbury", "E07000106.GRANTS.202610.txt", [*TAGGED[:-1], "T|2|24791"])
    (refusal,) = load(home).refused
    assert "E07000106.GRANTS.202610.txt" in str(refusal)
    assert accepted_extracts(home).num_rows == 0
