"""ruamel's reader of YAML as we use it: it knows places and quotes, and nothing in a file makes it fail."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


class TooLong(str):
    """A number with more digits than anybody counts, as the text it is in the file."""

    __slots__ = ()


def loader() -> Any:
    """A loader that keeps places and quotes; dates and times stay the text they are."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt", pure=True)
    yaml.Constructor = _constructor()
    # So that `"no"` can be told from `no`, and a curly quote inside straight ones from one without.
    yaml.preserve_quotes = True
    return yaml


@lru_cache(maxsize=1)
def _constructor() -> Any:
    from ruamel.yaml.constructor import RoundTripConstructor

    class Constructor(RoundTripConstructor):
        """Ours, so that the loaders of other libraries keep their own; it keeps the place of `<<`, too."""

        def construct_mapping(self, node: Any, *made: Any, **named: Any) -> Any:
            merges = [key for key, _ in node.value if key.tag == "tag:yaml.org,2002:merge"]
            done = super().construct_mapping(node, *made, **named)
            if merges and made:
                mark = merges[0].start_mark
                made[0].lc.add_kv_line_col("<<", [mark.line, mark.column, mark.line, mark.column])
            return done

    def number(reader: Any, node: Any) -> Any:
        try:
            return reader.construct_yaml_int(node)
        except ValueError:  # Python reads no number of more than 4300 digits
            return TooLong(node.value)

    Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)
    Constructor.add_constructor("tag:yaml.org,2002:int", number)
    return Constructor


def has_tag(node: Any) -> bool:
    """True for a list or mapping that a tag makes something else of: `!x [a]`, `!!omap [a: b]`."""
    return type(node).__name__ not in ("CommentedMap", "CommentedSeq") or bool(
        getattr(node.tag, "value", None)
    )
