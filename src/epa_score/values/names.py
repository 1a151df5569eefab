"""Names of units, and names that a rubric chooses for facts and levels."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, PlainSerializer, PlainValidator, TypeAdapter, WithJsonSchema
from pydantic_core import PydanticCustomError

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.finding import Key
from epa_score.diagnostics.terminal_text import hides_nothing, is_hidden
from epa_score.values.fields import Text

_QUOTES = "“”‘’「」『』\"'＂＇"


def read_unit_name(name: str) -> str:
    """The name in NFC and trimmed.

    Raises a `PydanticCustomError` for control, zero-width and direction characters and for
    quotes around the name: two names that look alike must be alike.
    """
    name = _trim(unicodedata.normalize("NFC", name))
    quoted = len(name) > 1 and name[0] in _QUOTES and name[-1] in _QUOTES
    if quoted:
        kind = "unit_name_characters"
        context = {"unit": name, "character": name[0], "clean": name[1:-1], "variant": "quotes"}
        raise PydanticCustomError(kind, "name", context)
    refuse_hidden(name, "unit_name_characters")
    return name


_CONTROLS = frozenset("\x0b\x0c\x1c\x1d\x1e\x1f\x85")
"""Control characters that `str.strip` takes for blanks."""


def _trim(text: str) -> str:
    """A text without the blanks around it; control characters stay, and are refused then."""
    return text.strip() if _CONTROLS.isdisjoint(text) else text.strip(" \t\r\n")


def read_period(text: str) -> str:
    """A period in NFKC and trimmed, so that ``２０１８`` is ``2018``.

    Raises a `PydanticCustomError` for hidden characters: periods that look alike must be alike.
    """
    period = _trim(unicodedata.normalize("NFKC", text))
    refuse_hidden(period, "period_characters")
    return period


_Named = Literal["unit_name_characters", "period_characters", "fact_name_characters"]


def refuse_hidden(text: str, kind: _Named) -> None:
    """Refuse hidden characters: raises a `PydanticCustomError` of that kind."""
    hidden = () if hides_nothing(text) else tuple(filter(is_hidden, text))
    if hidden:
        code = f"U+{ord(hidden[0]):04X}"
        clean = "".join(char for char in text if char not in hidden)
        raise PydanticCustomError(kind, "name", {"unit": text, "character": code, "clean": clean})


UnitName = Annotated[Text, AfterValidator(read_unit_name)]
"""The name of a unit."""

Period = Annotated[Text, AfterValidator(read_period)]
"""The period that is assessed."""


NamedUnits = tuple[tuple[str, tuple[str, ...]], ...]


@cache
def _units_by_name() -> TypeAdapter[dict[str, tuple[str, ...]]]:
    return TypeAdapter(dict[Text, tuple[UnitName, ...]])


def _read_unit_groups(value: object) -> NamedUnits:
    return tuple(_units_by_name().validate_python(value).items())


UnitGroups = Annotated[
    NamedUnits,
    PlainValidator(_read_unit_groups),
    PlainSerializer(dict, return_type=dict[str, tuple[str, ...]]),
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        }
    ),
]
"""Groups of units by name, within each of which units are ranked, in the order of the file."""


def read_mismatch_reason(text: str) -> str:
    """Why a sum does not add up, in words.

    Raises a `PydanticCustomError` for a number or an answer such as ``false``, which says nothing.
    """
    from epa_score.values.point_hints import names_nothing  # noqa: PLC0415 -- words for faulty input

    if names_nothing(text):
        kind = "mismatch_without_reason"
        raise PydanticCustomError(kind, "reason", {"value": text})
    return text


MismatchReason = Annotated[Text, AfterValidator(read_mismatch_reason)]
"""Why a printed sum is used although it does not add up."""


def same_name_key(name: str) -> str:
    """A key that is equal for two names of one unit: letters and digits, whatever their form.

    Blanks and punctuation make no other unit of a name that was typed twice.
    """
    key = unicodedata.normalize("NFKC", name).casefold()
    if key.isalnum():
        return key
    return "".join(char for char in key if unicodedata.category(char)[0] not in "ZPC") or key


_SUMMARY = re.compile(
    "(?:合计|总计|小计|共计|累计|总分|满分|分值|平均[分值数]?|平均得分|均[分值]|最高分?|最低分?|中位数"
    "|total|subtotal|average|mean|median)(?:[0-9]+(?:个|家)?(?:单位|乡镇|部门)?)?"
    "|共[0-9]+个.{0,6}"
)


def names_a_summary(text: str) -> bool:
    """True for a text that stands where units do, beside a sum or a mean of them."""
    return _SUMMARY.fullmatch(same_name_key(text)) is not None


_MOST_SEARCHED = 200
"""The characters of a text in which names are looked for."""


class NamesInTexts:
    """Names of units to be found inside longer texts, such as the names of files.

    Letters and digits alone are compared, by `same_name_key`. A text is looked through once for
    each length that names have, however many names there are.
    """

    def __init__(self, names: Iterable[str]) -> None:
        """Make the index of those names."""
        self._names = {same_name_key(name): name for name in reversed(list(names))}
        self._lengths = sorted({len(key) for key in self._names}, reverse=True)

    def find(self, text: str) -> str:
        """The name that stands in a text; empty where none does, or several.

        A name that stands inside a longer one is not meant.
        """
        key = same_name_key(text)[:_MOST_SEARCHED]
        taken = [False] * len(key)
        found: set[str] = set()
        for length in self._lengths:
            for start in range(len(key) - length + 1):
                name = self._names.get(key[start : start + length])
                if name is not None and not all(taken[start : start + length]):
                    found.add(name)
                    taken[start : start + length] = [True] * length
        return found.pop() if len(found) == 1 else ""


_TELLING = frozenset("-.%/*")
"""Punctuation that tells names apart: ``A`` and ``A-``, ``1.5`` and ``15``."""


def same_word_key(word: str) -> str:
    """A key that is equal for two names of a rubric that people would take for one.

    It is `same_name_key`, but for signs that grades and numbers are written with.
    """
    key = unicodedata.normalize("NFKC", word).casefold()
    kept = (char for char in key if char in _TELLING or unicodedata.category(char)[0] not in "ZPC")
    return "".join(kept) or key


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
    seen: dict[str, str] = {}
    for named in names:
        other = seen.get(same_word_key(named.name))
        seen.setdefault(same_word_key(named.name), named.name)
        about: dict[str, Parameter] = {"fact": named.name, "other": other or ""}
        if named.name in taken:
            variant = ""
        elif other is not None:
            variant = "twice" if other == named.name else "alike"
        elif not answers and _is_answer(named.name):
            variant = "nothing"
        else:
            continue
        yield Finding(Kind.FACT_NAME_TAKEN, Place(named.keys, named.part), about, variant)


def _is_answer(name: str) -> bool:
    from epa_score.values.point_hints import is_answer  # noqa: PLC0415 -- few rubrics name facts

    return is_answer(name)
