"""yaml-language-server over stdio: what an editor shows while somebody types."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any, NamedTuple

from tests.support.paths import ROOT

SERVER = ROOT / "tests/browser/node_modules/yaml-language-server/bin/yaml-language-server"
NODE = shutil.which("node") or ""
SECONDS = 120
"""How long a server may take for all that it is asked."""


class Shown(NamedTuple):
    """A file in an editor: its address, its lines, and what is marked in it."""

    uri: str
    lines: list[str]
    marks: list[dict[str, Any]]


class LanguageServer:
    """The server with a folder that somebody works in."""

    def __init__(self, process: "subprocess.Popen[bytes]", folder: Path) -> None:
        """Speak with a process that was just started."""
        self._process = process
        self._number = 0
        settings = (folder / ".vscode" / "settings.json").read_text("utf-8")
        self._schemas = json.loads(settings)["yaml.schemas"]
        self.ask(
            "initialize",
            processId=None,
            rootUri=folder.as_uri(),
            workspaceFolders=[{"uri": folder.as_uri(), "name": "work"}],
            capabilities={
                "textDocument": {
                    "completion": {"completionItem": {"snippetSupport": True}},
                    "hover": {"contentFormat": ["markdown"]},
                    "publishDiagnostics": {},
                },
                "workspace": {"configuration": True, "workspaceFolders": True},
            },
        )
        self._send({"method": "initialized", "params": {}})

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        """The next message; what the server asks for is answered on the way."""
        output = self._process.stdout
        assert output is not None
        length = 0
        while line := output.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server has ended"
        message: dict[str, Any] = json.loads(output.read(length))
        if "id" in message and "method" in message:
            self._send({"id": message["id"], "result": self._answer(message)})
        return message

    def _answer(self, message: dict[str, Any]) -> Any:
        if message["method"] != "workspace/configuration":
            return None
        about = {"schemas": self._schemas, "validate": True, "hover": True, "completion": True}
        known = {"yaml": {**about, "schemaStore": {"enable": False}}}
        return [known.get(item["section"]) for item in message["params"]["items"]]

    def ask(self, method: str, **params: Any) -> Any:
        """The result of a request."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def open(self, path: Path, text: str) -> Shown:
        """Open a file with a text, and wait for what is marked in it."""
        uri = path.as_uri()
        about = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": about}})
        while True:
            message = self._receive()
            if message.get("method") == "textDocument/publishDiagnostics":
                params = message["params"]
                if params["uri"] == uri:
                    return Shown(uri, text.split("\n"), params["diagnostics"])

    def _at(self, shown: Shown, line: int, character: int) -> dict[str, Any]:
        position = {"line": line, "character": character}
        return {"textDocument": {"uri": shown.uri}, "position": position}

    def hover(self, shown: Shown, text: str) -> str:
        """What is shown where the mouse stands on the beginning of a text."""
        line = next(number for number, own in enumerate(shown.lines) if text in own)
        at = self._at(shown, line, shown.lines[line].index(text))
        found = self.ask("textDocument/hover", **at)
        return str(found["contents"]["value"]) if found else ""

    def complete(self, shown: Shown, line: int, character: int) -> list[dict[str, Any]]:
        """What may stand at a place."""
        found = self.ask("textDocument/completion", **self._at(shown, line, character))
        items: list[dict[str, Any]] = found["items"]
        return items


@contextmanager
def language_server(folder: Path) -> Iterator[LanguageServer]:
    """Start the server in a folder, and end it; one that does not answer is ended as well."""
    command = [NODE, str(SERVER), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        watch = Timer(SECONDS, process.kill)
        watch.start()
        try:
            yield LanguageServer(process, folder)
        finally:
            watch.cancel()
            process.kill()
