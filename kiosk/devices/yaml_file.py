"""Reading a configuration file in YAML so that every mistake in it is named with its place."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml


class ModelFileError(ValueError):
    """A configuration file nobody can use: `file` (folder/name), `key` (empty: the whole file) and `reason`."""

    def __init__(self, path: Path, key: str, reason: str) -> None:
        self.file = f"{path.parent.name}/{path.name}"
        self.key = key
        self.reason = reason
        super().__init__(": ".join(part for part in (self.file, key, reason) if part))


class _OnceOnly(yaml.SafeLoader):
    """YAML keeps the last of two like keys in silence; here the second one is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable) and key in seen:
                raise _Repeated(str(key), key_node.start_mark.line + 1)
            if isinstance(key, Hashable):
                seen.add(key)
        return super().construct_mapping(node, deep)


class _Repeated(Exception):
    def __init__(self, key: str, line: int) -> None:
        super().__init__(key, line)
        self.key = key
        self.line = line


def read_yaml(path: Path) -> dict[Any, Any]:
    """Return the file's mapping; raises ModelFileError with the line where YAML itself is wrong."""
    try:
        # The loader is SafeLoader with one more check: nothing in a file can make an object of ours.
        values = yaml.load(path.read_text("utf-8"), Loader=_OnceOnly)  # noqa: S506 - see above
    except _Repeated as error:
        raise ModelFileError(path, error.key, f"stands there twice, again in line {error.line}") from None
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise ModelFileError(path, "", f"{line}{error.problem or 'is not YAML'}") from None
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise ModelFileError(path, "", str(error).splitlines()[0]) from None
    if not isinstance(values, dict):
        raise ModelFileError(path, "", "is not a list of keys and values")
    return values
