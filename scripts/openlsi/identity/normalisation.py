"""What counts as the same identifier, before it is hashed: one stated rule a purpose, in SQL.

A key is made from several fields joined by the unit separator (U+001F), in the order that the
record definition gives them. Each rule gives NULL where there is no real identifier; NULL is
never hashed, so two unknowns never share a key.
"""

from __future__ import annotations

SEPARATOR = "\x1f"


def _part(raw: str, number: int) -> str:
    return f"split_part({raw}, chr(31), {number})"


def _ref(raw: str) -> str:
    # Leading zeros are part of a reference, so only the blanks around it go.
    return f"nullif(trim({raw}), '')"


def _joined_ref(raw: str) -> str:
    # A number within a claim is nobody's without the claim's own.
    first, second = f"nullif(trim({_part(raw, 1)}), '')", f"nullif(trim({_part(raw, 2)}), '')"
    return f"{first} || '|' || {second}"


def _dwelling(raw: str) -> str:
    # Systems pad the UPRN to 12 digits or not at all, and write 0 for unknown.
    uprn = f"ltrim(trim({_part(raw, 1)}), '0')"
    is_uprn = f"regexp_full_match({uprn}, '[1-9][0-9]{{0,11}}')"
    property_ref = f"nullif(trim({_part(raw, 2)}), '')"
    return f"case when {is_uprn} then 'uprn:' || {uprn} else 'property:' || {property_ref} end"


def _letters(text: str) -> str:
    # O'Brien, O Brien and OBRIEN are one name; so are Zoë and ZOE.
    return f"regexp_replace(upper(strip_accents({text})), '[^A-Z]', '', 'g')"


def _name(raw: str) -> str:
    surname, forenames = _letters(_part(raw, 1)), _letters(_part(raw, 2))
    return f"case when {surname} <> '' then {surname} || '|' || {forenames} end"


def _name_dob(raw: str) -> str:
    birth_date = f"nullif({_part(raw, 3)}, '')"
    return f"{_name(raw)} || '|' || {birth_date}"


def _nino(raw: str) -> str:
    # The suffix letter is often left off and tells nobody apart, so it is not part of the key.
    # XX999999 and PP999999 are fillers, and TN numbers are temporary: neither names a person.
    compact = f"regexp_replace(upper({raw}), '[^A-Z0-9]', '', 'g')"
    return (
        f"case when regexp_full_match({compact}, '[A-Z]{{2}}[0-9]{{6}}[A-D]?')"
        f" and not regexp_matches({compact}, '^(TN|XX999|PP999)')"
        f" then left({compact}, 8) end"
    )


PURPOSES = {
    "account": _ref,
    "claim": _ref,
    "property": _ref,
    "hb_claim": _ref,
    "hb_member": _joined_ref,
    "uc_claim": _ref,
    "rent_account": _ref,
    "pupil": _ref,
    "discretionary_award": _ref,
    "dwelling": _dwelling,
    "name": _name,
    "name_dob": _name_dob,
    "nino": _nino,
}


def normalised(purpose: str, raw: str) -> str:
    """Return the SQL expression that gives the normalised identifier of a raw one, or NULL."""
    return PURPOSES[purpose](raw)
