"""The words of the tool, apart from the code: TOML files a language, looked up by dotted keys.

Nouns agree with the numbers before them.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from decimal import Decimal

_COUNTED = re.compile(
    r"\{(\w+)\} (points|units|decimals|deductions|levels|periods|assessors|score sheets|ranks)\b"
)
"""The nouns that follow a number in the catalogues of languages with plurals."""


def agree_nouns(text: str, parameters: Mapping[str, object]) -> str:
    """A text of a catalogue with its nouns in the singular where the number before them is 1."""

    def agree(counted: re.Match[str]) -> str:
        name, noun = counted.groups()
        return f"{{{name}}} {noun[:-1] if str(parameters.get(name)) == '1' else noun}"

    return _COUNTED.sub(agree, text)


LANGUAGES = ("zh_CN", "en")
"""Languages with a catalogue, the default first."""


def find_language(name: str | None) -> str | None:
    """The catalogue for a language or locale name such as ``zh``, ``zh-Hans`` or ``en_GB.UTF-8``.

    Returns ``None`` where no catalogue has that language.
    """
    spoken = (name or "").replace("-", "_").partition("_")[0].partition(".")[0].lower()
    for language in LANGUAGES:
        if spoken and spoken in (language.partition("_")[0], *_SYSTEM_NAMES[language]):
            return language
    return None


_SYSTEM_NAMES = {"zh_CN": ("chinese",), "en": ("english",)}
"""The names of the languages in the locale names of Windows."""


def choose_language(option: str | None, environment: Mapping[str, str], system: str | None) -> str:
    """Which language to speak: the option, ``EPA_SCORE_LANG``, the locale, else Chinese."""
    locale = next(
        (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)),
        system,
    )
    for name in (option, environment.get("EPA_SCORE_LANG"), locale):
        language = find_language(name)
        if language is not None:
            return language
    return LANGUAGES[0]


class Words:
    """The catalogue of one language."""

    def __init__(self, language: str) -> None:
        """Use the catalogue of ``language``, one of `LANGUAGES`; its files are read when needed."""
        self.language = language
        self._texts: dict[str, str] = {}
        self._groups: set[str] = set()
        parts = ("schema", "diagnostics", "results")
        self._unread = [*(f"{part}_{language}.toml" for part in parts), f"{language}.toml"]

    def __call__(self, key: str, **parameters: object) -> str:
        """The text under a dotted ``key``, with its placeholders filled in.

        Raises `KeyError` for a key that the catalogue lacks.
        """
        text = self.get(key)
        if text is None:
            raise KeyError(key)
        return agree_nouns(text, parameters).format_map(parameters)

    def get(self, key: str) -> str | None:
        """The raw text under a dotted ``key``, or ``None``."""
        group = key.partition(".")[0]
        while group not in self._groups and self._unread:
            self._read_next()
        return self._texts.get(key)

    def _read_next(self) -> None:
        """Read one more file; what few runs need comes last."""
        groups, texts = _entries(self._unread.pop())
        self._groups |= groups
        self._texts |= texts

    def keys(self) -> list[str]:
        """Every dotted key of the catalogue, in file order."""
        while self._unread:
            self._read_next()
        return list(self._texts)


@cache
def _entries(file: str) -> tuple[frozenset[str], Mapping[str, str]]:
    """The groups of a catalogue and its texts by dotted key, read once a process."""
    entries = tomllib.loads(Path(__file__).with_name(file).read_text("utf-8"))
    return frozenset(entries), _flatten(entries)


def _flatten(entries: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, entry in entries.items():
        key = prefix + name
        texts |= _flatten(entry, f"{key}.") if isinstance(entry, dict) else {key: entry}
    return texts


def plain(number: "Decimal") -> str:
    """An exact number without exponent and without trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
