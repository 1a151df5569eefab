"""Completion: what may come next on a command line, said as each shell wants to hear it.

The scripts are those of typer (``--install-completion``), which run the program with the line in
the environment. The answer is not: a name with a colon or a blank stays whole, nothing of a file
is run by a shell, and only what is completed is imported (see decision:
completion-is-answered-by-the-tool).
"""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from epa_score.cli.session import FINDINGS, FINE, Session
from epa_score.diagnostics.terminal_text import visible
from epa_score.values.rubric_names import find_rubric_names


class Candidate(NamedTuple):
    """A word that may stand where the cursor is, and what it is about."""

    word: str
    about: str = ""


class TypedLine(NamedTuple):
    """The words behind the name of the program, and the one that was begun, without quotes."""

    words: Sequence[str]
    begun: str


def complete(shell: str, session: Session) -> int:
    """Answer a shell, which has put the line into the environment; returns the exit code."""
    given = session.environment
    if shell == "bash":
        line, typed = _line_of_bash(given)
        found = candidates(line, session)
        session.write(filter(None, (_for_bash(candidate.word, typed) for candidate in found)))
        return FINE
    line = _line_of(given.get("_TYPER_COMPLETE_ARGS", ""))
    if shell == "zsh":
        session.write([_for_zsh(candidates(line, session))])
        return FINE
    if shell == "fish":
        found = candidates(line, session)
        if given.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
            return FINE if found else FINDINGS
        session.write(f"{candidate.word}\t{candidate.about}".rstrip() for candidate in found)
        return FINE
    if not given.get("_TYPER_COMPLETE_WORD_TO_COMPLETE") and line.begun:
        line = TypedLine([*line.words, line.begun], "")
    found = candidates(line, session)
    session.write(
        f"{_for_powershell(candidate.word)}:::{candidate.about or ' '}" for candidate in found
    )
    return FINE


# --- what may come next ----------------------------------------------------------------------


def candidates(line: TypedLine, session: Session) -> list[Candidate]:
    """What may stand in the place of the word that was begun; nothing where a file may."""
    option, equals, value = line.begun.partition("=")
    if equals and option.startswith("--"):
        own = _values(option, line.words, session)
        known = (Candidate(f"{option}={word}", about) for word, about in own or ())
        return _that_begin(f"{option}={value}", known)
    last = next((word for word in reversed(line.words) if word.startswith("-")), "")
    path = _command_path(line.words)
    if line.words[-1:] == [last] or (last, path[:1]) == ("--unit", ["form"]):
        own = _values(last, line.words, session)
        if own is not None:
            return _that_begin(line.begun, own)
    if line.begun.startswith("-"):
        return _that_begin(line.begun, _options(path, session))
    return _that_begin(line.begun, _arguments(path, session))


def _that_begin(begun: str, known: Iterable[Candidate]) -> list[Candidate]:
    """Those that begin with a text, whatever its case, with what they are about in one line."""
    begun = begun.casefold()
    found = (own for own in known if own.word.casefold().startswith(begun))
    return [Candidate(own.word, " ".join(visible(own.about).split())) for own in found]


def _command_path(words: Sequence[str]) -> list[str]:
    """The command, behind it the one of a group, as far as the line has come to them."""
    pairs = pairwise(("", *words))
    names = [word for last, word in pairs if word[:1] != "-" and last not in _BEFORE_COMMANDS]
    return names[: 2 if names[:1] == ["rubrics"] else 1]


_BEFORE_COMMANDS = ("--lang", "--color")
"""The options with a value that may stand before a command."""


def _arguments(path: Sequence[str], session: Session) -> Iterator[Candidate]:
    """Commands, and arguments that are no files."""
    if not path:
        from epa_score.cli.app import COMMANDS  # noqa: PLC0415 -- values need no typer

        for name in COMMANDS:
            yield Candidate(name, session.words(f"help.{name}").partition("\n")[0])
    elif path == ["rubrics"]:
        for name, command in _command(path, session).commands.items():
            yield Candidate(name, command.help.partition("\n")[0])
    elif path in (["rubrics", "show"], ["rubrics", "check"], ["schema"]):
        yield from _rubrics()
    elif path == ["explain"]:
        from epa_score.diagnostics import Kind  # noqa: PLC0415 -- few lines have codes

        for kind in Kind:
            explained = session.words.get(f"{kind.code}.explain") or ""
            yield Candidate(kind.code, explained.strip().partition("\n")[0])


def _command(path: Sequence[str], session: Session) -> Any:
    """The command that a line has come to; the program itself where there is none."""
    from epa_score.cli.app import COMMANDS, command_of, program  # noqa: PLC0415 -- as above

    if not path or path[0] not in COMMANDS:
        return program(session.words)
    command = command_of(path[0], session.words)
    inner = getattr(command, "commands", {})
    return inner.get(path[1], command) if len(path) > 1 else command


def _options(path: Sequence[str], session: Session) -> Iterator[Candidate]:
    """The options of a command, and behind them those that may stand anywhere."""
    parameters = [*_command(path, session).params, *_command([], session).params]
    names = {name: own for own in parameters for name in own.opts if name.startswith("--")}
    for name, own in names.items():
        if not getattr(own, "hidden", False):
            yield Candidate(name, own.help or "")
    yield Candidate("--help", session.words("help.help"))


def _values(option: str, words: Sequence[str], session: Session) -> Iterable[Candidate] | None:
    """The values that an option may have, none where any may; ``None`` where it takes no value."""
    if option == "--rubric":
        return _rubrics()
    if option in ("--unit", "--item"):
        return _parts_of_rubric(option, words)
    for parameter in (
        *_command(_command_path(words), session).params,
        *_command([], session).params,
    ):
        if option in parameter.opts and not parameter.is_flag:
            choices = str(parameter.metavar)
            return map(Candidate, choices.split("|")) if re.fullmatch("[a-z|]+", choices) else ()
    return None


