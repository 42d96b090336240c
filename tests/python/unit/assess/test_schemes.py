"""Districts' own schemes: files that contradict themselves, and published examples."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_households import ROOT, single
from typer.testing import CliRunner

from openlsi.assess.assess import assess
from openlsi.assess.comparison import Compared, compare
from openlsi.cli import application
from openlsi.config.county import ConfigurationError
from openlsi.config.scheme_tables import alternative_table
from openlsi.config.schemes import load_schemes, proposals, read_scheme
from openlsi.home import Home

HEAD = """\
scheme: made_up
name: Made up
district: E07000113
financial_year: 2025-26
standing: proposed
source: made up
kind: income_bands
maximum_pct: 80
"""
BANDS = """\
bands:
  single:
    - {from: 0, to: 95, pct: 80}
    - {from: 95.01, to: 140, pct: 60}
    - {from: 140.01, to: 190, pct: 40}
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "made_up.yml"
    path.write_text(text, "utf-8")
    return path


def test_printed_edges_become_bands_that_touch(tmp_path: Path) -> None:
    scheme = read_scheme(written(tmp_path, HEAD + BANDS))
    edges = [(str(band.lower), str(band.upper)) for band in scheme.bands["single"]]
    assert edges == [("0", "95.01"), ("95.01", "140.01"), ("140.01", "190.01")]
    touching = BANDS.replace(".01", "")
    scheme = read_scheme(written(tmp_path, HEAD + touching))
    edges = [(str(band.lower), str(band.upper)) for band in scheme.bands["single"]]
    assert edges == [("0", "95"), ("95", "140"), ("140", "190")]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (HEAD + BANDS.replace("95.01", "97"), 12, "begins at 97, a gap after 95"),
        (HEAD + BANDS.replace("95.01", "90"), 12, "begins at 90, an overlap: 95 before"),
        (HEAD + BANDS.replace("from: 0", "from: 5"), 11, "begins at 5; a gap from 0"),
        (HEAD + BANDS.replace("to: 140, ", ""), 12, "has no end, and another band follows"),
        (HEAD + BANDS.replace("to: 140", "to: 95"), 12, "ends at 95, not after 95.01"),
        (HEAD + BANDS.replace("pct: 60", "pct: 90"), 12, "90% is above the scheme's maximum"),
        (HEAD.replace("maximum_pct: 80", "maximum_pct: 101") + BANDS, 8, "equal to 100"),
        (HEAD + BANDS.replace("single", "widow"), 10, "Input should be 'all', 'single'"),
        (HEAD + BANDS + "  no_children:\n    - {from: 0, pct: 80}\n", 9, "types of one"),
        (HEAD, 7, "a scheme of income_bands has bands; none are given"),
        (HEAD.replace("income_bands", "means_test"), 7, "a means test has a taper_pct"),
        (HEAD.replace("income_bands", "discount") + BANDS, 9, "discount has no bands"),
        (HEAD + "child_cap: 0\n" + BANDS, 9, "greater than or equal to 1"),
        (HEAD + "passports: {universal_credit: true}\n" + BANDS, 9, "no such word"),
        (HEAD + "backdating_months: 24\n" + BANDS, 9, "less than or equal to 12"),
        (HEAD + "colour: red\n" + BANDS, 9, "no such word here"),
        (HEAD.replace("E07000113", "Swale") + BANDS, 3, "String should match pattern"),
        (HEAD.replace("name: Made up\n", "") + BANDS, 1, "Field required"),
        (HEAD + BANDS.replace("pct: 60", "pct: sixty"), 12, "valid decimal"),
        (HEAD + "bands:\n  single: []\n", 10, "has no bands"),
        (HEAD + "maximum_pct: 100\n" + BANDS, 9, "maximum_pct stands twice"),
        (HEAD + "capital_limit_gbp: 1:30\n" + BANDS, 9, "valid decimal"),
        (HEAD + "taper_pct: 20\n" + BANDS, 9, "has no taper"),
        (HEAD.replace("2025-26", "2025-46") + BANDS, 4, "is no year"),
        (HEAD + BANDS.replace("pct: 40", "pct: 70"), 13, "more than the 60% of lower incomes"),
        ("scheme: [", 1, "not readable as YAML"),
    ],
)  # fmt: skip
def test_a_scheme_that_contradicts_itself_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigurationError) as refusal:
        read_scheme(path)
    assert f"{path}, line {line}:" in str(refusal.value)
    assert message in str(refusal.value)


