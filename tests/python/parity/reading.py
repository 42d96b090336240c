"""The pages of a built site as parts: text, single figures, tables and charts, read in Chromium."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from browsing.devtools import Tab

READER = Path(__file__).with_name("reader.js")
# Tall enough that charts which wait until they are seen are drawn at once.
WIDTH, HEIGHT = 1280, 20_000
SETTLED_SECONDS, LONGEST_SECONDS = 1.0, 60.0
# What tells that Evidence is still at work: what is on the page, and how many charts it has drawn.
STATE = """
var charts = Object.keys(window[Symbol.for("__evidence-chart-window-debug__")] || {}).length;
var article = document.querySelector("article");
return [
  article ? article.textContent.length : -1, document.querySelectorAll("td").length, charts,
  document.querySelectorAll(".animate-pulse").length
].join();
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
    # What is opened may hold what is folded.
    while tab.run(UNFOLD):
        _wait(tab, address)
    return _read(tab, is_evidence=True)


def _wait(tab: Tab, address: str) -> None:
    state, since, begun = "", time.monotonic(), time.monotonic()
    while time.monotonic() - begun < LONGEST_SECONDS:
        now = str(tab.run(STATE))
        if now != state:
            state, since = now, time.monotonic()
        if time.monotonic() - since > SETTLED_SECONDS and not now.startswith("-1"):
            return
        time.sleep(0.1)
    raise TimeoutError(f"page {address!r} of the real build did not come to rest: {state}")


def _read(tab: Tab, *, is_evidence: bool) -> list[Part]:
    tab.load(READER)
    parts: list[Part] = tab.run(f"return openlsiRead({'true' if is_evidence else 'false'})")
    return parts
