"""Ask Apache Superset, from within its own environment, for what an imported dashboard shows.

Run by `superset_check.py` with Superset's Python: it knows nothing of the project, and prints JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from superset.app import create_app


def main(slug: str, user: str, password: str) -> None:
    """Print each chart's rows, and each dataset's fields with their words."""
    app = create_app()
    app.config.update(WTF_CSRF_ENABLED=False)
    client = app.test_client()
    client.post("/login/", data={"username": user, "password": password})

    def get(address: str) -> Any:
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(
                f"{address}: {answer.status_code} {answer.get_data(as_text=True)[:500]}"
            )
        return answer.get_json()

    dashboard = get(f"/api/v1/dashboard/{slug}")["result"]
    charts = {}
    for chart in get(f"/api/v1/dashboard/{slug}/charts")["result"]:
        (answer,) = get(f"/api/v1/chart/{chart['id']}/data/")["result"]
        charts[chart["slice_name"]] = {"columns": answer["colnames"], "rows": answer["data"]}
    datasets = {}
    for found in get(f"/api/v1/dashboard/{slug}/datasets")["result"]:
        told = get(f"/api/v1/dataset/{found['id']}")["result"]
        datasets[f"{told['schema']}.{told['table_name']}"] = {
            "description": told["description"],
            "columns": {one["column_name"]: one["description"] for one in told["columns"]},
            "metrics": {
                one["metric_name"]: [one["verbose_name"], one["expression"], one["description"]]
                for one in told["metrics"]
            },
        }
    title = dashboard["dashboard_title"]
    print("ANSWER " + json.dumps({"title": title, "charts": charts, "datasets": datasets}))


if __name__ == "__main__":
    main(*sys.argv[1:])
