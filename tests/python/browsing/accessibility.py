"""What axe-core finds on pages of a site in real Chromium: open and folded, wide, narrow, dark."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from browsing.devtools import Tab

AXE = Path(__file__).parents[1] / "fixtures" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a reader may open is opened: axe looks at nothing that is folded away.
UNFOLD = """
document.querySelectorAll("details").forEach(function (details) {
  details.removeAttribute("name");
  details.open = true;
});
document.querySelectorAll("[role=tabpanel]").forEach(function (panel) { panel.hidden = false; });
document.querySelectorAll(".info-button[aria-expanded=false]").forEach(function (b) { b.click(); });
"""
# What stands behind an open dialog cannot be reached, so that one is looked at by itself.
DIALOG = """
var button = document.querySelector(".modal-box > button");
if (button) button.click();
return Boolean(button);
"""
RUN = """
var found = await axe.run(document, {
  runOnly: ONLY, preload: false, resultTypes: ["violations"], elementRef: false
});
return found.violations.map(function (violation) {
  return violation.id + ": " + violation.nodes.slice(0, 3).map(function (node) {
    return node.target.join(" ") + " (" + node.any.concat(node.all, node.none).map(function (c) {
      return c.message;
    }).join("; ") + ")";
  }).join(" | ") + " [" + violation.nodes.length + "]";
});
"""
# A colour is the same at every width: unfolded and narrow, the page shows all that it has of them.
FORMS = RUN.replace(
    "ONLY",
    f"{{ type: 'tag', values: {TAGS} }}, rules: {{ 'color-contrast': {{ enabled: false }} }}",
)
ALL_RULES = RUN.replace("ONLY", f"{{ type: 'tag', values: {TAGS} }}")
# The colours are all that differs in the dark.
COLOURS = RUN.replace("ONLY", "{ type: 'rule', values: ['color-contrast', 'link-in-text-block'] }")


def violations(tab: Tab, page: Path) -> list[str]:
    """Return what axe-core finds on a page, as lines that say where and in which view."""
    tab.open(page.as_uri())
    tab.load(AXE)
    found = [f"as it opens: {line}" for line in tab.run(FORMS)]
    tab.run(UNFOLD)
    tab.see(320)
    found += [f"unfolded, 320 px: {line}" for line in tab.run(ALL_RULES)]
    tab.see(1280, "dark")
    found += [f"unfolded, dark: {line}" for line in tab.run(COLOURS)]
    if tab.run(DIALOG):
        found += [f"with a dialog, dark: {line}" for line in tab.run(ALL_RULES)]
    return [*found, *tab.problems()]


def audit(tab: Tab, site: Path, pages: Iterable[Path]) -> dict[str, list[str]]:
    """Return the pages of a site on which axe-core finds something, with what it finds."""
    found = {page.relative_to(site).as_posix(): violations(tab, page) for page in pages}
    return {name: lines for name, lines in found.items() if lines}
