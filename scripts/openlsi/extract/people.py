"""Who stands in the rows of a record, in the terms of the identity package."""

from __future__ import annotations

from openlsi.extract.records import Record
from openlsi.identity.identities import IdentitySpec
from openlsi.identity.people import RecordPeople, Role

_OWN = ("surname", "forenames", "birth_date", "nino")


def record_people(spec: IdentitySpec, definition: Record) -> RecordPeople:
    """Return the people of a record, its lead first.

    Somebody described by a plain `surname` and `birth_date` that no role takes, such as a pupil, is
    who the record is about, and leads it.
    """
    roles = []
    taken = {
        value for person in definition.people.values() for value in person.model_dump().values()
    }
    plain = {n: n for n in _OWN if n in definition.identifiers and n not in taken}
    if "surname" in plain:
        roles.append(Role("subject", True, **plain))
    for name, person in definition.people.items():
        roles.append(Role(name, not roles, **person.model_dump()))
    own = [name for name in definition.unique if name in definition.identifiers]
    return RecordPeople(spec, tuple(roles), own[0] if own else "", bool(roles) and len(own) == 1)
