-- Who subtracts two months of the page gets the change that stands there; a change that told more
-- than the figures do would undo their rounding. A change may be hidden where both figures are
-- shown.
{% set changes = {
    "district_cts_month": {
        "keys": ["district_code"],
        "figures": {
            "recognised_gbp": {
                "recognised_change_month_gbp": 1,
                "recognised_change_year_gbp": 12,
            },
            "accrued_gbp": {"accrued_change_month_gbp": 1},
            "retrospective_adjustment_gbp": {
                "retrospective_adjustment_change_month_gbp": 1
            },
            "recognised_fytd_gbp": {"recognised_fytd_change_year_gbp": 12},
            "caseload_count": {
                "caseload_change_month_count": 1,
                "caseload_change_year_count": 12,
            },
        },
    },
    "county_cts_month": {
        "keys": [],
        "figures": {
            "recognised_gbp": {
                "recognised_change_month_gbp": 1,
                "recognised_change_year_gbp": 12,
            },
            "accrued_gbp": {"accrued_change_month_gbp": 1},
            "retrospective_adjustment_gbp": {
                "retrospective_adjustment_change_month_gbp": 1
            },
            "recognised_fytd_gbp": {"recognised_fytd_change_year_gbp": 12},
            "caseload_count": {
                "caseload_change_month_count": 1,
                "caseload_change_year_count": 12,
            },
        },
    },
    "district_living_standards_month": {
        "keys": ["district_code"],
        "figures": {
            "shortfall_count": {
                "shortfall_change_month_count": 1,
                "shortfall_change_year_count": 12,
            },
            "in_crisis_count": {
                "in_crisis_change_month_count": 1,
                "in_crisis_change_year_count": 12,
            },
        },
    },
    "county_living_standards_month": {
        "keys": [],
        "figures": {
            "shortfall_count": {
                "shortfall_change_month_count": 1,
                "shortfall_change_year_count": 12,
            },
            "in_crisis_count": {
                "in_crisis_change_month_count": 1,
                "in_crisis_change_year_count": 12,
            },
        },
    },
    "district_cts_age_month": {
        "keys": ["district_code", "age_group"],
        "figures": {
            "recognised_gbp": {"recognised_change_year_gbp": 12},
            "caseload_count": {
                "caseload_change_month_count": 1,
                "caseload_change_year_count": 12,
            },
        },
    },
    "county_cts_age_month": {
        "keys": ["age_group"],
        "figures": {
            "recognised_gbp": {"recognised_change_year_gbp": 12},
            "caseload_count": {
                "caseload_change_month_count": 1,
                "caseload_change_year_count": 12,
            },
        },
    },
    "district_council_tax_month": {
        "keys": ["district_code"],
        "figures": {
            "overdue_gbp": {"overdue_change_month_gbp": 1, "overdue_change_year_gbp": 12},
            "overdue_account_count": {
                "overdue_account_change_month_count": 1,
                "overdue_account_change_year_count": 12,
            },
            "overdue_household_count": {
                "overdue_household_change_month_count": 1,
                "overdue_household_change_year_count": 12,
            },
        },
    },
    "county_council_tax_month": {
        "keys": [],
        "figures": {
            "overdue_gbp": {"overdue_change_month_gbp": 1, "overdue_change_year_gbp": 12},
            "overdue_account_count": {
                "overdue_account_change_month_count": 1,
                "overdue_account_change_year_count": 12,
            },
            "overdue_household_count": {
                "overdue_household_change_month_count": 1,
                "overdue_household_change_year_count": 12,
            },
        },
    },
    "district_rent_month": {
        "keys": ["district_code"],
        "figures": {
            "arrears_gbp": {"arrears_change_month_gbp": 1, "arrears_change_year_gbp": 12},
        },
    },
    "county_rent_month": {
        "keys": [],
        "figures": {
            "arrears_gbp": {"arrears_change_month_gbp": 1, "arrears_change_year_gbp": 12},
        },
    },
    "district_uc_month": {
        "keys": ["district_code"],
        "figures": {
            "household_count": {"household_change_year_count": 12},
        },
    },
    "county_uc_month": {
        "keys": [],
        "figures": {
            "household_count": {"household_change_year_count": 12},
        },
    },
    "district_housing_benefit_month": {
        "keys": ["district_code"],
        "figures": {
            "caseload_count": {"caseload_change_year_count": 12},
        },
    },
    "county_housing_benefit_month": {
        "keys": [],
        "figures": {
            "caseload_count": {"caseload_change_year_count": 12},
        },
    },
} %}

{% for table, told in changes.items() %}
    {% set is_first_table = loop.first %}
    {% for figure, columns in told["figures"].items() %}
        {% set is_first_figure = loop.first %}
        {% for change, months in columns.items() %}
            {% if not (is_first_table and is_first_figure and loop.first) %}
                union all
            {% endif %}
            select
                '{{ table }}' as table_name,
                '{{ change }}' as column_name,
                shown.month,
                shown.{{ change }} as shown_change,
                shown.{{ figure }} - earlier.{{ figure }} as difference
            from {{ source("published", table) }} as shown
            left join
                {{ source("published", table) }} as earlier
                on earlier.month = shown.month - interval '{{ months }} month'
                {% for key in told["keys"] %} and shown.{{ key }} = earlier.{{ key }} {% endfor %}
            where
                shown.{{ change }} is not null
                and shown.{{ change }} is distinct from shown.{{ figure }} - earlier.{{ figure }}
        {% endfor %}
    {% endfor %}
{% endfor %}
