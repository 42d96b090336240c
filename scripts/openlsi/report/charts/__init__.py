"""Charts: one ECharts option as data, drawn to SVG at build time."""
