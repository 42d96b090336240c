"""A rendered page in real Chromium, driven by a test's script under the page's own policy."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

from browsing.devtools import chromium

# What the driver may use, and what is noted whatever it does: refusals of the policy, alerts.
PRELUDE = """
var noted = { violations: [], alerts: 0, errors: [] };
document.addEventListener("securitypolicyviolation", function (e) {
  noted.violations.push(e.violatedDirective + " " + e.blockedURI);
});
window.alert = function () { noted.alerts += 1; };
window.addEventListener("error", function (e) { noted.errors.push(e.message); });
function all(selector, root) {
  return Array.prototype.slice.call((root || document).querySelectorAll(selector));
}
function one(selector, root) {
  var found = all(selector, root);
  if (!found.length) throw new Error("nothing matches " + selector);
  return found[0];
}
function words(node) { return node.textContent.replace(/\\s+/g, " ").trim(); }
function seen(node) {
  return node.checkVisibility({ visibilityProperty: true }) && node.getClientRects().length > 0;
}
function rows(table) {
  return all("tbody tr:not(.group-row):not(.subtotal-row)", table).filter(seen)
    .map(function (row) { return words(row.cells[0]); });
}
function set(field, value) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = value;
  else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
function press(node, key) {
  node.dispatchEvent(new KeyboardEvent("keydown", { key: key, bubbles: true, cancelable: true }));
}
function later() { return new Promise(function (done) { setTimeout(done, 300); }); }
window.addEventListener("load", async function () {
  await later();
  var result = null;
  try { result = await drive(); } catch (e) { noted.errors.push(String(e)); }
  noted.result = result;
  var text = JSON.stringify(noted);
  document.documentElement.setAttribute("data-noted", text);
  if (window.parent !== window) window.parent.postMessage(text, "*");
});
"""
# Chromium's window is 500 pixels wide at least; a frame may be as narrow as a telephone.
FRAME = """<!DOCTYPE html><script>
window.addEventListener("message", function (e) {
  document.documentElement.setAttribute("data-noted", e.data);
});
</script><iframe width="WIDTH" height="900" frameborder="0" src="PAGE"></iframe>
"""


def drive(
    site: Path,
    scratch: Path,
    code: str,
    page: str = "index.html",
    width: int | None = None,
    query: str = "",
) -> Any:
    """Run `code`, the body of an async function, in a copy of a site; return what it returns.

    Fails where the page ran into an error, the security policy, or an alert.
    """
    copy = scratch / "driven"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(site, copy)
    driver = f"{PRELUDE}\nasync function drive() {{\n{code}\n}}\n"
    (copy / "assets" / "driver.js").write_text(driver, encoding="utf-8")
    path = copy / page
    depth = "../" * page.count("/")
    script = f'<script src="{depth}assets/driver.js"></script>'
    path.write_text(path.read_text().replace("<title>", f"{script}<title>", 1), encoding="utf-8")
    shown = path
    if width:
        shown = copy / "narrow.html"
        shown.write_text(FRAME.replace("WIDTH", str(width)).replace("PAGE", page))
    command = [
        chromium(),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={scratch / 'profile'}",
        "--window-size=1000,900",
        "--virtual-time-budget=8000",
        "--dump-dom",
        f"file://{shown}{query}",
    ]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    found = re.search(r'data-noted="([^"]*)"', run.stdout)
    assert found, run.stderr[-2000:]
    noted = json.loads(unescape(found.group(1)))
    assert noted["errors"] == [] and noted["violations"] == [] and noted["alerts"] == 0, noted
    return noted["result"]
