"""Kinds of fields that models share: text, one of a few words, switches, optional fields."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainValidator,
    SerializerFunctionWrapHandler,
    StringConstraints,
    TypeAdapter,
    WithJsonSchema,
    model_serializer,
)
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_plain_validator_function

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.values.points import MOST_DECIMALS


class _Derived:
    """A property of a `Frozen` model that is computed once, and never belongs to a copy.

    It is kept in a slot, which copies, pickles and dumps of the model leave out: they compute it
    anew from the fields that they have.
    """

    def __init__(self, compute: Callable[[Any], Any]) -> None:
        """Derive the value of a model by ``compute``."""
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    def __get__(self, model: BaseModel | None, owner: type, /) -> Any:
        """The value of a model; of the class, the property itself."""
        if model is None:
            return self
        try:
            values: dict[str, Any] = model._derived  # type: ignore[attr-defined] # noqa: SLF001
        except AttributeError:
            values = {}
            object.__setattr__(model, "_derived", values)
        if self._name not in values:
            values[self._name] = self._compute(model)
        return values[self._name]


# To a type checker it is a property, which a protocol may ask for.
if TYPE_CHECKING:
    Derived = property
else:
    Derived = _Derived


class Frozen(BaseModel):
    """An immutable model that knows all of its keys.

    A dump of it holds what is not as it would be if it were left out, and so reads like its file:
    it validates again to an equal model.
    """

    __slots__ = ("_derived",)
    model_config = ConfigDict(
        frozen=True, extra="forbid", ignored_types=(_Derived,), defer_build=True
    )

    @model_serializer(mode="wrap")
    def _dump_without_defaults(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields = type(self).model_fields
        return {
            name: value
            for name, value in dump(self).items()
            if name not in fields
            or getattr(self, name) != fields[name].get_default(call_default_factory=True)
        }


def frozen_config(description: str) -> ConfigDict:
    """The configuration of an immutable model, with the ``description`` in its JSON schema."""
    return ConfigDict(frozen=True, json_schema_extra={"description": description})


class QuotedText(str):
    """Text that stood in quotes in its file, and so is no number even if it looks like one."""

    __slots__ = ()


Text = Annotated[str, StringConstraints(pattern=r"\S")]
"""Text that says something."""


def _refuse_empty(value: object) -> object:
    if value is None:
        kind = "empty_field"
        raise PydanticCustomError(kind, "empty")
    return value


def _refuse_empty_mapping(value: object) -> object:
    if value is None:
        kind = "empty_field"
        raise PydanticCustomError(kind, "empty", {"variant": "braces"})
    return value


IfGiven = BeforeValidator(_refuse_empty)
"""Refuses an empty value: a limit whose number was forgotten is not the same as no limit."""

MappingIfGiven = BeforeValidator(_refuse_empty_mapping)
"""Refuses an empty value where a mapping of nothing would do, and says how that is written."""


class LoadedWhenGiven:
    """Validates an optional part by its type, which is imported once a file has such a part.

    Most rubrics have few of the parts that there may be, and no run waits for the models of the
    others. To a type checker the field has the type itself.
    """

    def __init__(self, module: str, name: str) -> None:
        """The type has a ``name`` in a ``module``."""
        self._module = module
        self._name = name

    @cached_property
    def loaded_type(self) -> Any:
        """The type, which is imported the first time that somebody asks for it."""
        return getattr(import_module(self._module), self._name)

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.loaded_type)

    def _read(self, value: object) -> Any:
        return self._adapter.validate_python(value)

    def __get_pydantic_core_schema__(
        self, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read what is given, and look at nothing before."""
        return no_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The schema of the type, as if it were there from the start."""
        return handler(self._adapter.core_schema)


def as_written(value: object) -> str:
    """A value as it stands in a file, for a message: lists and mappings in one line."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(as_written, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {as_written(part)}' for key, part in value.items())}}}"
    return "" if value is None else str(value)


def choice_of(allowed: Sequence[str]) -> Callable[[object], str]:
    """A reader that takes the words ``allowed`` and says which those are."""

    def read(value: object) -> str:
        if value is None:
            kind = "empty_field"
            raise PydanticCustomError(kind, "choice")
        if as_written(value) not in allowed:
            kind = "value_not_allowed"
            context = {"value": as_written(value), "allowed": tuple(allowed)}
            raise PydanticCustomError(kind, "choice", context)
        return str(value)

    return read


def _one_of(numbers: range) -> Callable[[object], int]:
    read = choice_of([str(number) for number in numbers])
    return lambda value: int(read(value))


Few = Annotated[
    int,
    PlainValidator(_one_of(range(1, 100))),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 99}),
]
"""A whole number from 1 to 99."""

Decimals = Annotated[
    int,
    PlainValidator(_one_of(range(MOST_DECIMALS + 1))),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": MOST_DECIMALS}),
]
"""The number of decimals that points may carry."""


_WRITTEN = {"true": True, "false": False}
_read_word = choice_of(tuple(_WRITTEN))


def read_yes(value: object) -> bool:
    """``true`` or ``false`` of a file."""
    if isinstance(value, bool):
        return value
    return _WRITTEN[_read_word(value)]


Yes = Annotated[bool, PlainValidator(read_yes), WithJsonSchema({"type": "boolean"})]
"""``true`` or ``false``."""


def one_of(name: str, fields: Mapping[str, object]) -> Iterator[Finding]:
    """A finding about ``name`` unless exactly one of its ``fields`` has a value."""
    held = tuple(field for field, value in fields.items() if value)
    if len(held) != 1:
        parameters: dict[str, Parameter] = {"field": name, "known": tuple(fields), "held": held}
        yield Finding(Kind.NOT_ONE_OF, Place(), parameters, "several" if held else "")
