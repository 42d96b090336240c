"""Which key id a district's extracts are keyed with, and that the master key is still theirs.

`key_id` of districts.yml is where a district begins. From the first extract on the ledger decides:
only `lsi keys rotate` moves on to another id, so that one household never has two keys in silence.
"""

from __future__ import annotations

from openlsi.config import District
from openlsi.extract.chain import Ledger
from openlsi.extract.refusals import ExtractError
from openlsi.identity.keys import DistrictKeys, MasterKey


def used_key_ids(ledger: Ledger, district_code: str) -> list[str]:
    """Return every key id that a district's landing was ever keyed with, the present one last."""
    used: list[str] = []
    for event in ledger.events("extract_accepted", "keys_rotated"):
        key_id = event["key_id"]
        if event["district_code"] == district_code and key_id and key_id not in used:
            used.append(key_id)
    return used


def check_key_id(district: District, ledger: Ledger) -> None:
    """Raise ExtractError if districts.yml names an id that the district was never keyed with."""
    used = used_key_ids(ledger, district.code)
    if used and district.key_id not in used:
        raise ExtractError(
            f"districts.yml: {district.name} has key_id {district.key_id}, but its extracts are"
            f" keyed with {used[-1]}; expected that one: change it back, or run"
            f" `lsi keys rotate {district.slug} --to {district.key_id}`"
        )


def district_keys(master: MasterKey, district: District, ledger: Ledger) -> DistrictKeys:
    """Return the keys that a district's landing is keyed with by now.

    Raises ExtractError for another master key than the one that its extracts were keyed with.
    """
    used = used_key_ids(ledger, district.code)
    keys = DistrictKeys(master, district.code, used[-1] if used else district.key_id)
    checks = {
        event["key_check"]
        for event in ledger.events("extract_accepted", "keys_rotated")
        if event["district_code"] == district.code and event["key_id"] == keys.key_id
    }
    if checks - {keys.check_value()}:
        raise ExtractError(
            f"{district.name}: another master key found than the one that its earlier extracts"
            " were keyed with; expected that one: point LSI_MASTER_KEY_FILE to it"
        )
    return keys
