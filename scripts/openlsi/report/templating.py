"""Jinja2, the only place where markup is written."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@cache
def environment() -> Environment:
    """Return the one environment: autoescape always, an unknown name is an error."""
    return Environment(
        loader=PackageLoader("openlsi.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **values: Any) -> Markup:
    """Fill a template."""
    return Markup(environment().get_template(template).render(values))  # noqa: S704
