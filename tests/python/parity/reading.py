"""The pages of a built site as parts: text, single figures, tables and charts, read in Chromium."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from browsing.devtools import Tab

READER = Path(__file__).with_name("reader.js")
# Tall enough that charts which wait until they are seen are drawn at once.
WIDTH, HEIGHT = 1280, 20_000
SETTLED_SECONDS, LONGEST_SECONDS = 1.0, 120.0
MOST_UNFOLDS = 20
# What tells that Evidence is still at work: tables without cells, charts not drawn; and what is on
# the page, which no longer changes once it has come to rest.
STATE = """
function all(selector) { return Array.from(document.querySelectorAll(selector)); }
var article = document.querySelector("article");
var tables = all("[data-testid^=DataTable-]").filter(function (table) {
  var heads = Array.from(table.querySelectorAll("thead th"));
  return !heads.some(function (head) { return !/^(Links)?$/.test(head.textContent.trim()); });
});
var charts = all(".chart-container:not(:has([_echarts_instance_]))");
var seen = [article ? article.textContent.length : 0];
["td", "canvas", "path"].forEach(function (name) { seen.push(all(name).length); });
return {
  waiting: (article ? 0 : 1) + all(".animate-pulse").length + tables.length + charts.length,
  seen: seen.join()
};
"""
# Details are folded, and Evidence puts their content on the page when they are opened.
UNFOLD = """
var folded = document.querySelectorAll("article button > .marker:not(.rotate-marker)");
folded.forEach(function (one) { one.parentElement.click(); });
return folded.length;
"""

Part = dict[str, Any]


def pages_of(site: Path) -> list[str]:
    """Return the addresses of a site's pages: `` for the front page, `arrears`, …"""
    found = (path.relative_to(site).parent.as_posix() for path in site.rglob("index.html"))
    return sorted("" if address == "." else address for address in found)


def read_ours(tab: Tab, site: Path, address: str) -> list[Part]:
    """Return the parts of a page that our renderer made; a chart names its CSV file."""
    tab.open((site / address / "index.html").as_uri())
    return _read(tab, is_evidence=False)


def read_evidence(tab: Tab, server: str, address: str) -> list[Part]:
    """Return the parts of a page of the real build, once its browser side has filled it in.

    Raises TimeoutError where the page does not come to rest.
    """
    tab.open(f"{server}/{address}/" if address else f"{server}/")
    tab.send(
        "Emulation.setDeviceMetricsOverride",
        width=WIDTH, height=HEIGHT, deviceScaleFactor=1, mobile=False,
    )  # fmt: skip
    _wait(tab, address)
    # What is opened may hold what is folded; and a button does nothing before its script has come.
    for _ in range(MOST_UNFOLDS):
        if not tab.run(UNFOLD):
            return _read(tab, is_evidence=True)
        _wait(tab, address)
    raise TimeoutError(f"page {address!r} of the real build has parts that do not open")


def _wait(tab: Tab, address: str) -> None:
    begun = since = time.monotonic()
    seen: dict[str, Any] = {}
    while time.monotonic() - begun < LONGEST_SECONDS:
        now: dict[str, Any] = tab.run(STATE)
        if now != seen:
            seen, since = now, time.monotonic()
        if not now["waiting"] and time.monotonic() - since > SETTLED_SECONDS:
            return
        time.sleep(0.1)
    raise TimeoutError(f"page {address!r} of the real build did not come to rest: {seen}")


def _read(tab: Tab, *, is_evidence: bool) -> list[Part]:
    tab.load(READER)
    parts: list[Part] = tab.run(f"return openlsiRead({'true' if is_evidence else 'false'})")
    return parts
