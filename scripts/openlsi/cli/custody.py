"""`lsi keys rotate`: custody of identifiers, after they are loaded."""

from __future__ import annotations

import shutil
from typing import Annotated

import typer

from openlsi.cli.load import keys_app
from openlsi.extract.key_rotation import rotate_keys
from openlsi.home import Home

By = Annotated[str, typer.Option("--by", help="Who does it, for the ledger.")]
Why = Annotated[str, typer.Option("--why", help="Why, for the ledger.")]


def forget_links(home: Home) -> None:
    """Remove every link set: they hold keys that are done away with; the next link makes one."""
    if home.links.exists():
        for folder in home.links.iterdir():
            shutil.rmtree(folder)


@keys_app.command("rotate")
def rotate(
    district: Annotated[str, typer.Argument(help="The district, by slug or ONS code.")],
    to: Annotated[str, typer.Option("--to", help="The new key id, such as k2; never used before.")],
    by: By,
    why: Why,
) -> None:
    """Key a district anew: landing and vault are rewritten, and nobody is lost or merged."""
    home = Home.from_environment()
    rotated = rotate_keys(home, district, to, by, why)
    forget_links(home)
    if not rotated.is_new:
        print(f"{rotated.district} is keyed with {to} already; nothing is left to do")
        return
    print(
        f"{rotated.district}: {rotated.keys:,} keys made anew in {rotated.extracts} extracts,"
        f" {rotated.rows:,} rows; {rotated.former} is done with. The ledger decides from here on,"
        f" so key_id in districts.yml may stay or become {to}.\n"
        "Run `lsi run` now; builds made before hold the former keys until three newer are made."
    )


def register(app: typer.Typer) -> None:
    """Add this area's commands; `keys` itself is added by the loader's."""
