"""The samples: every feed in at least one layout, and every way of reading files."""

from __future__ import annotations

from faults.sample import MONTH, Files, Place, Sample
from openlsi.home import Home
from openlsi.synthesis.county import synthesise
from openlsi.synthesis.plan import Plan

# Dartford sends most feeds; the others each a layout that reads in another way.
DISTRICTS = ("ashford", "dartford", "folkestone-and-hythe", "gravesham", "tunbridge-wells")


def _council_tax_and_support() -> list[Sample]:
    return [
        Sample(
            "wide_council_tax", "wide_council_tax", "dartford", "account",
            {
                "reference": Place("Account No", "account_key"),
                "name": Place("Lead Surname", "lead_name_key"),
                "uprn": Place("UPRN", "dwelling_key"),
                "postcode": Place("Postcode", "lsoa_code"),
                "code": Place("Band", "band"),
                "begins": Place("Liable From", "liability_start_date"),
                "ends": Place("Liable To", "liability_end_date"),
                "money": Place("CY Balance", "balance_gbp"),
                "free": Place("Lead Surname", "lead_name_key"),
                "rate": Place("CY Balance", "balance_gbp"),
            },
        ),
        Sample(
            "civica_council_tax", "civica_council_tax", "gravesham", "account",
            {
                "reference": Place("Account Number", "account_key"),
                "name": Place("Liable Party", "lead_name_key"),
                "uprn": Place("UPRN", "dwelling_key"),
                "postcode": Place("Postcode", "lsoa_code"),
                "code": Place("Band", "band"),
                "begins": Place("Liable From", "liability_start_date"),
                "ends": Place("Liable To", "liability_end_date"),
                "money": Place("balance.Balance", "balance_gbp"),
                "free": Place("Address", ""),
                "rate": Place("balance.Balance", "balance_gbp"),
            },
        ),
        Sample(
            "academy_council_tax", "academy_council_tax", "ashford", "account",
            {
                "reference": Place("account_ref", "account_key"),
                "name": Place("lead_liab_surname", "lead_name_key"),
                "uprn": Place("ctproperty.uprn", "dwelling_key"),
                "postcode": Place("ctproperty.postcode", "lsoa_code"),
                "code": Place("paymeth_code", "payment_method"),
                "begins": Place("ctoccupation.occupation_date", "liability_start_date"),
                "ends": Place("ctoccupation.vacation_date", "liability_end_date"),
                # A year's balance is the sum of its notices'.
                "money": Place("ctnotice.notice_balance", "balance_gbp"),
                "free": Place("lead_liab_surname", "lead_name_key"),
                "rate": Place("ctnotice.notice_balance", "balance_gbp"),
            },
            row=7,
        ),
        Sample(
            "wide_cts", "wide_cts", "dartford", "award",
            {
                "reference": Place("Claim Ref", "claim_key"),
                "account": Place("Account No", "account_key"),
                "name": Place("Claimant Surname", "claimant_name_key"),
                "born": Place("Claimant DOB", "claimant_age_at_month_end"),
                "nino": Place("Claimant NINO", "claimant_nino_key"),
                "code": Place("Status", "award_status"),
                "count": Place("Dependants", "dependant_count"),
                "begins": Place("Award From", "award_from"),
                "ends": Place("Award To", "award_to"),
                "money": Place("Weekly Award", "weekly_award_gbp"),
                "free": Place("Claimant Surname", "claimant_name_key"),
                "rate": Place("Weekly Award", "weekly_award_gbp"),
            },
        ),
        Sample(
            "piped_cts", "piped_cts", "folkestone-and-hythe", "award",
            {
                "reference": Place("claim_ref", "claim_key"),
                "account": Place("account_ref", "account_key"),
                "name": Place("surname", "claimant_name_key"),
                "born": Place("dob", "claimant_age_at_month_end"),
                "nino": Place("nino", "claimant_nino_key"),
                "code": Place("status", "award_status"),
                "count": Place("dependants", "dependant_count"),
                "begins": Place("from", "award_from"),
                "ends": Place("to", "award_to"),
                "money": Place("weekly_award", "weekly_award_gbp"),
                "free": Place("surname", "claimant_name_key"),
                "rate": Place("weekly_award", "weekly_award_gbp"),
            },
        ),
        Sample(
            "workbook_cts", "workbook_cts", "tunbridge-wells", "award",
            {
                "reference": Place("Claim", "claim_key"),
                "account": Place("Account", "account_key"),
                "name": Place("Surname", "claimant_name_key"),
                "born": Place("Date of birth", "claimant_age_at_month_end"),
                "nino": Place("NI number", "claimant_nino_key"),
                "code": Place("State", "award_status"),
                "count": Place("Children", "dependant_count"),
                "begins": Place("From", "award_from"),
                "ends": Place("To", "award_to"),
                "money": Place("Weekly CTR", "weekly_award_gbp"),
                "free": Place("Surname", "claimant_name_key"),
                "rate": Place("Weekly CTR", "weekly_award_gbp"),
            },
            row=7,
        ),
    ]  # fmt: skip


_SHBE = {
    "reference": Place("2", "claim_key"),
    "name": Place("18", ""),  # the extract has no names; a field that is not read
    "born": Place("8", "claimant_age_at_month_end"),
    "nino": Place("4", "claimant_nino_key"),
    "postcode": Place("11", "lsoa_code"),
    "code": Place("33", "claim_status"),
    "count": Place("13", "dependant_count"),
    "begins": Place("41", "claim_from"),
    "ends": Place("202", "claim_to"),
    "money": Place("43", "weekly_hb_gbp"),
    "free": Place("18", ""),
    "rate": Place("43", "weekly_hb_gbp"),
}


