"""What is left to do once something landed, or a cohort, was erased, let go or keyed anew.

Until it is built and rendered again, what readers open is of what was held before.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from openlsi.cli.progress import Narrator
from openlsi.errors import LsiError
from openlsi.extract.ledger import landed_anew
from openlsi.home import Home
from openlsi.warehouse.generations import begun, current_build, purge
from openlsi.warehouse.rewritten import rewritten_at

STALE_BUILD = "the build that readers open"


class RenewalError(LsiError):
    """Landing and vault are done with it; what was built from them could not be made again."""


def settle(home: Home) -> None:
    """Remove what was made of landing before it was last rewritten, and that nobody opens now.

    Link sets, builds of old, an analyst's scratch file and drawings of charts; the build that
    readers open goes when the next takes its place.
    """
    landed, rewritten = landed_anew(home), rewritten_at(home)
    if rewritten is None:
        return
    # Links are made of landing alone: they outlive a campaign that was let go.
    links = [*home.links.iterdir()] if landed and home.links.exists() else []
    made_of = [(folder, landed) for folder in links]
    made_of += [(folder, rewritten) for folder in (home.scratch, home.cache / "charts")]
    for folder, since in made_of:
        if since and folder.exists() and _changed(folder) <= since:
            shutil.rmtree(folder)
    purge(home, rewritten)


def stale(home: Home) -> Iterator[str]:
    """Yield what readers still open and was made before landing was last rewritten."""
    rewritten, build = rewritten_at(home), current_build(home)
    if rewritten is None:
        return
    if build and begun(build) <= rewritten:
        yield STALE_BUILD
    if home.site.exists() and _changed(home.site) <= rewritten:
        yield "the site"


def renew(home: Home, narrator: Narrator) -> None:
    """Link, build and render again, as of the day of the build that readers open, and settle.

    Does nothing where nothing was built yet. Raises RenewalError, which says what still stands.
    """
    build = current_build(home)
    if build is None:
        return
    # Here, because they import the engines: nobody else in custody waits for them.
    from openlsi.cli.run import render
    from openlsi.cli.warehouse import link_and_build

    # A build is named by the second it was begun in: in that of the rewriting it would pass for one
    # from before.
    time.sleep(1)
    try:
        link_and_build(home, narrator, date.fromisoformat(build.today))
        if home.site.exists():
            render(home, narrator)
    except LsiError as error:
        left = " and ".join(stale(home))
        raise RenewalError(
            f"done in landing and vault, but {left} could not be made again: {error}; mend that and"
            " run `lsi run`, which leaves nothing of it"
        ) from None


def _changed(folder: Path) -> datetime:
    """Return when a folder was made, in UTC as the ledger has it."""
    return datetime.fromtimestamp(folder.stat().st_mtime, UTC).replace(tzinfo=None)
