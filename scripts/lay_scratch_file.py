"""Lay what is landed into the scratch file that `sqlmesh plan` builds in.

The file is the one that `profiles.yml` names: LSI_BUILD_FILE, else data/scratch/secure.duckdb.
Run from the project's folder, after `lsi load`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from openlsi.cli.linking import link_landing
from openlsi.errors import LsiError
from openlsi.home import Home
from openlsi.warehouse.scratch import lay_scratch_file


def main() -> int:
    """Link what is landed, lay it, and say where."""
    home = Home.from_environment()
    scratch = Path(os.environ.get("LSI_BUILD_FILE", "data/scratch/secure.duckdb"))
    try:
        lay_scratch_file(home, link_landing(home).folder, scratch)
    except LsiError as error:
        print(f"lay_scratch_file: {error}", file=sys.stderr)
        return 1
    print(f"laid what is landed into {scratch}; next: sqlmesh plan")
    return 0


if __name__ == "__main__":
    sys.exit(main())