def _rubrics() -> Iterator[Candidate]:
    return map(Candidate, sorted(find_rubric_names(".")))


def _parts_of_rubric(option: str, words: Sequence[str]) -> Iterator[Candidate]:
    """The units, or sections, items, adjustments and vetoes, of the rubric that the line names."""
    from epa_score.diagnostics import InputError  # noqa: PLC0415 -- few lines name a rubric
    from epa_score.readers import load_rubric  # noqa: PLC0415 -- likewise

    line = [part for word in words for part in word.split("=", 1)]
    names = [value for name, value in pairwise(line) if name == "--rubric"]
    try:
        rubrics = [load_rubric(name) for name in names]
    except InputError:
        return
    found: dict[str, str] = {}
    for rubric in rubrics:
        if option == "--unit":
            found |= dict.fromkeys(rubric.known_units, "")
            continue
        found |= {section.id: section.title for section in rubric.all_sections}
        found |= {item.id: item.text for part in rubric.all_sections for item in part.all_items}
        lists = rubric.adjustments.lists() if rubric.adjustments is not None else ()
        found |= {item.id: item.text for _, own in lists for item in own.items}
        found |= {veto.id: veto.text for veto in rubric.veto}
    yield from (Candidate(word, about) for word, about in found.items())


# --- what the shells say ---------------------------------------------------------------------


def _line_of(text: str) -> TypedLine:
    """The words of a line up to the cursor, the program first, as a shell would read them."""
    *whole, begun = _split(text)[1:] or [""]
    return TypedLine(whole, begun)


def _split(text: str) -> list[str]:
    """The words of a text, the last one as far as it was begun."""
    lexer = shlex.shlex(text, posix=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    words: list[str] = []
    try:
        words.extend(iter(lexer.get_token, None))
    except ValueError:  # a quote or an escape is open
        words.append(lexer.token)
    else:
        if text[-1:].isspace():
            words.append("")
    return words


_BREAKS = re.compile("[:=]+")
"""The words into which bash takes apart what holds such a sign."""


def _line_of_bash(given: Mapping[str, str]) -> tuple[TypedLine, str]:
    """The line as it was before bash took it apart, and the last word with its quotes."""
    text = given.get("COMP_WORDS", "")
    parts = text.split("\n") if "\n" in text else text.split(" ")
    parts = [*parts, ""][: int(given.get("COMP_CWORD", "0")) + 1]
    words: list[str] = []
    is_glued = True
    for part in parts:
        is_break = _BREAKS.fullmatch(part) is not None
        if words and (is_glued or is_break) and len(words) > 1:
            words[-1] += part
        else:
            words.append(part)
        is_glued = is_break
    *whole, begun = words[1:] or [""]
    plain = ["".join(_split(word)) for word in whole]
    return TypedLine(plain, "".join(_split(begun))), begun


_SPECIAL = re.compile(r"""[\s!"#$&'()*;<>?\[\\\]^`{|}~]""")
"""The signs that mean something to bash in a word without quotes."""


_CLOSED = re.compile(r"""(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^'"\\])*""", re.DOTALL)
"""A word as far as no quote is open."""

_ESCAPED_IN_QUOTES = {'"': re.compile(r'["$`\\]'), "'": re.compile(r"(?!)")}
"""The signs that mean something in such quotes, and nothing behind a backslash."""

_BROKEN_OUT_OF_QUOTES = {'"': re.compile(r"[!*?\[]"), "'": re.compile(r"['\\*?\[]")}
"""Those that a backslash hides outside of the quotes alone; bash looks for files by some."""


def _for_bash(word: str, typed: str) -> str:
    """What bash puts behind the last sign that it takes for the end of a word.

    That is an open quote where there is one. Nothing where the text would begin with that quote,
    which bash would take for the open one. Behind one at its end bash puts none that closes.
    """
    rest = _CLOSED.sub("", typed, count=1)
    begun = "".join(_split(typed.removesuffix(rest)))
    quote = rest[:1]
    if quote in _ESCAPED_IN_QUOTES:
        text = _ESCAPED_IN_QUOTES[quote].sub(r"\\\g<0>", word[len(begun) :])
        text = _BROKEN_OUT_OF_QUOTES[quote].sub(rf"{quote}\\\g<0>{quote}", text)
        return "" if text.startswith(quote) else text + quote * text.endswith(quote)
    return _SPECIAL.sub(r"\\\g<0>", word[max(begun.rfind(":"), begun.rfind("=")) + 1 :])


def _for_zsh(found: Sequence[Candidate]) -> str:
    """What zsh evaluates: a list of words in quotes of which it takes each sign as it is."""
    if not found:
        return "_files"
    words = (own.word.replace("\\", "\\\\").replace(":", "\\:") for own in found)
    pairs = zip(words, found, strict=True)
    listed = " ".join(
        _zsh_quoted(f"{word}:{own.about}" if own.about else word) for word, own in pairs
    )
    return f"local -a epa_score_found; epa_score_found=({listed}); _describe '' epa_score_found"


def _zsh_quoted(text: str) -> str:
    signs = (
        sign if sign.isalnum() else "".join(f"\\x{byte:02x}" for byte in sign.encode())
        for sign in text
    )
    return f"$'{''.join(signs)}'"


def _for_powershell(word: str) -> str:
    """A word in quotes where it needs some; PowerShell takes five signs for a single quote."""
    plain = re.fullmatch(r"[\w\-./=]+", word)
    return word if plain else "'" + re.sub("(['\u2018-\u201b])", r"\1\1", word) + "'"
