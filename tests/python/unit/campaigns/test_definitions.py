"""Campaign files: what is shipped, and what a file that contradicts itself is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from made_positions import CAMPAIGN, ROOT, made

from openlsi.campaigns.definition import load_campaigns, read_campaign, target_sql
from openlsi.campaigns.fields import MARKERS, campaign_fields
from openlsi.config import load_configuration
from openlsi.config.county import ConfigurationError
from openlsi.home import Home

FIELDS = campaign_fields(ROOT)


def told(tmp_path: Path, **changed: Any) -> Path:
    path = tmp_path / "made_up.yml"
    content = {name: one for name, one in (CAMPAIGN | changed).items() if one is not None}
    path.write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    return path


def test_the_seven_kinds_of_campaign_are_shipped(tmp_path: Path) -> None:
    home = Home(tmp_path)
    found = load_campaigns(home, FIELDS, load_configuration(home))
    assert set(found) == {
        "pension_credit", "council_tax_support", "free_school_meals", "employment_support",
        "fuel_and_health", "housing_payments", "crisis_grants",
    }  # fmt: skip
    assert all(one.markers == list(MARKERS.values()) for one in found.values())


def test_a_definition_can_be_copied_from_what_is_published_of_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    configuration = load_configuration(home)
    for name, one in load_campaigns(home, FIELDS, configuration).items():
        path = tmp_path / f"{name}.yml"
        path.write_text(one.as_yaml, "utf-8")
        assert read_campaign(path, FIELDS, configuration).fingerprint == one.fingerprint


def test_no_filter_may_ask_for_a_household_or_a_marker() -> None:
    assert "household_key" not in FIELDS
    assert not set(MARKERS.values()) & set(FIELDS)
    assert all(field.description for field in FIELDS.values())


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"target": {"all": [{"field": "pension_credit_gap", "over": 5}]}},
         "field: pension_credit_gap is unknown; did you mean pension_credit_gap_weekly_gbp?"),
        ({"target": {"all": [{"field": "household_key", "is": "x"}]}}, "household_key is unknown"),
        ({"target": {"all": [{"field": "is_deceased", "is": "true"}]}}, "is_deceased is unknown"),
        ({"target": {"all": [{"field": "age_group", "over": 5}]}}, "age_group is no number"),
        ({"target": {"all": [{"field": "rent_arrears_gbp", "is": "5"}]}}, "is a number; compare"),
        ({"target": {"all": [{"field": "has_carer", "is": "yes"}]}}, "write is: true or is: false"),
        ({"target": {"all": [{"field": "rent_arrears_gbp"}]}}, "one comparison of .*; found 0"),
        ({"target": {"all": [{"field": "rent_arrears_gbp", "over": 1, "under": 2}]}}, "found 2"),
        ({"target": {}}, "asks nothing, so everybody would be in it"),
        ({"districts": ["calais"]}, "calais is none of ashford"),
        ({"expected": "margin_gbp"}, "margin_gbp is no pounds a week"),
        ({"ends": "2026-12-01"}, "2026-12-01 is not after 2026-12-01"),
        ({"holdout_pct": 51}, "holdout_pct: Input should be less than or equal to 50"),
        ({"gateway": None}, "gateway: Field required"),
        ({"chanel": "letter"}, "chanel: no such word here"),
        ({"exclude": {"but_not": {"deceased": ""}}}, "but_not.deceased: String should have"),
        ({"pounds": ["yearly"]}, "pounds.1: Input should be 'one_off'"),
    ],
)  # fmt: skip
def test_a_file_that_contradicts_itself_is_refused_with_its_line(
    tmp_path: Path, changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"made_up.yml, line \d+: .*{message}"):
        read_campaign(told(tmp_path, **changed), FIELDS, load_configuration(Home(tmp_path)))


@given(st.text(max_size=200))
def test_whatever_a_campaign_file_holds_is_read_or_refused(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made_up.yml"
        path.write_text(text, "utf-8")
        try:
            read_campaign(path, FIELDS, load_configuration(Home(Path(folder))))
        except ConfigurationError as refusal:
            assert "made_up.yml" in str(refusal)


def test_words_of_a_filter_never_leave_their_quotes(tmp_path: Path) -> None:
    here = made(tmp_path)
    hostile = "x') or true or ('"
    one = here.campaign(target={"all": [{"field": "age_group", "in": [hostile, "pension"]}]})
    sql = target_sql(one, here.fields)
    assert sql == "coalesce(age_group in ('x'') or true or (''', 'pension'), false)"
