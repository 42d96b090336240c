"""A role of the database tries to see more than is its own, by every way that PostgreSQL has.

Each attack is one that has worked on some database with row-level security. What it would find is
first shown to be there for the superuser, so that no test passes for want of something to find.
"""

from __future__ import annotations

import json
import re

import psycopg
import pytest
from published_county import ASHFORD, DARTFORD, PublishedCounty

OWN = "select district_code from district.{} group by 1 order by 1"
# Each table with rows of single districts, and the column that says whose a row is.
CUT_BY_DISTRICT = """
select a.attrelid::regclass::text, min(a.attname)
from pg_attribute as a inner join pg_policy as p on a.attrelid = p.polrelid
where p.polname = 'rows_of_lsi_ashford'
    and a.attname in ('district_code', 'district', 'free_school_meals_row__home_district')
group by 1 order by 1
"""


def cut_tables(published: PublishedCounty) -> list[tuple[str, str]]:
    return [(str(table), str(column)) for table, column in published.ask("", CUT_BY_DISTRICT)]


def test_every_table_that_is_cut_shows_a_district_its_own_rows_and_all_of_them(
    published: PublishedCounty,
) -> None:
    tables = cut_tables(published)
    assert len(tables) > 60
    named = "select count(*) from pg_policy where polname = 'rows_of_lsi_ashford'"
    assert published.ask("", named) == [(len(tables),)]
    others = 0
    for table, column in tables:
        count = f"select {column}, count(*) from {table} where {column} is not null group by 1"
        everything = dict(published.ask("", count))
        others += sum(rows for code, rows in everything.items() if code != ASHFORD)
        seen = dict(published.ask("ann", count))
        expected = {code: rows for code, rows in everything.items() if code == ASHFORD}
        assert seen == expected, table
    assert others > 10_000


def test_rows_that_are_no_districts_are_seen_by_no_district(published: PublishedCounty) -> None:
    query = "select count(*) from district.fct_living_standards_index where district_code is null"
    assert published.ask("", query) > [(0,)]
    assert published.ask("ann", query) == [(0,)]


