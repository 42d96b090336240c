"""`lsi scheme`: districts' working-age Council Tax Support schemes, listed and compared."""

from __future__ import annotations

import csv
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from openlsi.assess.comparison import Comparison
from openlsi.config.county import load_configuration
from openlsi.home import Home

SECURE = "secure.duckdb"


class Base(StrEnum):
    """What doing nothing is."""

    AUTO = "auto"
    ESTIMATED = "estimated"
    IN_PAYMENT = "in-payment"


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
        if one.assumed:
            print(f"  not stated there, assumed: {', '.join(one.assumed)}")
    districts = load_configuration(home).districts
    without = [
        district.name for district in districts
        if district.code not in {one.district for one in documented(schemes)}
    ]  # fmt: skip
    held = len(districts) - len(without)
    print(f"{held} of {len(districts)} districts; no grid is documented for {', '.join(without)}")


@scheme.command()
def compare(
    file: Annotated[Path, typer.Argument(help="Households as JSON, as for `lsi assess`.")],
    year: Annotated[str | None, typer.Option(help="Whose rates of benefits and taxes.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Rows for a spreadsheet.")] = False,
) -> None:
    """Put each household of a file under every documented scheme.

    A scheme whose bands for the household's type are not documented is not comparable: nothing is
    borrowed from another.
    """
    from openlsi.assess.comparison import compare as compare_file
    from openlsi.warehouse.project import project_directory

    home = Home.from_environment()
    comparison = compare_file(project_directory(), home, file, year, date.today())
    _write_csv(comparison) if as_csv else _write_text(comparison)
    for name, reason in comparison.refused.items():
        print(f"lsi: {file}: household {name}: not compared: {reason}", file=sys.stderr)
    if comparison.refused:
        raise typer.Exit(1)


@scheme.command()
def model(
    file: Annotated[Path, typer.Argument(help="The proposal: a scheme file, standing: proposed.")],
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
) -> None:
    """Put a proposal against today's working-age caseload of its district.

    Cost and who bears it, gainers and losers and who they are, beside alternatives and doing
    nothing. The table and --csv are exact, for officers; --annex has passed disclosure control.
    """
    import duckdb

    from openlsi.proposals.annex import as_annex
    from openlsi.proposals.files import refuse_unwritable, write_whole
    from openlsi.proposals.model import model_in
    from openlsi.proposals.options import Terms
    from openlsi.proposals.written import as_csv, as_text
    from openlsi.warehouse.project import project_directory

    home = Home.from_environment()
    refuse_unwritable([path for path in (csv_file, annex) if path is not None])
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as connection:
        modelled = model_in(
            connection, project_directory(), home, home.current / SECURE, file, against or [],
            Terms(protect, collection), base.value,
        )  # fmt: skip
        texts = {} if csv_file is None else {csv_file: as_csv(modelled)}
        if annex is not None:
            texts[annex] = as_annex(connection, modelled)
    write_whole(texts)
    print(as_text(modelled))
    for path in texts:
        print(f"Written: {path}")


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
