"""`lsi scheme`: districts' working-age Council Tax Support schemes, listed and compared."""

from __future__ import annotations

import csv
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openlsi.assess.comparison import Comparison
from openlsi.assess.errors import AssessError
from openlsi.config.county import load_configuration
from openlsi.home import Home

SECURE = "secure.duckdb"


class Base(StrEnum):
    """What doing nothing is."""

    AUTO = "auto"
    ESTIMATED = "estimated"
    IN_PAYMENT = "in-payment"


if TYPE_CHECKING:
    from collections.abc import Iterator

    from openlsi.config.schemes import Scheme
    from openlsi.proposals.options import Terms

scheme = typer.Typer(no_args_is_help=True, help="Working-age Council Tax Support schemes.")


@scheme.command("list")
def list_schemes() -> None:
    """List the schemes that are documented, and the districts of which none is."""
    from openlsi.config.schemes import documented, load_schemes

    home = Home.from_environment()
    schemes = load_schemes(home)
    for one in schemes:
        types = ", ".join(name.replace("_", " ") for name in one.bands) or one.kind
        proposed = "  PROPOSED" if one.standing == "proposed" else ""
        kind = one.kind.replace("_", " ")
        print(f"{one.name:<28}{kind:<16}up to {one.maximum_pct}%  {types}{proposed}")
        print(f"  {one.source}")
        for said in _said_of(one):
            print(f"  {said}")
        if one.assumed:
            print(f"  not stated there, assumed: {', '.join(one.assumed)}")
    districts = load_configuration(home).districts
    without = [
        district.name for district in districts
        if district.code not in {one.district for one in documented(schemes)}
    ]  # fmt: skip
    held = len(districts) - len(without)
    print(f"{held} of {len(districts)} districts; no grid is documented for {', '.join(without)}")


def _said_of(one: Scheme) -> Iterator[str]:
    """Yield what a scheme says beside its bands."""
    if one.child_cap:
        yield f"counts up to {one.child_cap} children"
    passports = one.passports
    if passports.legacy_benefits or passports.universal_credit_maximum:
        told = {
            "the benefits before Universal Credit": passports.legacy_benefits,
            "an award of it that nothing is taken off": passports.universal_credit_maximum,
        }
        who = " and ".join(benefit for benefit, is_so in told.items() if is_so)
        yield f"first band whatever the income: {who}"
    if one.backdating_months is not None:
        yield f"backdated up to {one.backdating_months} months (in no estimate)"
    if one.hardship_fund_gbp is not None:
        yield (
            f"hardship fund of £{one.hardship_fund_gbp:,} a year, the billing authority's own"
            " (in no estimate)"
        )


@scheme.command()
def compare(
    file: Annotated[
        Path | None, typer.Argument(help="Households as JSON, as for `lsi assess`.")
    ] = None,
    caseload: Annotated[
        str | None, typer.Option(help="Instead of a file, a district's caseload of today.")
    ] = None,
    year: Annotated[str | None, typer.Option(help="Whose rates of benefits and taxes.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Rows for a spreadsheet.")] = False,
) -> None:
    """Put each household of a file, or a district's caseload, under every documented scheme.

    A scheme whose bands for the household's type are not documented is not comparable: nothing is
    borrowed from another.
    """
    from openlsi.assess.comparison import compare as compare_file
    from openlsi.warehouse.project import project_directory

    home = Home.from_environment()
    if (file is None) == (caseload is None):
        raise AssessError("which? lsi scheme compare FILE, or --caseload DISTRICT")
    if file is None:
        _compare_caseload(home, str(caseload), as_csv)
        return
    comparison = compare_file(project_directory(), home, file, year, date.today())
    _write_csv(comparison) if as_csv else _write_text(comparison)
    for name, reason in comparison.refused.items():
        print(f"lsi: {file}: household {name}: not compared: {reason}", file=sys.stderr)
    if comparison.refused:
        raise typer.Exit(1)


def _compare_caseload(home: Home, place: str, as_csv: bool) -> None:
    from openlsi.proposals.every_scheme import under_every_scheme
    from openlsi.proposals.harmonised_written import every_scheme_csv, every_scheme_text
    from openlsi.warehouse.project import project_directory

    found = under_every_scheme(project_directory(), home, home.current / SECURE, place)
    if as_csv:
        print(every_scheme_csv(found), end="")
    else:
        print(every_scheme_text(found))


