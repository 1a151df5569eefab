"""Names that a rubric chooses for facts and levels: a sheet tells them apart by nothing else."""

from collections.abc import Collection, Iterable, Iterator
from typing import Literal, NamedTuple

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.place import Key
from epa_score.values.names import same_word_key


class Named(NamedTuple):
    """A name, the keys that lead to it, and whether it is the last of these or its value."""

    keys: tuple[Key, ...]
    name: str
    part: Literal["key", "value"] = "value"


def names_are_apart(
    names: Iterable[Named], taken: Collection[str] = (), *, answers: bool = False
) -> Iterator[Finding]:
    """Each name stands once and names something; those ``taken`` mean something else.

    A number or a yes names no fact, but with ``answers`` it may name a level.
    """
    from epa_score.values.point_hints import is_answer

    seen: dict[str, str] = {}
    for one in names:
        other = seen.get(same_word_key(one.name))
        seen.setdefault(same_word_key(one.name), one.name)
        about: dict[str, Parameter] = {"fact": one.name, "other": other or ""}
        if one.name in taken:
            variant = ""
        elif other is not None:
            variant = "twice" if other == one.name else "alike"
        elif not answers and is_answer(one.name):
            variant = "nothing"
        else:
            continue
        yield Finding(Kind.FACT_NAME_TAKEN, Place(one.keys, one.part), about, variant)
