"""Help pages in both languages, and the catalogue of words that they come from."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from tests.support.commands import Run
from tests.support.paths import ROOT

from epa_score.cli.app import program
from epa_score.cli.help import CommandGroup
from epa_score.cli.session import Session
from epa_score.i18n import LANGUAGES, Words

SOURCE = ROOT / "src" / "epa_score"
SESSION = Session(Words("zh_CN"))
APP = program(SESSION.words)


def names_in(command: Any) -> list[str]:
    """The names of the commands of a group; none of a command that is not a group."""
    context = typer.Context(command, obj=SESSION)
    return command.list_commands(context) if isinstance(command, CommandGroup) else []


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group, with the words that lead to it."""
    yield path, command
    for name in names_in(command):
        inner = command.get_command(typer.Context(command, obj=SESSION), name)
        yield from commands(inner, (*path, name))


COMMANDS = dict(commands(APP))
PAGES = [(path, lang) for path in COMMANDS for lang in ("zh", "en")]
NAMES = [f"{'-'.join(path) or 'epa-score'}-{lang}" for path, lang in PAGES]


def cells(text: str) -> int:
    """The cells of a terminal that a text takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def page(run: Run, path: tuple[str, ...], lang: str, width: int = 100) -> str:
    outcome = run(*path, "--help", lang=lang, env={"COLUMNS": str(width)})
    assert (outcome.code, outcome.err) == (0, b"")
    return outcome.text


def parameters(path: tuple[str, ...]) -> list[Any]:
    """The options and arguments that a help page shows."""
    command = COMMANDS[path]
    context = typer.Context(command)
    return [one for one in command.get_params(context) if not getattr(one, "hidden", False)]


def test_every_command_of_the_design_is_there() -> None:
    names = {path[0] for path in COMMANDS if path}
    assert {"validate", "total", "rank", "export", "form", "explain", "rubrics"} <= names
    assert {("rubrics", "list"), ("rubrics", "show")} <= set(COMMANDS)


@pytest.mark.parametrize(("path", "lang"), PAGES, ids=NAMES)
def test_every_option_argument_and_command_has_a_text(
    run: Run, path: tuple[str, ...], lang: str
) -> None:
    lines = page(run, path, lang).splitlines()
    shown = parameters(path)
    assert shown
    names = [
        max(one.opts, key=len) if one.opts[0].startswith("-") else one.metavar for one in shown
    ]
    for name in [*names, *names_in(COMMANDS[path])]:
        number = next(
            number
            for number, line in enumerate(lines)
            if re.match(rf"  (-\w, )?{re.escape(name)}(\s|$)", line)
        )
        _, _, about = lines[number].strip().partition("  ")
        assert about.strip() or lines[number + 1].startswith(" " * 10), lines[number]
    assert any(line and not line.startswith(" ") for line in lines[1:])


@pytest.mark.parametrize(("path", "lang"), PAGES, ids=NAMES)
def test_no_page_shows_a_key_of_the_catalogue(run: Run, path: tuple[str, ...], lang: str) -> None:
    assert not re.search(r"\b(help|cli|usage|report)\.[a-z_]+", page(run, path, lang))


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: "-".join(path) or "epa-score")
def test_chinese_pages_hold_no_english(run: Run, path: tuple[str, ...]) -> None:
    text = page(run, path, "zh")
    metavars = [str(one.metavar or "") for one in parameters(path)]
    metavars += list(COMMANDS[path].collect_usage_pieces(typer.Context(APP)))
    known = {word for one in metavars for word in re.findall(r"[A-Za-z]+", one)}
    known |= {word for one in COMMANDS for word in one}
    known |= {"OPTIONS", "COMMAND", "ARGS", "zh", "en", "auto", "always", "never"}
    known |= {
        "Excel",
        "Markdown",
        "CSV",
        "JSON",
        "YAML",
        "github",
        "sarif",
        "json",
        "yaml",
        "table",
    }
    known |= {
        "full",
        "concise",
        "competition",
        "dense",
        "township",
        "scores",
        "forms",
        "EPA",
        "SCORE",
        "LANG",
    }
    known |= {"epa", "score", "xlsx", "csv", "md", "Word", "word", "VS", "Code"}
    known |= {"rubric", "assessment", "composite"}
    words = re.findall(r"[A-Za-z]+", re.sub(r"(?<!\w)--?[a-z-]+", " ", text))
    assert words
    assert [word for word in words if word not in known] == []


def test_english_pages_hold_no_chinese_but_the_name_of_the_file(run: Run) -> None:
    assert COMMANDS
    for path in COMMANDS:
        text = page(run, path, "en")
        for name in ("file", "notice_file", "feedback_file"):
            text = text.replace(Words("en")(f"sheet.{name}"), "")
        assert not re.search("[\u2e80-\uffef]", text), path


@pytest.mark.parametrize("width", [80, 40])
@pytest.mark.parametrize(("path", "lang"), PAGES, ids=NAMES)
def test_pages_fit_the_terminal(run: Run, path: tuple[str, ...], lang: str, width: int) -> None:
    lines = page(run, path, lang, width).splitlines()
    assert lines
    assert [line for line in lines if cells(line) > width] == []


@pytest.mark.parametrize("width", [1, 10, 20])
def test_pages_lose_no_text_on_the_narrowest_terminal(run: Run, width: int) -> None:
    for path in COMMANDS:
        wide, narrow = page(run, path, "zh", 200), page(run, path, "zh", width)
        assert "".join(narrow.split()) == "".join(wide.split())


# --- the catalogue ---------------------------------------------------------------------------


def patterns() -> tuple[set[str], list[re.Pattern[str]]]:
    """Every text in the source, and every text with something filled in as a pattern."""
    plain: set[str] = set()
    composed: list[re.Pattern[str]] = []
    for path in SOURCE.rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        pieces = {
            id(part) for one in nodes if isinstance(one, ast.JoinedStr) for part in one.values
        }
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                plain |= {node.value} if id(node) not in pieces else set()
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(part.value)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                    else "(.+)"
                    for part in node.values
                ]
                if re.match(r"[a-z]", parts[0]) and "." in parts[0]:
                    composed.append(re.compile("".join(parts)))
    return plain, composed


def test_every_word_of_the_catalogue_is_used() -> None:
    """A key stands in the source as it is, or is put together from texts that stand there.

    Those of the fields of files are looked at in `tests/model/test_json_schema.py`.
    """
    plain, composed = patterns()
    assert composed
    templates = [*(ROOT / "src").rglob("*.j2")]
    assert templates
    for template in templates:
        plain |= set(re.findall(r'words\("([a-z_.]+)"', template.read_text("utf-8")))
    apart = ("EPA", "file_field.")
    keys = [key for key in Words(LANGUAGES[0]).keys() if not key.startswith(apart)]  # noqa: SIM118
    assert keys
    unused = [
        key
        for key in keys
        if key not in plain
        and not any(
            all(part in plain for part in match.groups())
            for one in composed
            if (match := one.fullmatch(key)) is not None
        )
    ]
    assert unused == []


def test_every_variant_of_a_diagnostic_is_used() -> None:
    plain, _ = patterns()
    variants = {
        key.partition(".")[2].partition("_")[2].removesuffix("_form")
        for key in Words(LANGUAGES[0]).keys()  # noqa: SIM118
        if key.startswith("EPA")
    } - {""}
    assert variants
    assert variants - plain == set()


def test_every_word_that_the_source_asks_for_is_in_the_catalogue() -> None:
    plain, _ = patterns()
    keys = {key for language in LANGUAGES for key in Words(language).keys()}  # noqa: SIM118
    tables = {key.partition(".")[0] for key in keys if not key.startswith("EPA")}
    asked = {text for text in plain if re.fullmatch(rf"({'|'.join(tables)})\.[a-z_0-9]+", text)}
    assert asked
    assert asked - keys == set()
