"""`lsi metrics`: the user's words in, plain figures or one plain line out."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import typer
from tiny_project import Tiny
from typer.testing import CliRunner, Result

from openlsi.cli import main
from openlsi.cli.answers import print_answer, print_list
from openlsi.cli.metrics import register
from openlsi.warehouse.metricflow import Metric, MetricError


@pytest.fixture
def home(tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    generation = tmp_path / "generations" / "g1"
    generation.mkdir(parents=True)
    shutil.copyfile(tiny.warehouse, generation / "secure.duckdb")
    shutil.copyfile(
        tiny.manifests / "semantic_manifest.json", generation / "semantic_manifest.json"
    )
    (tmp_path / "current").symlink_to("generations/g1")
    monkeypatch.setenv("LSI_HOME", str(tmp_path))
    return tmp_path


def ask(*words: str) -> Result:
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, ["metrics", *words])


def test_list_tells_figures_and_leaves_controls_out(home: Path) -> None:
    lines = ask("list").stdout.splitlines()
    assert lines[0].split("\t") == ["metric", "label", "unit", "good direction", "owner"]
    names = {line.split("\t")[0] for line in lines}
    assert "overdue_gbp" in names
    assert "overdue_largest_gbp" not in names
    assert "overdue_largest_gbp" in ask("list", "--controls").stdout


def test_one_metric_is_told_in_full(home: Path) -> None:
    told = ask("list", "in_year_collection").stdout
    assert "In-year collection rate" in told
    assert "denominator: Net collectable debit of the year" in told


def test_columns_stand_in_the_order_asked_for(home: Path) -> None:
    """The engine sorts its columns; a heading over the wrong column would be a false figure."""
    answer = ask(
        "query", "caseload", "recognised", "--by", "district", "--by", "month",
        "--where", "district = Dover", "--where", "month >= 2026-05", "--csv",
    )  # fmt: skip
    assert answer.stdout.splitlines() == [
        "district,month,cts_caseload_count,cts_recognised_gbp",
        "Dover,2026-05-01,25,1434.42",
        "Dover,2026-06-01,25,1388.28",
    ]
    assert "not to publish" in answer.stderr


def test_piped_answers_are_plain_and_limited(home: Path) -> None:
    answer = ask("query", "cts_caseload_count", "--by", "district", "--limit", "2")
    assert answer.stdout == "district\tcts_caseload_count\nAshford\t60\nCanterbury\t40\n"


def period(*words: str) -> str:
    answer = ask("query", *words)
    assert answer.exception is None, answer.exception
    return answer.stderr.splitlines()[0].removeprefix("Period: ").removesuffix(".")


PERIODS = {
    "caseload": "June 2026",
    "recognised --by district": "June 2026",
    "cts_per_chargeable_dwelling --by district": "June 2026",
    "official_band_d": "2023-24",
    "official_cts_forgone_per_dwelling": "2022-23",
    # The newest year of both, since Band D is held for a later one.
    "official_cts_forgone official_band_d": "2022-23",
    "official_band_d --by financial_year": "2018-19, 2020-21, 2021-22, 2022-23, 2023-24",
    "recognised --where 'month >= 2026-04'": "April to June 2026, 3 months together",
    "caseload --where 'financial_year = 2025-26'": "at the end of March 2026",
    "caseload --by month": "each month, April 2025 to June 2026",
    "caseload --where 'district = dover' --where 'month = 2026-05'": "May 2026",
    "recognised --by financial_year": "each financial year, April 2025 to June 2026 "
    "(2026-27 holds 3 of 12 months)",
    "extract_month_count": "April 2025 to June 2026",
    "caseload recognised --where 'month >= 2026-05'": "cts_caseload_count: at the end of June "
    "2026; cts_recognised_gbp: May to June 2026, 2 months together",
}


@pytest.mark.parametrize("question", PERIODS)
def test_every_answer_says_which_period_it_is_of(home: Path, question: str) -> None:
    assert period(*shlex.split(question)) == PERIODS[question]


def figures(home: Path, sql: str) -> list[float]:
    with duckdb.connect(str(home / "current" / "secure.duckdb"), read_only=True) as con:
        return [float(figure) for (figure,) in con.execute(sql).fetchall()]


NEWEST = {
    "prior_year_receipts": "select sum(prior_year_receipts_in_month_gbp) from marts.fct_collection "
    "where month = date '2026-06-01'",
    "cts_per_chargeable_dwelling": "select sum(recognised_gbp) / 45000 from marts.fct_cts_month "
    "where month = date '2026-06-01'",
    "official_band_d": "select sum(cast(area_band_d_gbp as double) * tax_base) / sum(tax_base) "
    "from marts.fct_published_band_d where financial_year = '2023-24'",
    "official_band_d --where 'district = Dover' --where 'financial_year = 2021-22'": "select "
    "area_band_d_gbp from marts.fct_published_band_d "
    "where authority_code = 'E07000108' and financial_year = '2021-22'",
}


@pytest.mark.parametrize("question", NEWEST)
def test_without_a_time_the_newest_month_or_year_answers(home: Path, question: str) -> None:
    answer = ask("query", *shlex.split(question))
    (figure,) = figures(home, NEWEST[question])
    assert float(answer.stdout.splitlines()[1]) == pytest.approx(figure, abs=1e-5)


def test_a_late_district_is_named_and_never_left_out_in_silence(home: Path) -> None:
    with duckdb.connect(str(home / "current" / "secure.duckdb")) as con:
        con.execute(
            "delete from marts.fct_cts_month where district_code = 'E07000108' "
            "and month = date '2026-06-01'"
        )
    late = "Dover (held to May 2026)"
    assert period("caseload") == f"June 2026, 2 of 3 districts: without {late}"
    assert period("caseload", "--where", "district = Dover") == "May 2026"
    assert period("caseload", "--where", "month > 2026-03") == (
        f"at the end of June 2026, but at its own last month: {late}"
    )
    assert period("recognised", "--by", "month").endswith(f", the last of them without {late}")


def test_an_apostrophe_in_a_name_is_no_end_of_it(home: Path) -> None:
    with duckdb.connect(str(home / "current" / "secure.duckdb")) as con:
        con.execute(
            "update marts.dim_district set district_name = 'King''s Dover' "
            "where district_slug = 'dover'"
        )
    answer = ask("query", "caseload", "--where", "district = King's Dover")
    assert answer.stdout.splitlines()[1:] == ["25"]


def test_a_change_shows_only_months_that_have_one(home: Path) -> None:
    answer = ask("query", "cts_caseload_change_year_count", "--by", "month")
    assert [line.split("\t")[0] for line in answer.stdout.splitlines()] == [
        "month", "2026-04", "2026-05", "2026-06",
    ]  # fmt: skip


def test_a_change_in_a_financial_year_keeps_the_month_before_it(home: Path) -> None:
    question = ("query", "cts_caseload_change_month_count", "--by", "month", "--where")
    by_year, by_month = (
        ask(*question, "financial_year = 2026-27"),
        ask(*question, "month > 2026-03"),
    )
    assert by_year.stdout == by_month.stdout
    assert [line.split("\t")[0] for line in by_year.stdout.splitlines()] == [
        "month", "2026-04", "2026-05", "2026-06",
    ]  # fmt: skip


def test_sql_can_be_shown_instead(home: Path) -> None:
    assert '"marts"."fct_cts_month"' in ask("query", "caseload", "--by", "month", "--sql").stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["query", "caselod"], "no metric called caselod; did you mean .*cts_caseload_count"),
        (["query", "zzz"], "no metric called zzz; see `lsi metrics list`"),
        (["query", "award"], "did you mean .*cts_average_weekly_award_gbp"),
        (["query", "recognised_change_year"], "could be .*_gbp, .*_ratio; name one"),
        (
            ["query", "caseload", "--by", "postcode"],
            "cannot be cut by postcode; these metrics have .*cts_age_group",
        ),
        (["query", "caseload", "--where", "Dover"], 'write it like "district = Dover"'),
        (["query", "recognised_change_month"], "is a change .* it needs --by month"),
        (["query", "recognised_change_month", "--by", "financial_year"], "needs --by month"),
        (["query", "caseload", "--where", "month > lastyear"], "a month is written like 2026-04"),
        (
            ["query", "caseload", "--where", "district = Dovr"],
            "no district Dovr; did you mean Dover",
        ),
        (["query", "caseload", "--where", "cts_age_group = child"], "there are pension, working"),
        (["query", "caseload", "--where", "district = Medway"], "no figure of .* where district ="),
        (["query", "recognised", "--where", "month = 2031-01"], "no figure of .* 2031-01"),
        (["query", "caseload", "--where", "{{ Dimension('zzz') }} = 1"], "cannot read the filter"),
        (
            ["query", "caseload", "--where", "{{ Dimension('district__zzz') }} = 1"],
            "cannot be filtered by .*; near to that are district__",
        ),
        (
            ["query", "caseload", "--where", "{{ Dimension('district__district_name') }} > 3"],
            "compares what cannot be compared",
        ),
        (
            ["query", "fund_return_award_gbp", "--by", "quarter_label"],
            "quarter_label could be calendar_month__.*, fund_return_row__.*; name one",
        ),
        (["query", "caseload", "--by", "month_start"], "cannot be cut by month_start"),
        (
            ["query", "cts_per_chargeable_dwelling", "--where", "month >= 2026-05"],
            "May to June 2026 are asked for together; add --by month",
        ),
        (
            ["query", "official_band_d", "--where", "financial_year >= 2021-22"],
            "is of one year, and 2021-22, 2022-23, 2023-24 .* add --by financial_year",
        ),
        (
            ["query", "official_band_d", "caseload"],
            "is of a year and cts_caseload_count of a month",
        ),
        (["query", "caseload", "--by", "month", "--by", "month"], "month is asked for twice"),
        (["query", "caseload", "caseload"], "cts_caseload_count is asked for twice"),
        (
            ["query", "average_weekly_award", "--by", "financial_year"],
            "is a position at a month's end, which no financial_year has; cut it by month",
        ),
    ],
)
def test_a_mistake_is_one_plain_line(home: Path, words: list[str], message: str) -> None:
    answer = ask(*words)
    assert isinstance(answer.exception, MetricError)
    with pytest.raises(MetricError, match=message):
        raise answer.exception
    assert "\n" not in str(answer.exception)
    assert not re.search(r"/|Error|Pydantic|\.duckdb", str(answer.exception))
    assert answer.stdout == ""


@pytest.mark.parametrize("name", ["cts_accrued", "accrued", "accrued_gbp", "cts_accrued_gbp"])
def test_a_metric_answers_to_its_name_with_and_without_unit_and_subject(
    home: Path, name: str
) -> None:
    assert ask("query", name).stdout.splitlines()[0] == "cts_accrued_gbp"


def test_a_mistake_ends_with_a_code_that_scripts_see(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LSI_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["lsi", "metrics", "list"])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (1, "")
    assert told.err == f"lsi: {tmp_path} holds no build yet; run `lsi build`\n"


METRICS = {
    "gbp": Metric("gbp", "CTS accrued", "", "simple", {"unit": "pounds"}),
    "ratio": Metric("ratio", "In-year collection rate", "", "ratio", {"unit": "ratio"}),
    "count": Metric("count", "CTS caseload", "", "simple", {"unit": "households"}),
}


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, write: Callable[[], None]) -> str:
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    write()
    return re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue())


def test_a_terminal_shows_labels_units_and_marks_in_eighty_columns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [
        ("Dover", date(2026, 6, 1), Decimal("-1234.5"), 0.6543, 1234),
        ("Folkestone and Hythe", date(2026, 6, 1), Decimal("1234567.89"), None, None),
    ]
    shown = on_a_terminal(
        monkeypatch,
        lambda: print_answer(["district", "month", "gbp", "ratio", "count"], rows, METRICS),
    )
    for words in (
        "CTS accrued", "collection rate", "households", "-£1,234.50", "£1,234,567.89",
        "65.4%", "1,234", "2026-06", "[x]",
    ):  # fmt: skip
        assert words in shown, words
    assert all(len(line.rstrip()) <= 80 for line in shown.splitlines())


def test_a_terminal_lists_each_metric_whole(monkeypatch: pytest.MonkeyPatch, tiny: Tiny) -> None:
    shown = on_a_terminal(monkeypatch, lambda: print_list(tiny.engine.metrics()))
    lines = shown.splitlines()
    assert "cts_retrospective_adjustment_change_month_gbp" in lines
    assert "  Overdue council tax; pounds (down is good)" in lines


def test_a_place_with_published_tables_only_says_so(home: Path) -> None:
    generation = home / "generations" / "g1"
    (generation / "secure.duckdb").rename(generation / "publication.duckdb")
    answer = ask("query", "caseload")
    assert isinstance(answer.exception, MetricError)
    assert "which districts and analysts hold" in str(answer.exception)


def test_without_a_build_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LSI_HOME", str(tmp_path))
    assert "run `lsi build`" in str(ask("list").exception)