def _benefits() -> list[Sample]:
    return [
        Sample("shbe", "shbe", "dartford", "claim", _SHBE),
        # With the two columns that the department added.
        Sample("shbe_newer", "shbe", "folkestone-and-hythe", "claim", _SHBE),
        Sample(
            "universal_credit", "universal_credit", "dartford", "award",
            {
                "reference": Place("uc_ref", "uc_key"),
                "name": Place("surname", "claimant_name_dob_key"),
                "born": Place("dob", "claimant_age_at_month_end"),
                "nino": Place("nino", "claimant_nino_key"),
                "postcode": Place("postcode", "lsoa_code"),
                "code": Place("tenure", "housing_tenure"),
                "count": Place("children", "child_count"),
                "begins": Place("from", "period_start"),
                "ends": Place("to", "period_end"),
                "money": Place("paid", "net_award_gbp"),
                "free": Place("surname", "claimant_name_dob_key"),
                "rate": Place("paid", "net_award_gbp"),
            },
        ),
        Sample(
            "discretionary_csv", "discretionary_csv", "dartford", "award",
            {
                "reference": Place("Ref", "award_key"),
                "account": Place("CT account", "account_key"),
                "name": Place("Surname", "applicant_name_dob_key"),
                "born": Place("Date of birth", "applicant_age_at_month_end"),
                "nino": Place("NI no", "applicant_nino_key"),
                "postcode": Place("Postcode", "lsoa_code"),
                "code": Place("Fund", "fund"),
                "begins": Place("From", "award_from"),
                "ends": Place("To", "award_to"),
                "money": Place("Amount", "award_gbp"),
                "free": Place("Surname", "applicant_name_dob_key"),
                "rate": Place("Amount", "award_gbp"),
            },
        ),
        Sample(
            "education_free_school_meals", "education_free_school_meals", "kent-education",
            "pupil",
            {
                "reference": Place("Pupil Ref", "pupil_key"),
                "name": Place("Parent Surname", "fsm_name_dob_key"),
                "born": Place("Date of Birth", "age_at_month_end"),
                "nino": Place("Parent NINO", "fsm_nino_key"),
                "postcode": Place("Postcode", "lsoa_code"),
                "code": Place("Ground", "entitlement_ground"),
                "count": Place("NC Year", "year_group"),
                "begins": Place("Registered From", "registered_from"),
                "free": Place("Surname", ""),
            },
            row=5,
        ),
    ]  # fmt: skip


def _rent() -> list[Sample]:
    return [
        Sample(
            "rentsense_rent", "rentsense_rent", "dartford", "account",
            {
                "reference": Place("AccountReference", "rent_account_key"),
                "name": Place("tenant.TenantSurName", "tenant_name_key"),
                "born": Place("tenant.DateOfBirth", "tenant_age_at_month_end"),
                "uprn": Place("UPRN", "dwelling_key"),
                "postcode": Place("tenant.PostCode", "lsoa_code"),
                "code": Place("TenureTypeCode", "tenancy"),
                "begins": Place("TenancyStartDate", "tenancy_start_date"),
                "ends": Place("TenancyEndDate", "tenancy_end_date"),
                "money": Place("balances.CurrentBalance", "balance_gbp"),
                "free": Place("LocalAuthority", ""),
                "rate": Place("WeeklyRent", "weekly_rent_gbp"),
            },
            row=5,
        ),
        Sample(
            "nec_rent", "nec_rent", "folkestone-and-hythe", "account",
            {
                "reference": Place("LRAC_PAY_REF", "rent_account_key"),
                "name": Place("tenant.LPAR_PER_SURNAME", "tenant_name_key"),
                "born": Place("tenant.LPAR_PER_DATE_OF_BIRTH", "tenant_age_at_month_end"),
                "nino": Place("tenant.LPAR_PER_NI_NO", "tenant_nino_key"),
                "uprn": Place("addresses.LADR_UPRN", "dwelling_key"),
                "postcode": Place("addresses.LAEL_POSTCODE", "lsoa_code"),
                "code": Place("tenancies.ltcy_tty_code", "tenancy"),
                "begins": Place("tenancies.ltcy_act_start_date", "tenancy_start_date"),
                "ends": Place("tenancies.ltcy_act_end_date", "tenancy_end_date"),
                "money": Place("account_balances.LABA_BALANCE", "balance_gbp"),
                "free": Place("LRAC_CLASS_CODE", ""),
                "rate": Place("rent.ldbr_ele_value", "weekly_rent_gbp"),
            },
            row=8,
        ),
    ]  # fmt: skip


SAMPLES = {sample.name: sample for sample in (*_council_tax_and_support(), *_benefits(), *_rent())}


def make_files(home: Home) -> dict[str, Files]:
    """Return the files of each sample, as the generator writes them without a single fault."""
    plan = Plan(1, f"{MONTH:%Y-%m}", 0.0, 7, 0.01, has_faults=False)
    synthesise(home, plan, DISTRICTS, workers=1)
    return {
        name: {file: (home.inbox / sample.sender / file).read_bytes() for file in sample.files}
        for name, sample in SAMPLES.items()
    }
