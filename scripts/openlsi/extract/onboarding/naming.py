"""districts.yml with one line more: which layout a district sends a feed in."""

from __future__ import annotations

import re
from typing import Any

import yaml

from openlsi.config import Configuration, ConfigurationError, District
from openlsi.config.county import configuration_file
from openlsi.extract.landing import write_whole
from openlsi.home import Home


def line_for(district: District, feed: str, layout: str) -> str:
    """Return the line of districts.yml, as a person would write it."""
    return f"{district.name} → feeds → {feed}: {layout}"


def name_in_districts(home: Home, district: District, feed: str, layout: str) -> None:
    """Write the county's own districts.yml with that line; everything else stays as it was.

    Raises ConfigurationError where the file is written in a way that one line cannot be put into.
    """
    path = configuration_file(home, "districts.yml")
    text = path.read_text(encoding="utf-8")
    changed = _with_line(text, district, feed, layout)
    if changed is None or yaml.safe_load(changed) != _expected(text, district, feed, layout):
        raise ConfigurationError(
            f"{path}: found no plain list of feeds for {district.name}; expected one line a feed;"
            f" add it yourself: {line_for(district, feed, layout)}"
        )
    Configuration.model_validate(yaml.safe_load(changed))
    write_whole(home.config / "districts.yml", changed.encode())


def _with_line(text: str, district: District, feed: str, layout: str) -> str | None:
    lines = text.splitlines(keepends=True)
    begin = next((n for n, line in enumerate(lines) if f"code: {district.code}" in line), None)
    if begin is None:
        return None
    feeds = None
    for number in range(begin, len(lines)):
        line = lines[number]
        if number > begin and re.match(r"\s*- code:|\S", line):
            break
        if re.fullmatch(r"\s+feeds:\s*(#.*)?\n?", line):
            feeds = number
        if feeds is not None and re.match(rf"\s+{re.escape(feed)}:", line):
            indent = line[: len(line) - len(line.lstrip())]
            return "".join([*lines[:number], f"{indent}{feed}: {layout}\n", *lines[number + 1 :]])
    if feeds is None:
        return None
    indent = " " * (len(lines[feeds]) - len(lines[feeds].lstrip()) + 2)
    new = f"{indent}{feed}: {layout}\n"
    return "".join([*lines[: feeds + 1], new, *lines[feeds + 1 :]])


def _expected(text: str, district: District, feed: str, layout: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(text)
    for sender in [*content["districts"], *content.get("services", [])]:
        if sender["code"] == district.code:
            sender["feeds"] = {**sender["feeds"], feed: layout}
    return content