def test_a_login_with_two_districts_reads_both_and_with_none_reads_nothing(
    published: PublishedCounty,
) -> None:
    assert published.ask("sam", OWN.format("fct_arrears")) == [(ASHFORD,), (DARTFORD,)]
    for schema in ("district", "district_metrics", "measures", "county", "county_metrics", "lsi"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            published.ask("visitor", f"select * from {schema}.{table_of(published, schema)}")


def table_of(published: PublishedCounty, schema: str) -> str:
    ((name,),) = published.ask(
        "", f"select min(relname) from pg_class where relnamespace = '{schema}'::regnamespace"
        " and relkind in ('r', 'v')",
    )  # fmt: skip
    return str(name)


def test_the_county_reads_published_tables_alone_and_a_district_none(
    published: PublishedCounty,
) -> None:
    assert published.ask("cass", "select count(*) from county.district_cts_month") > [(0,)]
    for schema in ("district", "measures", "district_metrics"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match=schema):
            published.ask("cass", f"select * from {schema}.{table_of(published, schema)}")
    for schema in ("county", "county_metrics"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match=schema):
            published.ask("ann", f"select * from {schema}.{table_of(published, schema)}")


def test_every_relation_is_locked_and_every_view_reads_as_whoever_asks(
    published: PublishedCounty,
) -> None:
    rows = published.ask(
        "",
        "select c.relname, c.relkind::text, c.relrowsecurity, c.relforcerowsecurity,"
        " coalesce(c.reloptions::text, ''), pg_get_userbyid(c.relowner)"
        " from pg_class as c inner join pg_namespace as n on c.relnamespace = n.oid"
        " where n.nspname in ('district', 'measures', 'district_metrics', 'county',"
        " 'county_metrics', 'lsi') and c.relkind not in ('i', 't')",
    )
    assert len(rows) > 240
    for name, kind, is_on, is_forced, options, owner in rows:
        assert owner == "lsi_owner", name
        if kind == "r":
            assert is_on and is_forced, name
        else:
            assert kind == "v" and "security_invoker=true" in options, name
            assert "security_barrier=true" in options, name
    assert published.ask("", "select rolcanlogin from pg_roles where rolname = 'lsi_owner'") == [
        (False,)
    ]


def test_the_owner_itself_reads_no_row(published: PublishedCounty) -> None:
    with published.open() as connection:
        connection.execute("set role lsi_owner")
        assert connection.execute("select count(*) from district.fct_arrears").fetchone() == (0,)
        assert connection.execute("select count(*) from county.build_info").fetchone() == (0,)


def test_a_view_or_function_of_the_owners_gives_nothing_away(published: PublishedCounty) -> None:
    """The two that leaked every district before `force`: a definer's view, a definer's function."""
    with published.open() as connection:
        connection.execute("set role lsi_owner")
        connection.execute("create view district.careless as select * from district.fct_arrears")
        connection.execute(
            "create function district.careless_count() returns bigint language sql security definer"
            " as 'select count(*) from district.fct_arrears'"
        )
        connection.execute("grant select on district.careless to lsi_ashford")
        try:
            assert published.ask("ann", "select count(*) from district.careless") == [(0,)]
            assert published.ask("ann", "select district.careless_count()") == [(0,)]
        finally:
            connection.execute("drop view district.careless")
            connection.execute("drop function district.careless_count()")


def test_a_definer_function_of_ones_own_sees_no_more_than_oneself(
    published: PublishedCounty,
) -> None:
    """`current_user` within it is its maker, who is no member of any role that reads more."""
    with published.open("dev") as other, published.open("ann") as own:
        other.execute(
            "create function pg_temp.borrowed() returns bigint language sql security definer"
            " as 'select count(*) from district.fct_arrears'"
        )
        with pytest.raises(psycopg.errors.Error):
            own.execute("select pg_temp.borrowed()")
        own.execute(
            "create function pg_temp.mine() returns setof text language sql security definer"
            " as 'select distinct district_code from district.fct_arrears'"
        )
        assert own.execute("select pg_temp.mine()").fetchall() == [(ASHFORD,)]


@pytest.mark.parametrize(
    "attempt",
    [
        "set role lsi_dartford",
        "set role lsi_owner",
        "set role postgres",
        "set session authorization dev",
        "set local role lsi_county",
        "alter role lsi_ashford bypassrls",
        "grant lsi_dartford to ann",
        "alter table district.fct_arrears disable row level security",
        "alter table district.fct_arrears no force row level security",
        "drop policy rows_of_lsi_ashford on district.fct_arrears",
        "create policy mine on district.fct_arrears for select using (true)",
        "alter policy rows_of_lsi_ashford on district.fct_arrears using (true)",
        "alter policy rows_of_lsi_dartford on district.fct_arrears to lsi_ashford",
        "delete from district.fct_arrears",
        "update district.fct_arrears set district_code = 'E07000105'",
        "insert into district.fct_arrears select * from district.fct_arrears",
        "truncate district.fct_arrears",
        "do $$ begin lock table district.fct_arrears in access exclusive mode; end $$",
        "create table district.mine (a int)",
        "create function district.mine() returns int language sql as 'select 1'",
        "create view public.mine as select * from district.fct_arrears",
        "create materialized view district.mine as select * from district.fct_arrears",
        "copy district.fct_arrears to program 'cat'",
        "copy district.fct_arrears to '/tmp/mine'",
        "create extension dblink",
        "create extension postgres_fdw",
        "create extension pageinspect",
        "create extension pgstattuple",
        "select pg_read_file('postgresql.conf')",
        "select lo_import('/etc/passwd')",
        "select * from pg_statistic",
        "select * from pg_statistic_ext_data",
        "select * from pg_authid",
        "select * from lsi.relation",
        "select * from lsi.published_table",
        "create statistics district.mine on district_code, debt_type from district.fct_arrears",
        "create index mine on district.fct_arrears (overdue_gbp)",
        "create trigger mine before insert on district.fct_arrears for each row"
        " execute function suppress_redundant_updates_trigger()",
        "create rule mine as on select to district.fct_arrears do instead select 1",
        "alter table district.fct_arrears owner to ann",
        "alter default privileges for role lsi_owner grant select on tables to ann",
        "comment on table district.fct_arrears is 'mine'",
        "create function pg_temp.leak(text) returns bool language sql leakproof as 'select true'",
        "create operator public.<< (leftarg = text, rightarg = text, function = textne)",
        "create subscription mine connection 'dbname=postgres' publication p",
        "create publication mine for table district.fct_arrears",
        "create event trigger mine on ddl_command_end execute function"
        " suppress_redundant_updates_trigger()",
        "reassign owned by lsi_owner to ann",
        "select pg_logical_slot_get_changes('x', null, null)",
        "set session_replication_role = replica",
        "select pg_stat_reset_single_table_counters('district.fct_arrears'::regclass)",
    ],
)
def test_a_district_may_not(published: PublishedCounty, attempt: str) -> None:
    with pytest.raises(
        (
            psycopg.errors.InsufficientPrivilege,
            psycopg.errors.FeatureNotSupported,
            psycopg.errors.UndefinedFile,
            psycopg.errors.ObjectNotInPrerequisiteState,
            psycopg.errors.WrongObjectType,
        )
    ):
        published.ask("ann", attempt)


def test_row_security_off_is_refused_and_not_obeyed(published: PublishedCounty) -> None:
    with published.open("ann") as connection:
        connection.execute("set row_security = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            connection.execute("select count(*) from district.fct_arrears")


def test_no_session_variable_widens_what_is_read(published: PublishedCounty) -> None:
    """Policies on a session variable were opened by setting it, and by a pool that had set it."""
    names = ["app.district", "app.la", "lsi.district_code", "lsi.role", "myapp.current_user"]
    with published.open("ann") as connection:
        for name in names:
            connection.execute(f"select set_config('{name}', '{DARTFORD}', false)")
        connection.execute("set search_path = pg_temp, public")
        connection.execute("set application_name = 'lsi_dartford'")
        assert connection.execute(OWN.format("fct_arrears")).fetchall() == [(ASHFORD,)]
    policies = published.ask(
        "",
        "select distinct pg_get_expr(polqual, polrelid) from pg_policy where polcmd = 'r'"
        " and polname <> 'read'",
    )
    assert len(policies) >= 12
    assert all(re.fullmatch(r"row_of\[\d+\]", text) for (text,) in policies)


def test_what_shadows_a_name_changes_no_policy(published: PublishedCounty) -> None:
    with published.open("ann") as connection:
        for made in (
            "pg_has_role(name, oid, text) returns bool language sql as 'select true'",
            "texteq(text, text) returns bool language sql as 'select true'",
            "\"current_user\"() returns name language sql as 'select ''lsi_dartford''::name'",
        ):
            connection.execute(f"create function pg_temp.{made}")
        connection.execute(
            "create operator pg_temp.= (leftarg = text, rightarg = text, function = pg_temp.texteq)"
        )
        connection.execute("set search_path = pg_temp, district, lsi, pg_catalog")
        assert connection.execute(OWN.format("fct_arrears")).fetchall() == [(ASHFORD,)]
        assert connection.execute("select distinct district_code from fct_arrears").fetchall() == [
            (ASHFORD,)
        ]


def test_a_cheap_function_in_a_condition_is_asked_of_own_rows_only(
    published: PublishedCounty,
) -> None:
    """Conditions are not asked of a row before its policy: neither told of, nor tripped over."""
    heard: list[str] = []
    with published.open("ann") as connection:
        connection.add_notice_handler(lambda notice: heard.append(notice.message_primary or ""))
        connection.execute(
            "create function pg_temp.tell(code text) returns bool language plpgsql"
            " cost 0.0000001 as 'begin raise notice ''%'', code; return true; end'"
        )
        connection.execute(
            "select count(*) from district.fct_arrears where pg_temp.tell(district_code)"
        )
        # A division by nought for each row of another district, if it were looked at.
        connection.execute(
            "select count(*) from district.fct_arrears"
            f" where 1 / (case when district_code = '{DARTFORD}' then 0 else 1 end) = 1"
        )
        for view, column in (("district_cts_month", "district_code"), ("ward_month", "ward_name")):
            connection.execute(
                f"select count(*) from district_metrics.{view} where pg_temp.tell({column})"
            )
    assert heard and DARTFORD not in heard
    wards = published.ask("ann", "select distinct ward_name from district_metrics.ward_month")
    assert set(heard) <= {ASHFORD, *(name for (name,) in wards)}


def test_statistics_tell_nothing_of_any_row_even_after_an_analyze(
    published: PublishedCounty,
) -> None:
    with published.open() as connection:
        connection.execute("analyze")
        kept = connection.execute(
            "select count(*) from pg_statistic where starelid in (select polrelid from pg_policy"
            " where polname = 'rows_of_lsi_ashford')"
        ).fetchone()
        assert kept == (0,)
        # And there is something to find where statistics are kept.
        found = connection.execute("select count(*) from pg_stats where schemaname = 'county'")
        assert found.fetchone() > (0,)
    for user in ("ann", "cass", "visitor"):
        rows = published.ask(
            user, "select tablename from pg_stats where schemaname like '%district%'"
        )
        assert rows == []
    assert published.ask("visitor", "select * from pg_stats where schemaname = 'county'") == []
    assert published.ask("ann", "select * from pg_stats_ext") == []
    assert published.ask("ann", "select * from pg_stats_ext_exprs") == []


def plan(published: PublishedCounty, user: str, sql: str, *options: str) -> str:
    chosen = ", ".join(["format json", *options])
    ((told,),) = published.ask(user, f"explain ({chosen}) {sql}")
    return json.dumps(told)


def estimates(plan_text: str) -> list[str]:
    return re.findall(r'"Plan Rows": (\d+)', plan_text)


def test_explain_guesses_the_same_for_what_is_there_and_what_is_not(
    published: PublishedCounty,
) -> None:
    """With statistics, the guess for another district's value told how often it comes there."""
    published.ask("", "analyze")
    ((common, stage),) = published.ask(
        "",
        "select account_key, recovery_stage from district.fct_arrears"
        f" where district_code = '{DARTFORD}' and recovery_stage is not null limit 1",
    )
    query = "select * from district.fct_arrears where {} = '{}'"
    for column, there in (
        ("district_code", DARTFORD), ("account_key", common), ("recovery_stage", stage)
    ):  # fmt: skip
        told = estimates(plan(published, "ann", query.format(column, there)))
        nowhere = estimates(plan(published, "ann", query.format(column, "is nowhere")))
        assert told == nowhere, column
    for bound in ("0", "500", "1000000"):
        condition = "select * from district.fct_arrears where overdue_gbp > "
        assert estimates(plan(published, "ann", condition + bound)) == estimates(
            plan(published, "ann", condition + "0")
        )


QUIET = ("analyze", "timing off", "summary off", "buffers off")


def test_explain_analyze_tells_the_same_whatever_is_asked(published: PublishedCounty) -> None:
    """An index, or a look-up by the policy, told whether somebody else's row has the value."""
    ((key,),) = published.ask(
        "",
        f"select account_key from district.fct_arrears where district_code = '{DARTFORD}' limit 1",
    )
    query = "select * from district.fct_arrears where account_key = '{}'"
    there = plan(published, "ann", query.format(key), *QUIET)
    nowhere = plan(published, "ann", query.format("nobody"), *QUIET)
    assert "Rows Removed by Filter" in there
    assert there.replace(key, "?") == nowhere.replace("nobody", "?")
    indexes = published.ask(
        "",
        "select indexrelid::regclass::text from pg_index as i inner join pg_policy as p"
        " on i.indrelid = p.polrelid where p.polname = 'rows_of_lsi_ashford'",
    )
    assert indexes == []


# Conditions that the planner takes for free and for safe, so that it may ask them before a policy;
# each runs a sub-select if a row meets it, which EXPLAIN ANALYZE then says, and a clock too.
FREE_CONDITIONS = (
    "case when is_prior_year then (select pg_sleep(0) is null) else false end",
    "case when credit_gbp is not null then (select pg_sleep(0) is null) else false end",
    "case when is_prior_year is false then (select pg_sleep(0) is null) else false end",
    "(is_prior_year or not is_prior_year) and (select pg_sleep(0) is null) = is_prior_year",
    "account_key = '{key}' and is_prior_year = (select pg_sleep(0) is null)",
    "district_code = 'E07000107' and is_prior_year = (select pg_sleep(0) is null)",
)


@pytest.mark.parametrize("condition", FREE_CONDITIONS)
def test_no_condition_is_asked_of_a_row_before_its_policy(
    published: PublishedCounty, condition: str
) -> None:
    """One row of another district is picked by its place, and asked what it holds."""
    ((place, key),) = published.ask(
        "",
        "select ctid::text, account_key from district.fct_arrears"
        f" where district_code = '{DARTFORD}' and is_prior_year and credit_gbp is not null limit 1",
    )
    asked = condition.format(key=key)
    told = []
    for where in (f"ctid = '{place}'", f"ctid = '{place}' and not is_closed_account", "true"):
        query = f"select 1 from district.fct_arrears where {where} and {asked}"
        told.append(plan(published, "ann", query, *QUIET))
        if where == "true":
            # Own rows meet the condition, so that the sub-select is seen to run at all.
            assert sub_selects_run(told[-1]) or "case" not in asked
        else:
            assert not sub_selects_run(told[-1]), told[-1]
        superusers = plan(published, "", query, *QUIET)
        assert sub_selects_run(superusers) or "false" in asked or "not" in where


def sub_selects_run(plan_text: str) -> bool:
    """Say whether a sub-select of the plan was run at all."""

    def nodes(node: dict[str, object]) -> list[dict[str, object]]:
        inner = [nodes(one) for one in node.get("Plans", [])]  # type: ignore[attr-defined]
        return [node, *(one for found in inner for one in found)]

    (top,) = json.loads(plan_text)
    return any(
        node.get("Parent Relationship") == "InitPlan" and node["Actual Loops"]
        for node in nodes(top["Plan"])
    )


def test_where_own_rows_lie_tells_not_how_many_lie_before(published: PublishedCounty) -> None:
    """Rows in order of district would have own rows end where the next district's begin."""
    lie = (
        "select district_code, min((ctid::text::point)[0]), max((ctid::text::point)[0])"
        " from district.fct_entitlements group by 1"
    )
    places = {code: (first, last) for code, first, last in published.ask("", lie)}
    first = min(low for low, _ in places.values())
    last = max(high for _, high in places.values())
    assert last - first >= 20, "too few pages for the test to tell anything"
    for low, high in places.values():
        assert low <= first + 3 and high >= last - 3


def test_another_district_is_in_no_catalogue(published: PublishedCounty) -> None:
    """Comments and views are alike for all, and hold neither a code nor a figure of anybody's."""
    told = published.ask(
        "ann",
        "select description from pg_description union all"
        " select pg_get_viewdef(oid) from pg_class where relkind = 'v'"
        " and relnamespace::regnamespace::text like '%metrics'",
    )
    assert len(told) > 3000
    assert not any(DARTFORD in (text or "") for (text,) in told)


def test_large_objects_cursors_and_prepared_statements_keep_to_the_role(
    published: PublishedCounty,
) -> None:
    with published.open("sam") as connection:
        connection.execute("set role lsi_ashford")
        connection.execute("prepare own as select distinct district_code from district.fct_arrears")
        assert connection.execute("execute own").fetchall() == [(ASHFORD,)]
        connection.execute("set role lsi_dartford")
        assert connection.execute("execute own").fetchall() == [(DARTFORD,)]
        connection.execute("reset role")
        assert len(connection.execute("execute own").fetchall()) == 2
    assert published.ask("", "select count(*) from pg_largeobject_metadata") == [(0,)]


def test_copy_out_is_cut_like_select(published: PublishedCounty) -> None:
    whole = "copy district.fct_arrears to stdout"
    with published.open("ann") as connection, connection.cursor().copy(whole) as copy:
        lines = [bytes(line).decode() for line in copy]
    ((own,),) = published.ask(
        "", f"select count(*) from district.fct_arrears where district_code = '{ASHFORD}'"
    )
    assert len(lines) == own
    assert all(line.startswith(ASHFORD) for line in lines)
