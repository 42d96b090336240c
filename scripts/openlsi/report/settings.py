"""The settings of a project: site.yaml, front matter and custom formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from openlsi.report.errors import Place, ReportError, nearest

SITE_FILE = "site.yaml"
FORMATS_FILE = ".evidence/customization/custom-formatting.json"


class Strict(BaseModel):
    """A model that refuses names it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FooterLink(Strict):
    """A link at the foot of every page; an address inside the site begins with a slash."""

    label: str
    url: str


class SiteSettings(Strict):
    """site.yaml: what the real Evidence keeps in its layout; every key may be left out."""

    service_name: str = "Reports"
    organisation: str = ""
    phase: str = ""
    notice: str = ""
    footer: tuple[str, ...] = ()
    footer_links: tuple[FooterLink, ...] = ()
    language: str = "en-GB"
    page_sql: Literal["free", "plain"] = "free"
    build_id_sql: str = ""
    refreshed_sql: str = ""
    definitions_sql: str = ""
    definitions_page: str = ""
    """The address of the page that has a part for each definition, under its label."""
    column_terms: dict[str, str] = Field(default_factory=dict)
    """Terms of columns whose names do not tell it, by `column` or `table.column`."""
    notes_sql: str = ""
    html_columns: tuple[str, ...] = ()
    column_titles: dict[str, str] = Field(default_factory=dict)
    """Heads of columns in the tables under charts, where a column's own title reads badly."""
    mark_meanings: dict[str, str] = Field(
        default_factory=lambda: {
            "b": "break in the series",
            "c": "hidden to protect confidentiality",
            "e": "estimated",
            "f": "forecast",
            "low": "rounds to nought but is not nought",
            "p": "provisional",
            "r": "revised",
            "u": "low reliability",
            "w": "none recorded",
            "x": "not available",
            "z": "not applicable",
        }
    )


class FrontMatter(BaseModel):
    """The keys that Evidence knows; any other is a variable of the page."""

    model_config = ConfigDict(extra="allow", frozen=True)

    title: str | None = None
    hide_title: bool = False
    description: str | None = None
    queries: tuple[str | dict[str, str], ...] = ()
    sidebar: Literal["show", "hide", "never"] = "show"
    sidebar_position: float | None = None
    sidebar_link: bool = True
    sidebar_badge: str | None = None
    breadcrumb: str | None = None
    hide_header: bool = False
    hide_toc: bool = False
    hide_breadcrumbs: bool = False
    full_width: bool = False
    max_width: int | None = None
    og: dict[str, str] = Field(default_factory=dict)

    @property
    def variables(self) -> dict[str, Any]:
        """Return the keys that Evidence does not know."""
        return dict(self.model_extra or {})


def read_site_settings(project: Path) -> SiteSettings:
    """Read site.yaml, or return the defaults where there is none."""
    path = project / SITE_FILE
    if not path.is_file():
        return SiteSettings()
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ReportError(
            f"this is not YAML: {getattr(error, 'problem', error)}",
            Place(SITE_FILE, mark.line + 1 if mark else 1),
        ) from error
    try:
        return SiteSettings.model_validate(values)
    except ValidationError as error:
        raise _explain(error, path, SITE_FILE, list(SiteSettings.model_fields)) from error


def read_front_matter(values: dict[str, Any], path: Path, name: str) -> FrontMatter:
    """Check the front matter of a page."""
    texts = {
        key: str(value) if key in ("title", "description") and value is not None else value
        for key, value in values.items()
    }
    for key, value in texts.items():
        if isinstance(value, str) and "{" in value and key != "breadcrumb":
            raise ReportError(
                f"{key!r}: Evidence puts no expressions into front matter; write the text out",
                Place(name, _line_of(path, key)),
            )
    try:
        return FrontMatter.model_validate(texts)
    except ValidationError as error:
        raise _explain(error, path, name, list(FrontMatter.model_fields)) from error


def read_custom_formats(project: Path) -> list[tuple[str, str, str]]:
    """Return (tag, code, value type) of the project's own formats."""
    path = project / FORMATS_FILE
    if not path.is_file():
        return []
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["customFormats"]
        return [
            (str(item["formatTag"]), str(item["formatCode"]), str(item.get("valueType", "number")))
            for item in listed
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise ReportError(
            "expected {customFormats: [{formatTag, formatCode, valueType}]}", Place(FORMATS_FILE, 1)
        ) from error


def _explain(error: ValidationError, path: Path, name: str, known: list[str]) -> ReportError:
    first = error.errors()[0]
    key = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        message = f"unknown key {key!r}{nearest(key, known)}"
    else:
        message = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return ReportError(message, Place(name, _line_of(path, key)))


def place_of_setting(project: Path, key: str) -> Place:
    """Return the line of site.yaml that a key stands on."""
    return Place(SITE_FILE, _line_of(project / SITE_FILE, key))


def place_of_format(project: Path, tag: str) -> Place:
    """Return the line of the project's own formats that names a tag."""
    lines = (project / FORMATS_FILE).read_text(encoding="utf-8").splitlines()
    found = (number for number, line in enumerate(lines, start=1) if f'"{tag}"' in line)
    return Place(FORMATS_FILE, next(found, 1))


def _line_of(path: Path, key: str) -> int:
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if line.strip().startswith((f"{key}:", f'"{key}"')):
            return number
    return 1
