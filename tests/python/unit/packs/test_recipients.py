"""Who may be sent packs: what configuration may say, and what it is refused for, line by line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyrage
import pytest

from openlsi.config import Configuration, ConfigurationError, load_configuration
from openlsi.config.county import default_file
from openlsi.config.pack_recipients import FILE, PackRecipients, load_pack_recipients
from openlsi.home import Home
from openlsi.packs.addressing import addressed
from openlsi.packs.errors import PackError

KEY, OTHER = (str(pyrage.x25519.Identity.generate().to_public()) for _ in range(2))
TODAY = date(2026, 11, 20)
OFFICER = f"{{name: A. Officer, role: Lead, key: {KEY}, purposes: [take_up], until: 2027-03-31}}"


def read(root: Path, districts: str, **changed: str) -> tuple[Home, Configuration, PackRecipients]:
    home = Home(root)
    home.config.mkdir(parents=True, exist_ok=True)
    text = default_file(FILE).read_text(encoding="utf-8").split("districts: {}")[0]
    for name, value in changed.items():
        text = text.replace(f"{name}: ", f"{name}: {value}  # ")
    (home.config / FILE).write_text(f"{text}districts:{districts}\n", encoding="utf-8")
    configuration = load_configuration(home)
    return home, configuration, load_pack_recipients(home, configuration)


def listed(*lines: str) -> str:
    return "\n  ashford:\n" + "\n".join(f"    - {line}" for line in lines)


def test_nobody_is_listed_until_a_county_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path)
    shipped = load_pack_recipients(home, load_configuration(home))
    assert shipped.districts == {}
    assert shipped.purposes and all(one.gateway for one in shipped.purposes.values())


def test_a_listed_officer_is_read(tmp_path: Path) -> None:
    _, _, found = read(tmp_path, listed(OFFICER))
    (one,) = found.of("ashford")
    assert (one.name, one.key, one.until) == ("A. Officer", KEY, date(2027, 3, 31))
    assert one.may("take_up", date(2027, 3, 31)) and not one.may("take_up", date(2027, 4, 1))
    assert not one.may("casework", TODAY)
    assert found.of("dover") == []


SECRET = str(pyrage.x25519.Identity.generate())
REFUSED = {
    "the county": (f"\n  county:\n    - {OFFICER}", "the county gets no packs of households"),
    "the county's code": (f"\n  E10000016:\n    - {OFFICER}", "the county gets no packs"),
    "no district": (
        f"\n  asford:\n    - {OFFICER}",
        "is none of the districts ashford, canterbury",
    ),
    "the county's schools": (f"\n  kent-education:\n    - {OFFICER}", "is none of the districts"),
    "a secret key": (listed(OFFICER.replace(KEY, SECRET)), "is not an age public key"),
    "no key": (listed(OFFICER.replace(KEY, "age1abc")), "is not an age public key"),
    "a misspelt word": (listed(OFFICER.replace("until", "untill")), "until: Field required"),
    "a word too many": (listed(OFFICER.replace("}", ", phone: 1}")), "phone: no such word here"),
    "no last day": (listed(OFFICER.replace("2027-03-31", "soon")), "until: Input should be"),
    "no purpose": (listed(OFFICER.replace("[take_up]", "[]")), "purposes: List should have"),
    "an unknown purpose": (
        listed(OFFICER.replace("take_up", "marketing")),
        "marketing is none of the purposes casework, debt_support, take_up",
    ),
    "a name twice": (listed(OFFICER, OFFICER.replace(KEY, OTHER)), "name: stands twice"),
    "a key twice": (listed(OFFICER, OFFICER.replace("A. Officer", "B. B")), "key: stands"),
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_what_cannot_be_is_refused_with_its_line(case: str, tmp_path: Path) -> None:
    districts, message = REFUSED[case]
    with pytest.raises(ConfigurationError) as told:
        read(tmp_path, districts)
    assert f"{FILE}, line " in str(told.value)
    assert message in str(told.value)
    assert "AGE-SECRET" not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_number_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="keep_days: Input should be less than or equal"):
        read(tmp_path, " {}", keep_days="4000")


def to(tmp_path: Path, districts: str, purpose: str, *names: str, today: date = TODAY) -> list[str]:
    home, configuration, recipients = read(tmp_path, districts)
    district = configuration.district("ashford")
    assert district
    found = addressed(home, recipients, district, purpose, names, today)
    return [one.name for one in found]


SECOND = OFFICER.replace("A. Officer", "B. Officer").replace(KEY, OTHER)


def test_a_pack_goes_to_all_who_are_listed_for_it_or_to_those_who_are_named(tmp_path: Path) -> None:
    both = listed(OFFICER, SECOND.replace("take_up", "take_up, casework"))
    assert to(tmp_path, both, "take_up") == ["A. Officer", "B. Officer"]
    assert to(tmp_path, both, "casework") == ["B. Officer"]
    assert to(tmp_path, both, "take_up", "B. Officer", "B. Officer") == ["B. Officer"]


NOT_ADDRESSED = {
    "nobody": (
        " {}",
        "take_up",
        (),
        "lists nobody for ashford, so that no pack can be sealed; add",
    ),
    "unlisted": (listed(OFFICER), "take_up", ("C. Clerk",), "--to C. Clerk: is not listed for ash"),
    "purpose": (listed(OFFICER), "fishing", (), "--purpose fishing: not a purpose of"),
    "other purpose": (listed(OFFICER), "casework", ("A. Officer",), "is not listed for casework"),
    "nobody for it": (listed(OFFICER), "casework", (), "nobody of ashford is listed for casework"),
}


@pytest.mark.parametrize("case", NOT_ADDRESSED, ids=str)
def test_a_pack_goes_to_nobody_else(case: str, tmp_path: Path) -> None:
    districts, purpose, names, message = NOT_ADDRESSED[case]
    with pytest.raises(PackError, match=message):
        to(tmp_path, districts, purpose, *names)


def test_nobody_is_sent_a_pack_after_their_last_day(tmp_path: Path) -> None:
    late = date(2027, 4, 1)
    with pytest.raises(PackError, match=r"A\. Officer: was listed until 2027-03-31"):
        to(tmp_path, listed(OFFICER), "take_up", "A. Officer", today=late)
    with pytest.raises(PackError, match="nobody of ashford is listed for take_up on 2027-04-01"):
        to(tmp_path, listed(OFFICER), "take_up", today=late)
    later = SECOND.replace("2027-03-31", "2028-03-31")
    assert to(tmp_path, listed(OFFICER, later), "take_up", today=late) == ["B. Officer"]