@scheme.command()
def model(
    file: Annotated[
        Path | None, typer.Argument(help="The proposal: a scheme file, standing: proposed.")
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(help="An alternative: a scheme's name or file; again for more."),
    ] = None,
    base: Annotated[
        Base, typer.Option(help="What doing nothing is; auto: the year's documented scheme if any.")
    ] = Base.AUTO,
    protect: Annotated[
        float | None,
        typer.Option(min=0, max=1000, help="Pounds a week nobody loses more than in year one."),
    ] = None,
    collection: Annotated[
        float | None,
        typer.Option(min=0, max=100, help="Per cent collected of what losers are charged more."),
    ] = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="Write every figure, exact, for officers.")
    ] = None,
    annex: Annotated[
        Path | None, typer.Option(help="Write a consultation annex (HTML), safe to publish.")
    ] = None,
    reorganise: Annotated[
        str | None,
        typer.Option(help="Instead of a file, a reorganisation option: one scheme a new council."),
    ] = None,
) -> None:
    """Put a proposal against today's working-age caseload of its district, or a reorganisation.

    Cost and who bears it, gainers and losers and who they are, beside alternatives and doing
    nothing. The table and --csv are exact, for officers; --annex has passed disclosure control.
    """
    from openlsi.proposals.errors import ProposalError
    from openlsi.proposals.files import refuse_unwritable, write_whole
    from openlsi.proposals.options import Terms

    home = Home.from_environment()
    if (file is None) == (reorganise is None):
        raise ProposalError("which? lsi scheme model FILE, or --reorganise OPTION")
    terms = Terms(protect, collection)
    refuse_unwritable([path for path in (csv_file, annex) if path is not None])
    if file is None:
        if annex or against or base is not Base.AUTO or terms != Terms():
            raise ProposalError("--reorganise takes --csv, and no other option")
        text, texts = _reorganised(home, str(reorganise), csv_file)
    else:
        text, texts = _modelled(home, file, against or [], base, terms, csv_file, annex)
    write_whole(texts)
    print(text)
    for path in texts:
        print(f"Written: {path}")


def _modelled(
    home: Home,
    file: Path,
    against: list[str],
    base: Base,
    terms: Terms,
    csv_file: Path | None,
    annex: Path | None,
) -> tuple[str, dict[Path, str]]:
    import duckdb

    from openlsi.proposals.annex import as_annex
    from openlsi.proposals.model import model_in
    from openlsi.proposals.written import as_csv, as_text
    from openlsi.warehouse.project import project_directory

    with duckdb.connect(":memory:", config={"temp_directory": ""}) as connection:
        modelled = model_in(
            connection, project_directory(), home, home.current / SECURE, file, against, terms,
            base.value,
        )  # fmt: skip
        texts = {} if csv_file is None else {csv_file: as_csv(modelled)}
        if annex is not None:
            texts[annex] = as_annex(connection, modelled)
    return as_text(modelled), texts


def _reorganised(home: Home, option: str, csv_file: Path | None) -> tuple[str, dict[Path, str]]:
    from openlsi.proposals.harmonised_written import reorganised_csv, reorganised_text
    from openlsi.proposals.reorganisation import harmonise
    from openlsi.warehouse.project import project_directory

    found = harmonise(project_directory(), home, home.current / SECURE, option)
    texts = {} if csv_file is None else {csv_file: reorganised_csv(found)}
    return reorganised_text(found), texts


def _write_csv(comparison: Comparison) -> None:
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(
        ["case", "scheme", "is_own", "council_tax_gbp", "counted_income_gbp", "reduction_pct",
         "award_gbp"]
    )  # fmt: skip
    for row in comparison.rows:
        case = f"'{row.case}" if row.case[:1] in "=+-@\t\r" else row.case
        rows.writerow(
            [case, row.scheme, row.is_own, row.council_tax_gbp, row.counted_income_gbp,
             row.reduction_pct, "" if row.award_gbp is None else row.award_gbp]
        )  # fmt: skip


def _write_text(comparison: Comparison) -> None:
    names = {one.scheme: one.name for one in comparison.schemes}
    for case in dict.fromkeys(row.case for row in comparison.rows):
        print(f"\n{case:<34}{'income a week':>16}{'share':>8}{'£ a year':>12}{'left to pay':>14}")
        for row in comparison.rows:
            if row.case != case:
                continue
            own = " (own)" if row.is_own else ""
            name = f"  {names[row.scheme]}{own}"
            if row.award_gbp is None:
                print(f"{name:<34}{'not comparable: no bands for this household':>50}")
                continue
            print(
                f"{name:<34}{row.counted_income_gbp / 52:>16,.2f}{row.reduction_pct:>7g}%"
                f"{row.award_gbp:>12,.2f}{row.council_tax_gbp - row.award_gbp:>14,.2f}"
            )
    caps = [one.name for one in comparison.schemes if one.band_cap]
    if comparison.without_band and caps:
        print(f"\nNo council_tax_band: the cap of {', '.join(caps)} is not applied")
    for case in comparison.pension_age:
        print(f"\n{case}: of pension age, under the scheme that the law prescribes; `lsi assess`")


def register(app: typer.Typer) -> None:
    """Add the commands of this area to `lsi`."""
    app.add_typer(scheme, name="scheme")
