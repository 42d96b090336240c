"""Chromium, which prints the pack: the one engine that draws the site's style as it is."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from openlsi.report.errors import ReportError

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
LONGEST_SECONDS = 300.0


def find_chromium() -> str:
    """Return Chromium's command; raise ReportError that says how to install it."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise ReportError(
            "a PDF is printed by Chromium, which is not installed or not on the PATH; on Debian "
            "and Ubuntu: apt-get install chromium"
        )
    return found


def print_to_pdf(command: str, page: Path, out: Path, scratch: Path) -> None:
    """Print a page from disk to a PDF file, with the tags and the outline that headings give."""
    arguments = [
        command,
        "--headless",
        "--disable-gpu",
        "--disable-extensions",
        # A page of the site loads nothing from elsewhere, and neither may what prints it.
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={scratch / 'profile'}",
        "--no-pdf-header-footer",
        "--generate-pdf-document-outline",
        f"--print-to-pdf={out}",
        page.as_uri(),
    ]
    if os.geteuid() == 0:
        # Chromium refuses to start its sandbox for root, as in containers.
        arguments.insert(1, "--no-sandbox")
    try:
        run = subprocess.run(  # noqa: S603
            arguments, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ReportError(
            f"Chromium took more than {LONGEST_SECONDS:g} seconds to print; name fewer --pages"
        ) from error
    if run.returncode != 0 or not out.is_file() or out.stat().st_size == 0:
        said = [line for line in run.stderr.splitlines() if line.strip()]
        raise ReportError(
            f"{command} printed nothing and ended with code {run.returncode}: "
            f"{said[-1] if said else 'no message'}"
        )
