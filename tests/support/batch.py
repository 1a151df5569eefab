"""As much of cmd.exe as 开始考核.cmd asks for, so that its branches are walked where cmd is not.

It knows two phases as cmd does: ``%`` is filled in before a line is taken apart, ``!`` after.
Whatever else a line holds is an error, so that the script stays as simple as this.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PureWindowsPath


@dataclass
class Batch:
    """A batch file that runs: what it started and showed, and how it ended."""

    script: PureWindowsPath
    text: str
    files: frozenset[str]
    """The files that there are, below the folder of the script."""
    command_line: str
    """The command line of the cmd that runs it."""
    program: Callable[[Sequence[str], dict[str, str]], int]
    """What each program that it starts does with its arguments and the environment."""
    arguments: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    pauses: int = 0
    closes_cmd: bool | None = None
    code: int = 0
    delayed: bool = False

    def run(self) -> None:
        """Run every line up to an ``exit``."""
        lines = self.text.split("\r\n")
        labels = {line[1:]: number for number, line in enumerate(lines) if line[:1] == ":"}
        number = 0
        while self.closes_cmd is None:
            label = self._do(self._filled_in(lines[number]))
            number = labels[label] if label else number + 1

    def _filled_in(self, line: str) -> str:
        folder = f"{self.script.parent}\\"
        return line.replace("%~dp0", folder).replace("%*", self.arguments)

    def _late(self, text: str) -> str:
        """The text with its ``!variables!``, what they hold being final."""

        def value(match: re.Match[str]) -> str:
            name, searched, replacement = match.groups()
            held = {"CMDCMDLINE": self.command_line, **self.variables}.get(name.upper(), "")
            if searched:
                return re.sub(re.escape(searched), lambda _: replacement, held, flags=re.IGNORECASE)
            return held

        return re.sub(r"!(\w+)(?::([^=!]+)=([^!]*))?!", value, text) if self.delayed else text

    def _do(self, line: str) -> str:
        """Do one line; what it returns is the label that is gone to."""
        if line in ("", "@echo off") or line.startswith((":", "rem ")):
            return ""
        if condition := re.fullmatch(r'if (not )?exist "(.*?)" (.*)', line):
            holds = self._late(condition[2]) in self.files
            return "" if holds == bool(condition[1]) else self._do(condition[3])
        if condition := re.fullmatch(r'if (not )?"(.*?)"=="(.*?)" (.*)', line):
            holds = self._late(condition[2]) == self._late(condition[3])
            return "" if holds == bool(condition[1]) else self._do(condition[4])
        command, _, rest = line.partition(" ")
        return self._run_command(command, rest, line)

    def _run_command(self, command: str, rest: str, line: str) -> str:
        if command == "goto":
            return rest
        if command == "setlocal":
            self.delayed = "EnableDelayedExpansion" in rest
        elif command == "set":
            name, _, value = (rest[1:-1] if rest[0] == '"' else rest).partition("=")
            self.variables[name.upper()] = self._late(value)
        elif command == "echo":
            self.shown.append(rest)
        elif command == "pause":
            self.pauses += 1
        elif command == "exit":
            self.closes_cmd = not rest.startswith("/b ")
            self.code = int(self._late(rest.removeprefix("/b ")))
        else:
            words = re.findall(r'((?:[^\s"]|"[^"]*")+)', self._late(line))
            started = [word.replace('"', "") for word in words]
            self.variables["ERRORLEVEL"] = str(self.program(started, dict(self.variables)))
        return ""
