"""A page walked through with the Tab key in real Chromium."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from browsing.devtools import Tab

MOST_STOPS = 3000
# Numbers all that can be used, in the order of the page. Of a set of radio buttons one is a stop.
NUMBER = """
var every = Array.from(document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex]"
)).filter(function (node) {
  if (!node.checkVisibility({ visibilityProperty: true }) || node.disabled) return false;
  if (node.tabIndex < 0) return false;
  if (node.type === "radio") return node.checked;
  return true;
});
every.forEach(function (node, i) { node.setAttribute("data-stop", String(i)); });
document.activeElement.blur();
window.scrollTo(0, 0);
return every.map(function (node) {
  return node.tagName.toLowerCase() + " " + (node.id || node.getAttribute("aria-label")
    || node.textContent.trim().slice(0, 40) || node.name || "");
});
"""
# Where the focus is, and whether a reader can see that: a ring, or another ground.
STOP = """
var node = document.activeElement;
if (!node || node === document.body || node === document.documentElement) return null;
var marked = node.matches(".button-group input") ? node.nextElementSibling : node;
var style = getComputedStyle(marked);
/* An area of a map has a thick edge instead, since a ring would be a box round its shape. */
var area = node.closest(".drawing") && node.querySelector("path");
var isAreaMarked = Boolean(area) && parseFloat(getComputedStyle(area).strokeWidth) >= 3;
var box = marked.getBoundingClientRect();
return [
  node.hasAttribute("data-stop") ? parseInt(node.getAttribute("data-stop"), 10) : -1,
  node.matches(":focus-visible")
    && ((style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
      || style.boxShadow !== "none" || isAreaMarked)
    && box.bottom > 0 && box.top < window.innerHeight && box.width > 0
];
"""


@dataclass(frozen=True)
class Walk:
    """What Tab came to: the stops in order, those that did not show it, those never reached."""

    stops: tuple[int, ...]
    unseen: tuple[str, ...]
    unreached: tuple[str, ...]

    @property
    def is_in_order(self) -> bool:
        """Return whether the order of the stops is that of the page."""
        return list(self.stops) == sorted(set(self.stops))


def walk(tab: Tab, page: Path, width: int = 1280) -> Walk:
    """Press Tab from the top of a page until its end; a stop that does not move on is a trap."""
    tab.open(page.as_uri(), width)
    names = tab.run(NUMBER)
    stops: list[int] = []
    unseen: list[str] = []
    for _ in range(MOST_STOPS):
        tab.key("Tab")
        now = tab.run(STOP)
        if now is None or (stops and now[0] == stops[0]):
            break
        number, shows = now
        if number in stops:
            raise AssertionError(f"Tab comes back to {names[number]!r} before the end of the page")
        stops.append(number)
        if not shows:
            unseen.append(names[number] if number >= 0 else "something without a number")
    missed = tuple(name for i, name in enumerate(names) if i not in stops)
    return Walk(tuple(stops), tuple(unseen), missed)
