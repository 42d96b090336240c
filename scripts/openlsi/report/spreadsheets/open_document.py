"""The site's tables as one OpenDocument spreadsheet, the same bytes whenever it is written.

Written here because the one library for it has had no release for years and puts the clock into
its files. What is written is the part of OpenDocument 1.3 that a table of texts and numbers needs.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree

from openlsi.report.spreadsheets.sheets import Cell, Notes, Sheet, names_of

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
NAMESPACES = {
    "office": f"{_OASIS}office:1.0",
    "table": f"{_OASIS}table:1.0",
    "text": f"{_OASIS}text:1.0",
    "style": f"{_OASIS}style:1.0",
    "fo": f"{_OASIS}xsl-fo-compatible:1.0",
    "number": f"{_OASIS}datastyle:1.0",
    "manifest": f"{_OASIS}manifest:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_GENERAL = ("float", "")
NO_CLOCK = (1980, 1, 1, 0, 0, 0)
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def to_ods(notes: Notes, sheets: Sequence[Sheet]) -> bytes:
    """Return a spreadsheet of a notes sheet and one sheet a table."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        # The type comes first and is not packed, so that a reader finds it at a fixed place.
        _add(package, "mimetype", MIMETYPE.encode(), zipfile.ZIP_STORED)
        _add(package, "content.xml", _content(notes, sheets))
        _add(package, "meta.xml", _meta(notes.title))
        _add(package, "META-INF/manifest.xml", _manifest(["content.xml", "meta.xml"]))
    return out.getvalue()


def _add(
    package: zipfile.ZipFile, name: str, data: bytes, packing: int = zipfile.ZIP_DEFLATED
) -> None:
    entry = zipfile.ZipInfo(name, NO_CLOCK)
    entry.compress_type = packing
    entry.external_attr = 0o644 << 16
    package.writestr(entry, data)


def _name(prefixed: str) -> str:
    prefix, _, local = prefixed.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def _element(
    parent: ElementTree.Element | None, prefixed: str, **attributes: str
) -> ElementTree.Element:
    """Add an element; attributes are written prefix_name, with - as a second underscore."""
    named = {
        _name(key.replace("_", ":", 1).replace("_", "-")): value
        for key, value in attributes.items()
    }
    if parent is None:
        return ElementTree.Element(_name(prefixed), named)
    return ElementTree.SubElement(parent, _name(prefixed), named)


def _bytes(root: ElementTree.Element) -> bytes:
    for prefix, uri in NAMESPACES.items():
        ElementTree.register_namespace(prefix, uri)
    return bytes(ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _content(notes: Notes, sheets: Sequence[Sheet]) -> bytes:
    root = _element(None, "office:document-content", office_version="1.3")
    styles = _element(root, "office:automatic-styles")
    bold = _element(styles, "style:style", style_name="bold", style_family="table-cell")
    _element(bold, "style:text-properties", fo_font_weight="bold")
    wide = _element(styles, "style:style", style_name="wide", style_family="table-column")
    _element(wide, "style:table-column-properties", style_column_width="6cm")
    codes = sorted({code for sheet in sheets for code in sheet.codes if code})
    shown = {code: _number_style(styles, f"number{n}", code) for n, code in enumerate(codes)}
    book = _element(_element(root, "office:body"), "office:spreadsheet")
    names = names_of(sheet.title for sheet in sheets)
    contents = [(name, sheet.title) for name, sheet in zip(names, sheets, strict=True)]
    headings = notes.headings()
    _table(
        book,
        "Notes",
        2,
        ((row, len(row) == 1 and row[0] in headings) for row in notes.rows(contents)),
    )
    for name, sheet in zip(names, sheets, strict=True):
        looks = [shown.get(code, _GENERAL) for code in sheet.codes]
        _table(book, name, len(sheet.heads), _rows(sheet), looks)
    return _bytes(root)


def _number_style(styles: ElementTree.Element, name: str, code: str) -> tuple[str, str]:
    """Add how a code's numbers are shown; return the kind of value and the style of its cells."""
    is_percent = code.endswith("%")
    kind = "percentage" if is_percent else "number"
    shown = _element(styles, f"number:{kind}-style", style_name=f"{name}-shown")
    if code.startswith('"'):
        _element(shown, "number:text").text = code[1:].partition('"')[0]
    _element(
        shown,
        "number:number",
        number_decimal_places=str(len(code.partition(".")[2].rstrip("%"))),
        number_min_integer_digits="1",
        number_grouping="true" if "," in code else "false",
    )
    if is_percent:
        _element(shown, "number:text").text = "%"
    _element(
        styles,
        "style:style",
        style_name=name,
        style_family="table-cell",
        style_data_style_name=f"{name}-shown",
    )
    return ("percentage" if is_percent else "float"), name


def _rows(sheet: Sheet) -> Iterable[tuple[Sequence[Cell], bool]]:
    for number, line in enumerate(sheet.lines):
        yield (line,), number == 0
    yield sheet.heads, True
    for row in sheet.rows:
        yield row, False


def _table(
    book: ElementTree.Element,
    name: str,
    columns: int,
    rows: Iterable[tuple[Sequence[Cell], bool]],
    looks: Sequence[tuple[str, str]] = (),
) -> None:
    table = _element(book, "table:table", table_name=_text(name))
    _element(
        table,
        "table:table-column",
        table_style_name="wide",
        table_number_columns_repeated=str(max(columns, 1)),
    )
    for cells, is_bold in rows:
        row = _element(table, "table:table-row")
        for column, value in enumerate(cells or (None,)):
            _cell(row, value, is_bold, looks[column] if looks else _GENERAL)


def _cell(row: ElementTree.Element, value: Cell, is_bold: bool, look: tuple[str, str]) -> None:
    attributes = {"table_style_name": "bold"} if is_bold else {}
    if value is None:
        _element(row, "table:table-cell")
    elif isinstance(value, str):
        cell = _element(row, "table:table-cell", office_value_type="string", **attributes)
        for line in _text(value).split("\n"):
            _element(cell, "text:p").text = line
    else:
        kind, style = look
        styled = {"table_style_name": style} if style else {}
        cell = _element(
            row, "table:table-cell", office_value_type=kind, office_value=repr(value), **styled
        )
        _element(cell, "text:p").text = repr(value)


def _text(value: str) -> str:
    return NOT_IN_XML.sub("", value).replace("\r\n", "\n").replace("\r", "\n")


def _meta(title: str) -> bytes:
    root = _element(None, "office:document-meta", office_version="1.3")
    _element(_element(root, "office:meta"), "dc:title").text = _text(title)
    return _bytes(root)


def _manifest(names: Sequence[str]) -> bytes:
    root = _element(None, "manifest:manifest", manifest_version="1.3")
    entries = [("/", MIMETYPE), *((name, "text/xml") for name in names)]
    for path, kind in entries:
        _element(root, "manifest:file-entry", manifest_full_path=path, manifest_media_type=kind)
    return _bytes(root)
