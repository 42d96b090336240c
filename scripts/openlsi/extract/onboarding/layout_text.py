"""A proposed layout as YAML that a person can check: how sure each line is, what is to decide."""

from __future__ import annotations

from typing import Any

import yaml

from openlsi.extract.decisions import DECIDE
from openlsi.extract.onboarding.profile import TABLE, Profile, file_part
from openlsi.extract.onboarding.proposal import Proposal, Proposed

_WIDE = 1_000_000
_HEAD = """\
# Proposed by `lsi onboard` from one file: check every line. The number says how sure a match is.
# `{decide}` marks what only a person can say; nothing is loaded with this layout until it is said.
# A code whose line is deleted has its rows set aside.
"""


def layout_text(
    name: str, feed: str, title: str, pattern: str, profile: Profile, proposal: Proposal
) -> str:
    """Return the YAML of a layout, which holds names of columns and codes, and no other value."""
    blocks = proposal.blocks
    repeated = (blocks.blocks, blocks.columns) if blocks else ([], [])
    top: dict[str, Any] = {
        "layout": name, "feed": feed, "title": title, "mode": "snapshot",
        **file_part(profile.dialect, pattern, *repeated),
        "nulls": profile.nulls, "money": proposal.money,
    }  # fmt: skip
    if proposal.booleans:
        top["booleans"] = proposal.booleans
    if any(column.padded for column in profile.columns.values()):
        top["trim"] = True
    files = top.pop("files")
    text = _HEAD.format(decide=DECIDE) + _dumped(top | {"files": files})
    lines = ["records:"]
    for record in dict.fromkeys(one.record for one in proposal.proposed):
        lines += [f"  {record}:", f"    from: {TABLE}"]
        if blocks and record in proposal.block_present:
            lines.append(f"    blocks: {_flow(blocks.blocks)}")
            lines.append(f"    block_present: {_quoted(proposal.block_present[record])}")
        lines.append("    columns:")
        for one in proposal.of_record(record):
            lines += _lines(one, proposal)
    return text + "\n".join(lines) + "\n"


def _dumped(content: dict[str, Any]) -> str:
    return yaml.safe_dump(
        content, default_flow_style=None, sort_keys=False, allow_unicode=True, width=98
    )


def _flow(content: Any) -> str:
    return yaml.safe_dump(
        content, default_flow_style=True, sort_keys=False, allow_unicode=True, width=_WIDE
    ).strip()


def _lines(one: Proposed, proposal: Proposal) -> list[str]:
    asked = [d.text for d in proposal.decisions if (d.record, d.field) == (one.record, one.field)]
    lines = [f"      # {DECIDE}: {text}" for text in asked]
    lines += [f"      # {note}" for note in one.notes]
    sure = f"  # {one.sure:.0%}" if one.sure else ""
    mapping = dict(one.mapping)
    codes = mapping.pop("codes", None)
    if codes is None:
        return [*lines, f"      {one.field}: {_flow(mapping)}{sure}"]
    lines.append(f"      {one.field}:{sure}")
    lines += [f"        {key}: {_flow([value])[1:-1]}" for key, value in mapping.items()]
    lines.append("        codes:")
    return lines + [f"          {_quoted(code)}: {means}" for code, means in codes.items()]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
