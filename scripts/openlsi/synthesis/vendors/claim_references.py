"""How each CTS system numbers its claims: other feeds of the same households quote it."""

from __future__ import annotations

from collections.abc import Callable

from openlsi.synthesis.plan import Ints
from openlsi.synthesis.text import Column
from openlsi.synthesis.vendors import academy_cts, civica, nec_cts, piped, wide, workbook

CLAIM_REFS: dict[str, Callable[[Ints], Column]] = {
    "academy_cts": academy_cts.claim_refs,
    "civica_cts": civica.claim_refs,
    "nec_cts": nec_cts.claim_refs,
    "wide_cts": wide.claim_refs,
    "piped_cts": piped.claim_refs,
    "workbook_cts": workbook.claim_refs,
}
