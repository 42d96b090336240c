"""The components that pages may use, by name; anything else is refused."""

from __future__ import annotations

from markupsafe import Markup

from openlsi.report.components import (
    charts,
    charts_boxes,
    charts_config,
    charts_funnel,
    charts_heat,
    charts_histogram,
    charts_map,
    charts_mixed,
    charts_points,
    charts_sparkline,
    controls,
    layout,
    links,
    references,
    sections,
    single_figures,
    tables,
)
from openlsi.report.components.props import Call, Spec, read_props
from openlsi.report.errors import ReportError, nearest
from openlsi.report.javascript_engine import Scope, ScriptError
from openlsi.report.nodes import Component
from openlsi.report.rendering import Renderer

CHARTS = (
    charts,
    charts_points,
    charts_mixed,
    charts_boxes,
    charts_histogram,
    charts_heat,
    charts_funnel,
    charts_map,
    charts_sparkline,
    charts_config,
)
SPECS: dict[str, Spec] = {
    spec.name: spec
    for spec in (
        *single_figures.SPECS,
        *layout.SPECS,
        *sections.SPECS,
        *links.SPECS,
        *tables.SPECS,
        *controls.SPECS,
    )
}
SPECS |= {spec.name: spec for part in CHARTS for spec in part.SPECS}
SPECS |= references.REFERENCES
# Components that only arrange what is in them, with those of their members that say how.
CONTAINERS: dict[str, frozenset[str]] = {
    **{spec.name: frozenset() for spec in SPECS.values() if spec.takes_content},
    **sections.MEMBERS,
}
CONTROL_NAMES = frozenset(controls.CONTROLS)


def render_component(renderer: Renderer, component: Component, scope: Scope) -> Markup:
    """Render a component, or refuse it with the nearest name that is supported."""
    spec = SPECS.get(component.name)
    if spec is None:
        raise ReportError(
            f"<{component.name}> is not supported{nearest(component.name, SPECS)}", component.place
        )
    if spec.parents:
        raise ReportError(
            f"<{spec.name}> belongs inside {' or '.join(f'<{name}>' for name in spec.parents)}",
            component.place,
        )
    call = Call(spec, component, scope, renderer, read_props(spec, component, renderer, scope))
    try:
        return spec.render(call)
    except ScriptError as error:
        # Formats run in the engine: one that a column or its name holds is known only here.
        raise call.error(f"a format cannot be read: {error}") from error
