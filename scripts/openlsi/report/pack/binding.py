"""Making the pack: one document of all chosen pages, printed twice, the second time numbered.

One document, and not a file a page that are joined: so tags, links, the outline and fonts are
Chromium's own and whole. A sheet's number is counted from the cover on, as readers of PDF do.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from openlsi.report.errors import ReportError
from openlsi.report.framing import Imprint
from openlsi.report.pack.choosing import choose_pages
from openlsi.report.pack.chromium import find_chromium, print_to_pdf
from openlsi.report.pack.sections import Section, read_sections
from openlsi.report.templating import render
from openlsi.report.writing import ASSETS

# The second pass has the numbers; a third is needed only where they change the contents' length.
MOST_PASSES = 4
# The one style that holds a text of the site; the cover has neither name nor number at its foot.
FOOT = """@page {
  @bottom-left { content: SERVICE; font: 9pt Arial, sans-serif; }
  @bottom-right { content: counter(page); font: 9pt Arial, sans-serif; }
}
@page :first {
  @bottom-left { content: ""; }
  @bottom-right { content: ""; }
}
"""


def check_pack(file: Path) -> None:
    """Raise ReportError, before anything is rendered, where a pack could not be made or kept."""
    find_chromium()
    if file.is_dir():
        raise ReportError(f"--pdf {file} is a folder; name a file in it")
    if not file.parent.is_dir():
        raise ReportError(f"--pdf {file}: there is no folder {file.parent}; make it first")
    try:
        with tempfile.TemporaryFile(dir=file.parent):
            pass
    except OSError as error:
        raise ReportError(f"--pdf {file}: cannot write there ({error.strerror})") from error


def make_pack(
    site: Path,
    addresses: Sequence[tuple[str, ...]],
    imprint: Imprint,
    file: Path,
    patterns: Sequence[str] = (),
    title: str = "Report pack",
) -> int:
    """Print chosen pages of a written site to one PDF and return its number of sheets.

    `addresses` are all pages of the site in reading order, `patterns` name those of the pack. The
    file that was there is replaced at the end, or not at all.
    """
    check_pack(file)
    sections = read_sections(site, choose_pages(addresses, patterns))
    with tempfile.TemporaryDirectory(prefix="lsi-pack-") as name:
        folder = Path(name)
        _lay_out(site, folder, sections, imprint)
        printed = _print_numbered(folder, sections, imprint, title)
        return _keep(printed, file, title, imprint)


def _lay_out(site: Path, folder: Path, sections: list[Section], imprint: Imprint) -> None:
    """Put beside the document what it shows: the site's style, the pack's, the pages' images."""
    assets = folder / ASSETS
    assets.mkdir()
    for path in (site / ASSETS).glob("*.css"):
        shutil.copyfile(path, assets / path.name)
    style = files("openlsi.report.pack").joinpath("pack.css").read_text(encoding="utf-8")
    (assets / "pack.css").write_text(style, encoding="utf-8")
    foot = _css_text(imprint.settings.service_name)
    (assets / "pack-foot.css").write_text(FOOT.replace("SERVICE", foot), encoding="utf-8")
    for name in sorted({image for section in sections for image in section.images}):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(site / name, folder / name)


def _css_text(text: str) -> str:
    """Return a text as CSS writes it, every character that is no letter or digit by its number."""
    return '"' + re.sub(r"[^A-Za-z0-9]", lambda one: f"\\{ord(one.group()):06x}", text) + '"'


def _print_numbered(
    folder: Path, sections: list[Section], imprint: Imprint, title: str
) -> PdfReader:
    command = find_chromium()
    page, out = folder / "pack.html", folder / "pack.pdf"
    numbers = {section.anchor: "000" for section in sections}
    for _ in range(MOST_PASSES):
        document = render(
            "pack/pack.html.jinja",
            settings=imprint.settings,
            title=title,
            figures_date=_in_words(imprint.refreshed),
            build_id=imprint.build_id,
            notices=[line for line in (imprint.settings.notice, *imprint.lines) if line],
            sections=sections,
            numbers=numbers,
        )
        page.write_text(str(document), encoding="utf-8")
        print_to_pdf(command, page, out, folder)
        reader = PdfReader(out)
        found = _numbers(reader, sections)
        if found == numbers:
            return reader
        numbers = found
    raise ReportError("the contents' page numbers do not settle; name other --pages")


def _numbers(reader: PdfReader, sections: list[Section]) -> dict[str, str]:
    """Return the number of the sheet on which each section begins, by its anchor."""
    try:
        targets = {name.lstrip("/"): place for name, place in reader.named_destinations.items()}
        sheets = {
            section.anchor: reader.get_destination_page_number(targets[section.anchor])
            for section in sections
        }
    except (KeyError, PyPdfError) as error:
        raise ReportError(
            "this Chromium does not tell where a page begins in its PDF; a newer one is needed"
        ) from error
    return {anchor: str((sheet or 0) + 1) for anchor, sheet in sheets.items()}


def _in_words(refreshed: str | None) -> str | None:
    try:
        day = date.fromisoformat((refreshed or "")[:10])
    except ValueError:
        return refreshed
    return f"{day.day} {day:%B %Y}"


def _keep(printed: PdfReader, file: Path, title: str, imprint: Imprint) -> int:
    """Write the printed sheets to their place, with what the file says of itself."""
    foot = (imprint.settings.service_name, str(len(printed.pages)))
    last = "".join(printed.pages[-1].extract_text().split())
    if not all("".join(part.split()) in last for part in foot):
        raise ReportError("this Chromium prints no page numbers; version 131 or later is needed")
    writer = PdfWriter(clone_from=printed)
    settings = imprint.settings
    about = {
        "/Title": f"{title} – {settings.service_name}",
        "/Author": settings.organisation,
        "/Subject": f"Build {imprint.build_id}" if imprint.build_id else "",
    }
    writer.metadata = {key: value for key, value in about.items() if value}
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with beside.open("wb") as out:
            writer.write(out)
        beside.replace(file)
    except OSError as error:
        raise ReportError(f"--pdf {file}: cannot write there ({error.strerror})") from error
    finally:
        beside.unlink(missing_ok=True)
    return len(printed.pages)
