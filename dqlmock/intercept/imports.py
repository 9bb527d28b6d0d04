"""Patching libraries that are imported while a mock runs.

Owns a finder that stands in `sys.meta_path` while a mock runs, and only then. It finds nothing
itself: it waits for modules by name, lets the other finders find them, and calls a hook once such a
module has been executed. A library that is never imported costs a look into a dictionary.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, TypeAlias

Hook: TypeAlias = Callable[[], None]


class LateImports(MetaPathFinder):
    """Calls hooks when modules are imported.

    Args:
        hooks: What to call once a module has been executed, by the module's name.

    >>> _ = sys.modules.pop("colorsys", None)
    >>> late = LateImports({"colorsys": lambda: print("imported")})
    >>> late.start()
    >>> import colorsys
    imported
    >>> late.stop()
    """

    def __init__(self, hooks: Mapping[str, Hook]) -> None:
        self._hooks = hooks

    def start(self) -> None:
        """Begin to wait."""
        sys.meta_path.insert(0, self)

    def stop(self) -> None:
        """Wait no longer."""
        if self in sys.meta_path:  # else somebody has put an older list back
            sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return what the next finder finds, if the module is waited for."""
        hook = self._hooks.get(fullname)
        if hook is None:
            return None
        others = [finder for finder in sys.meta_path if finder is not self]
        specs = (finder.find_spec(fullname, path, target) for finder in others)
        spec = next((spec for spec in specs if spec is not None), None)
        if spec is not None and spec.loader is not None:
            _call_after(spec.loader, hook)
        return spec


def _call_after(loader: Any, hook: Hook) -> None:
    """Make a loader call a hook after it has executed its module.

    On the loader itself: a module whose loader is wrapped loses its resources and its source.
    """
    execute = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        del loader.exec_module
        execute(module)
        hook()

    loader.exec_module = exec_module
