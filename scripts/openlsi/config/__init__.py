"""One county's configuration: shipped defaults, overridden file by file under LSI_HOME/config."""

from openlsi.config.county import (
    Configuration,
    ConfigurationError,
    District,
    Feed,
    load_configuration,
)

__all__ = ["Configuration", "ConfigurationError", "District", "Feed", "load_configuration"]
