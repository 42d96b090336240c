"""A YAML file of the configuration with the lines of its parts, for refusals that name them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from openlsi.config.county import ConfigurationError


class YamlLines:
    """A file's content, all of it as text, and where each part stands.

    Raises ConfigurationError for a file that cannot be read, or in which a word stands twice.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_text(encoding="utf-8")
            self.root = yaml.compose(text, Loader=yaml.SafeLoader)
            # As text: YAML reads 1:30 as ninety and 010 as eight.
            self.content: Any = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 builds text alone
        except OSError as error:
            raise ConfigurationError(f"{path}: cannot be read ({error.strerror})") from None
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            line = f", line {mark.line + 1}" if mark else ""
            raise ConfigurationError(f"{path}{line}: not readable as YAML: {error}") from None
        except RecursionError:
            raise ConfigurationError(f"{path}: not readable as YAML: nested too deep") from None
        self._refuse_repeated(self.root)

    def _refuse_repeated(self, node: Any) -> None:
        """Of two words that are the same the last would win in silence."""
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if key.value in seen:
                    line = key.start_mark.line + 1
                    raise ConfigurationError(f"{self.path}, line {line}: {key.value} stands twice")
                seen.add(str(key.value))
                self._refuse_repeated(value)
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                self._refuse_repeated(value)

    def refusal(self, place: tuple[str | int, ...], message: str) -> ConfigurationError:
        """Return the error that names the file, the line of a part and the part."""
        node, line = self.root, 1
        for part in place:
            found = self._part(node, part)
            if found is None:
                break
            node, line = found, found.start_mark.line + 1
        where = ".".join(str(part + 1 if isinstance(part, int) else part) for part in place)
        return ConfigurationError(f"{self.path}, line {line}: {where or 'the file'}: {message}")

    @staticmethod
    def _part(node: Any, part: str | int) -> Any:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == part:
                    # An empty or one-line value stands where its key does.
                    return value if isinstance(value, yaml.ScalarNode) else _at(value, key)
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            return node.value[part] if part < len(node.value) else None
        return None


def _at(value: Any, key: Any) -> Any:
    value.start_mark = key.start_mark
    return value
