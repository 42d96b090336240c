"""What leaves the vault of a birth date: an age at a month's end, a month of pension age."""

from __future__ import annotations

import duckdb

from openlsi.config.county import configuration_file
from openlsi.home import Home


def load_pension_age(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Make table `pension_age` of the timetable: born_from, born_to, age or fixed date."""
    path = configuration_file(home, "rules", "state_pension_age.csv")
    connection.execute(
        """
        create or replace temp table pension_age as
        select
            cast(born_from as date) as born_from,
            cast(born_to as date) as born_to,
            cast(nullif(age_years, '') as integer) as age_years,
            cast(nullif(age_months, '') as integer) as age_months,
            cast(nullif(pension_age_date, '') as date) as pension_age_date
        from read_csv(
            $path, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
            nullstr = '', columns = {
                'born_from': 'varchar', 'born_to': 'varchar', 'age_years': 'varchar',
                'age_months': 'varchar', 'pension_age_date': 'varchar', 'law': 'varchar'
            }
        )
        """,
        {"path": str(path)},
    )


def age_sql(birth_date: str, month_end: str) -> str:
    """Return SQL for the age in whole years at the end of a month.

    An age is attained at the start of the anniversary (Family Law Reform Act 1969 s9); somebody
    born on 29 February has that anniversary on 1 March of a common year.
    """
    is_leap_day = f"month({birth_date}) = 2 and day({birth_date}) = 29 and day({month_end}) = 28"
    return (
        f"case when {birth_date} > {month_end} then null"
        f" when {is_leap_day} then date_sub('year', {birth_date} + 1, {month_end})"
        f" else date_sub('year', {birth_date}, {month_end}) end"
    )


def age_month_sql(birth_date: str, years: int) -> str:
    """Return SQL for the first day of the month in which an age is reached.

    Somebody born on 29 February reaches it on 1 March of a common year (see `age_sql`).
    """
    reached = f"cast({birth_date} + to_years({years}) as date)"
    leap_day = (
        f"month({birth_date}) = 2 and day({birth_date}) = 29"
        f" and month({reached}) = 2 and day({reached}) = 28"
    )
    return (
        f"cast(date_trunc('month', case when {leap_day} then {reached} + 1 else {reached} end)"
        " as date)"
    )


def pension_age_date_sql(birth_date: str, rule: str) -> str:
    """Return SQL for the day on which pension age is reached.

    `rule` is the row of `pension_age` that `pension_age_join_sql` found. Where the birthday's day
    does not exist in that month the last day stands for it (the table's notes to Pensions Act 1995
    Sch 4 say so for the 31st), and 1 March for 29 February.
    """
    months = f"{rule}.age_years * 12 + {rule}.age_months"
    reached = f"cast({birth_date} + to_months({months}) as date)"
    leap_day = (
        f"month({birth_date}) = 2 and day({birth_date}) = 29"
        f" and month({reached}) = 2 and day({reached}) = 28"
    )
    return (
        f"case when {rule}.pension_age_date is not null then {rule}.pension_age_date"
        f" when {leap_day} then {reached} + 1 else {reached} end"
    )


def pension_age_month_sql(birth_date: str, rule: str) -> str:
    """Return SQL for the first day of the month in which pension age is reached."""
    return f"cast(date_trunc('month', {pension_age_date_sql(birth_date, rule)}) as date)"


def pension_age_join_sql(birth_date: str, rule: str) -> str:
    """Return the join that finds the row of the timetable for a birth date; there is one at most.

    A join, since planning a scalar subquery would cost more than running it, once an extract.
    """
    return (
        f"left join pension_age as {rule}"
        f" on {birth_date} between {rule}.born_from and {rule}.born_to"
    )
