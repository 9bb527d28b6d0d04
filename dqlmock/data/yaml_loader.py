"""How YAML is read: numbers exactly, dates as text, CloudFormation's short tags as their long form.

Imports PyYAML, an optional dependency: import this module where it is needed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import yaml

Loader: Any = type("Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})
"""PyYAML's safe loader, the fast one if PyYAML was built with it, with the changes below."""


def _exact(loader: Any, node: Any) -> Decimal:
    text = loader.construct_scalar(node).replace("_", "")
    return Decimal(text.replace(".inf", "Infinity").replace(".nan", "NaN"))


def _long_form(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {"Ref" if suffix == "Ref" else f"Fn::{suffix}": value}


Loader.add_constructor("tag:yaml.org,2002:float", _exact)
Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: node.value)
Loader.add_multi_constructor("!", _long_form)
