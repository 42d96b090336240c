"""One county's configuration: shipped defaults, overridden file by file under LSI_HOME/config."""

from openlsi.config.county import (
    Configuration,
    ConfigurationError,
    DeleteAfter,
    District,
    Feed,
    Originals,
    load_configuration,
    seals,
)

__all__ = [
    "Configuration",
    "ConfigurationError",
    "DeleteAfter",
    "District",
    "Feed",
    "Originals",
    "load_configuration",
    "seals",
]