@given(st.text(max_size=200))
def test_whatever_a_scheme_file_holds_is_read_or_refused(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        try:
            read_scheme(written(Path(folder), text))
        except ConfigurationError as refusal:
            assert "made_up.yml" in str(refusal)


def test_a_file_nested_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nested too deep"):
        read_scheme(written(tmp_path, "[" * 5000))


def test_a_proposal_is_in_force_nowhere(under: Under, tmp_path: Path) -> None:
    folder = tmp_path / "config" / "schemes"
    folder.mkdir(parents=True)
    proposal = HEAD.replace("E07000113", "E07000108").replace("income_bands", "discount")
    (folder / "proposal.yml").write_text(proposal, "utf-8")
    dover = single(household={"local_authority": "DOVER"})
    assert not under(dover, "made_up").is_own
    path = tmp_path / "households.json"
    own = assess(ROOT, Home(tmp_path), path, "2025-26", date(2026, 11, 15)).figures["one"]
    assert own["2025-26"]["council_tax_reduction_local"]["h"] == pytest.approx(1710)
    (folder / "proposal.yml").write_text(proposal.replace("proposed", "documented"), "utf-8")
    with pytest.raises(ConfigurationError, match="two documented schemes of E07000108 in 2025-26"):
        load_schemes(Home(tmp_path))


def proposal(folder: Path, name: str, **changed: str) -> None:
    """Write a proposal of Dover for 2025-26 as one of a county's own schemes."""
    text = HEAD.replace("E07000113", changed.get("district", "E07000108"))
    text = text.replace("income_bands", "discount").replace("scheme: made_up", f"scheme: {name}")
    text += f"alternatives: [{changed['beside']}]\n" if "beside" in changed else ""
    (folder / "config" / "schemes").mkdir(parents=True, exist_ok=True)
    (folder / "config" / "schemes" / f"{name}.yml").write_text(text, "utf-8")


def test_what_stands_beside_a_proposal_is_none_of_its_own(tmp_path: Path) -> None:
    proposal(tmp_path, "ours", beside="draft, swale_2023_24")
    proposal(tmp_path, "draft")
    schemes = load_schemes(Home(tmp_path))
    assert [one.scheme for one in proposals(schemes)] == ["ours"]
    told = alternative_table(schemes).to_pylist()
    assert [(row["alternative_number"], row["alternative_key"]) for row in told] == [
        (1, "draft"), (2, "swale_2023_24"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("beside", "others", "message"),
    [
        ("", {}, "two proposals of E07000108 for 2025-26, ours and second; name one of them"),
        ("nowhere", {}, "ours: alternatives: nowhere: no scheme has this name; there are"),
        ("ours", {}, "ours: alternatives: ours: that is the proposal itself"),
        ("second, second", {}, "second: that is the proposal itself, or stands twice"),
        ("second", {"district": "E07000113"}, "second: a proposal of another district"),
        ("second", {"beside": "swale_2023_24"}, "second: an alternative that has alternatives"),
    ],
)
def test_alternatives_that_contradict_each_other_are_refused(
    tmp_path: Path, beside: str, others: dict[str, str], message: str
) -> None:
    proposal(tmp_path, "ours", beside=beside)
    proposal(tmp_path, "second", **others)
    with pytest.raises(ConfigurationError, match=message):
        alternative_table(load_schemes(Home(tmp_path)))


def test_a_documented_scheme_has_no_alternatives(tmp_path: Path) -> None:
    text = HEAD.replace("income_bands", "discount").replace("proposed", "documented")
    with pytest.raises(ConfigurationError, match=r"line 9: alternatives: only a scheme with"):
        read_scheme(written(tmp_path, text + "alternatives: [dover_2025_26]\n"))


def test_the_schemes_that_are_shipped_are_documented(tmp_path: Path) -> None:
    schemes = load_schemes(Home(tmp_path))
    assert len(schemes) == 6
    assert all(one.source.startswith("https://") for one in schemes)
    assert all(one.standing == "documented" for one in schemes)


Under = Callable[[dict[str, Any], str], Compared]


@pytest.fixture
def under(tmp_path: Path) -> Under:
    """Return a household under one scheme, with the rates of 2025-26."""

    def one(household: dict[str, Any], scheme: str) -> Compared:
        path = tmp_path / "households.json"
        path.write_text(json.dumps([household]), "utf-8")
        comparison = compare(ROOT, Home(tmp_path), path, "2025-26", date(2026, 11, 15))
        assert not comparison.refused
        return next(row for row in comparison.rows if row.scheme == scheme)

    return one


def without_uc(weekly: float, children: int = 0, **home: Any) -> dict[str, Any]:
    """Return somebody with so much a week of earnings and nothing else but Child Benefit."""
    ids = [f"c{number}" for number in range(children)]
    household = single(
        person={"employment_income": weekly * 52},
        benunits=[{"members": ["a", *ids], "would_claim_uc": False}],
        household=home,
    )
    household["people"] += [{"id": name, "dob": "2015-05-01"} for name in ids]
    return household


@pytest.mark.parametrize(
    ("weekly", "children", "share"),
    [(75, 0, 80), (79.99, 0, 80), (80, 0, 60), (235, 2, 80), (240, 2, 60), (250, 1, 40)],
)
def test_sevenoaks_as_published_in_2019(
    under: Under, weekly: float, children: int, share: float
) -> None:
    """The council's page: single people to 79.99 a week have 80%, with two children to 239.99."""
    row = under(without_uc(weekly, children), "sevenoaks_2019_20")
    assert row.reduction_pct == share
    assert row.award_gbp == pytest.approx(1900 * share / 100)


def test_tunbridge_wells_example_of_its_minutes(under: Under) -> None:
    """Cabinet on the 2023-24 scheme (mgAi.aspx?ID=34842): a family of four in Band D that earns
    1,169.98 a month still pays 75% of 2,032.00. That is 270.00 a week, in the band of 25% here too.
    """
    earned = 1169.98 * 12 / 2
    household = without_uc(earned / 52, 2, council_tax_per_year=2032)
    household["people"].append({"id": "b", "dob": "1986-01-01", "employment_income": earned})
    household["benunits"][0]["members"].append("b")
    row = under(household, "tunbridge_wells_2021_22")
    assert row.counted_income_gbp / 52 == pytest.approx(270.00, abs=0.01)
    assert row.council_tax_gbp - (row.award_gbp or 0) == pytest.approx(1524.00)


def test_who_earns_nothing_is_in_the_first_band_of_an_earnings_scheme(under: Under) -> None:
    assert under(single(), "tunbridge_wells_2021_22").award_gbp == pytest.approx(1900 * 0.8)


def test_capital_above_the_limit_ends_support(under: Under) -> None:
    assert under(single(household={"savings": 6000}), "dover_2025_26").award_gbp == 1710
    assert under(single(household={"savings": 6000.01}), "dover_2025_26").award_gbp == 0


def test_liability_is_met_up_to_the_band_cap(under: Under) -> None:
    """Band F is 13 ninths and D 9: of 2,600 Ashford meets a share of 1,800."""
    home = {"council_tax_band": "F", "council_tax_per_year": 2600}
    row = under(single(household=home), "ashford_2026_27")
    assert (row.award_gbp, row.council_tax_gbp) == pytest.approx((1620, 2600))
    assert under(single(household=home), "dover_2025_26").award_gbp == pytest.approx(2340)


def test_deductions_come_before_or_after_the_share(under: Under) -> None:
    """Swale takes 10 a week off the liability, (1,900 - 520) x 80%; Ashford off the award."""
    grown = {"id": "n", "dob": "1995-01-01", "employment_income": 20000, "hours_worked": 1560}
    household = single()
    household["people"].append(grown)
    household["benunits"].append({"members": ["n"]})
    assert under(household, "swale_2023_24").award_gbp == pytest.approx((1900 - 520) * 0.8)
    assert under(household, "ashford_2026_27").award_gbp == pytest.approx(1900 * 0.9 - 520)


def test_a_household_whose_bands_are_not_documented_is_not_comparable(under: Under) -> None:
    row = under(without_uc(100, 1), "ashford_2026_27")
    assert row.award_gbp is None


def test_an_award_below_the_least_is_none(under: Under) -> None:
    """Dartford pays nothing below a pound a week: 20% of 259 a year is 99.6p a week."""
    assert under(without_uc(300, council_tax_per_year=259), "dartford_2026_27").award_gbp == 0
    assert under(without_uc(300, council_tax_per_year=261), "dartford_2026_27").award_gbp == 52.2


def test_a_means_test_and_a_discount_of_a_countys_own_files(under: Under, tmp_path: Path) -> None:
    folder = tmp_path / "config" / "schemes"
    folder.mkdir(parents=True)
    head = HEAD.replace("made_up", "{name}").replace("income_bands", "{kind}")
    (folder / "test.yml").write_text(
        head.format(name="means", kind="means_test") + "taper_pct: 20\n", "utf-8"
    )
    (folder / "flat.yml").write_text(head.format(name="flat", kind="discount"), "utf-8")
    household = single(person={"employment_income": 12000})
    assert under(household, "flat").award_gbp == pytest.approx(1900 * 0.8)
    # 12,000 and an award of 4,441.68 (401.14 x 12 + 6,240 - 0.55 x 12,000) are 5,400 above the
    # maximum of 11,041.68: 80% of 1,900 less a fifth of it.
    assert under(household, "means").award_gbp == pytest.approx(1900 * 0.8 - 5400 * 0.2)


def test_children_beyond_the_cap_do_not_count(under: Under, tmp_path: Path) -> None:
    """A lone parent of three: 60% as a family of three or more, 80% as one of two at most."""
    folder = tmp_path / "config" / "schemes"
    folder.mkdir(parents=True)
    bands = "bands: {no_children: [{from: 0, pct: 70}], one_two_children: [{from: 0, pct: 80}],"
    bands += " three_plus_children: [{from: 0, pct: 60}]}\n"
    for name, cap in (("uncapped", ""), ("capped", "child_cap: 2\n")):
        text = HEAD.replace("made_up", name) + cap + bands
        (folder / f"{name}.yml").write_text(text, "utf-8")
    household = single()
    for child in ("c1", "c2", "c3"):
        household["people"].append({"id": child, "dob": "2018-02-01"})
        household["benunits"][0]["members"].append(child)
    assert under(household, "uncapped").award_gbp == pytest.approx(1900 * 0.6)
    assert under(household, "capped").award_gbp == pytest.approx(1900 * 0.8)


def test_a_passport_stands_for_the_first_band(under: Under, tmp_path: Path) -> None:
    """Who has no earnings has a whole award, 400.14 a month: 92.34 a week are 60% by income."""
    folder = tmp_path / "config" / "schemes"
    folder.mkdir(parents=True)
    bands = "bands: {all: [{from: 0, to: 50, pct: 80}, {from: 50, to: 500, pct: 60}]}\n"
    for name, passport in (
        ("neither", ""),
        ("legacy", "passports: {legacy_benefits: true}\n"),
        ("whole_award", "passports: {universal_credit_maximum: true}\n"),
    ):
        text = HEAD.replace("made_up", name) + passport + bands
        (folder / f"{name}.yml").write_text(text, "utf-8")
    on_legacy = single(benunits=[{"members": ["a"], "is_passported": True}])
    earning = single(person={"employment_income": 3000})
    for name, household, share in (
        ("neither", single(), 0.6),
        ("neither", on_legacy, 0.6),
        ("legacy", on_legacy, 0.8),
        ("legacy", single(), 0.6),
        ("whole_award", single(), 0.8),
        ("whole_award", earning, 0.6),
    ):
        assert under(household, name).award_gbp == pytest.approx(1900 * share), name


def test_the_list_says_what_a_scheme_has_beside_its_bands(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "schemes"
    folder.mkdir(parents=True)
    said = "child_cap: 2\npassports: {legacy_benefits: true}\nbackdating_months: 6\n"
    (folder / "said.yml").write_text(HEAD + said + "hardship_fund_gbp: 50000\n" + BANDS, "utf-8")
    _, out, _ = run("list", home=tmp_path)
    for line in (
        "counts up to 2 children",
        "first band whatever the income: the benefits before Universal Credit",
        "backdated up to 6 months (in no estimate)",
        "hardship fund of £50,000 a year, the billing authority's own (in no estimate)",
    ):
        assert f"  {line}\n" in out


def run(*arguments: str, home: Path) -> tuple[int, str, str]:
    ended = CliRunner().invoke(
        application("scheme"), ["scheme", *arguments],
        env={"LSI_HOME": str(home), "LSI_PROJECT": str(ROOT)},
    )  # fmt: skip
    return ended.exit_code, ended.stdout, ended.stderr


def test_the_commands_say_what_is_documented_and_what_is_not(tmp_path: Path) -> None:
    code, out, _ = run("list", home=tmp_path)
    assert code == 0
    assert "6 of 12 districts; no grid is documented for Canterbury" in out
    path = tmp_path / "households.json"
    pensioner = single(id="old", person={"dob": "1950-01-01"})
    households = [without_uc(100, 1), pensioner, single(id="bad", household={"brma": "KENT"})]
    path.write_text(json.dumps(households), "utf-8")
    code, out, err = run("compare", str(path), "--year", "2025-26", home=tmp_path)
    assert code == 1
    assert "not comparable: no bands for this household" in out
    assert "old: of pension age" in out
    assert "household bad: not compared" in err
    code, out, _ = run("compare", str(path), "--csv", home=tmp_path)
    assert out.splitlines()[0].startswith("case,scheme,is_own")
    assert len(out.splitlines()) == 7
