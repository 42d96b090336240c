"""To whom a pack is sealed: those whom configuration lists for its district and purpose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from openlsi.config import District
from openlsi.config.pack_recipients import PackRecipients, Recipient, recipients_file
from openlsi.home import Home
from openlsi.packs.errors import PackError


def addressed(
    home: Home,
    recipients: PackRecipients,
    district: District,
    purpose: str,
    to: Sequence[str],
    today: date,
) -> tuple[Recipient, ...]:
    """Return those a pack of a district is sealed to: everybody listed for the purpose, or `to`.

    Raises PackError for a purpose that is not defined, a name that is not listed, one who may not
    use it for this or not any more, and where nobody is listed.
    """
    file, listed = recipients_file(home), recipients.of(district.slug)
    own = home.config / file.name
    if purpose not in recipients.purposes:
        known = ", ".join(sorted(recipients.purposes))
        raise PackError(f"--purpose {purpose}: not a purpose of {file}; there are {known}")
    if not listed:
        raise PackError(
            f"{own}: lists nobody for {district.slug}, so that no pack can be sealed; add a name,"
            f" role, key, purposes and until under districts: {district.slug}:"
        )
    by_name = {one.name: one for one in listed}
    for name in to:
        if name not in by_name:
            raise PackError(
                f"--to {name}: is not listed for {district.slug} in {file}; there are"
                f" {', '.join(by_name)}"
            )
        if purpose not in by_name[name].purposes:
            raise PackError(f"--to {name}: is not listed for {purpose} in {file}")
        if today > by_name[name].until:
            raise PackError(f"--to {name}: was listed until {by_name[name].until} in {file}")
    asked = [by_name[name] for name in dict.fromkeys(to)] or listed
    found = tuple(one for one in asked if one.may(purpose, today))
    if not found:
        raise PackError(
            f"{file}: nobody of {district.slug} is listed for {purpose} on {today}; add the purpose"
            " or a later day to somebody's until"
        )
    return found
