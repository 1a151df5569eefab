"""Chromium, which opens reports and prints them, without a window and without a network."""

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
SECONDS = 120
_RESULT = re.compile(r"<pre id=\"?result\"?>(.*?)</pre>", re.DOTALL)


class Browser:
    """Chromium with a profile of its own."""

    def __init__(self, folder: Path) -> None:
        """Keep the profile and all pages in an empty ``folder``."""
        self.folder = folder

    def _run(self, *options: str | Path) -> subprocess.CompletedProcess[str]:
        command = [
            *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *("--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={self.folder / 'own'}"),
            *map(str, options),
        ]
        return subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=SECONDS, encoding="utf-8"
        )

    def ask(self, page: str, script: str, width: int = 1200) -> Any:
        """What a script comes to in a page of so many pixels; it gives a value or a promise.

        The page stands in a frame, which may be narrower than a window can be, and without its
        policy, which lets no script run.
        """
        open_page = re.sub(r"<meta http-equiv=[^>]*>\n", "", page)
        frame = self.folder / "frame.html"
        frame.write_text(open_page, "utf-8")
        host = f"""<!DOCTYPE html><meta charset="utf-8"><pre id="result"></pre>
<iframe id="frame" width="{width}" height="900" src="frame.html"></iframe>
<script>
const frame = document.getElementById("frame");
frame.onload = async () => {{
  const view = frame.contentWindow, page = frame.contentDocument;
  let found;
  try {{ found = await (async () => {{ {script} }})(); }} catch (e) {{ found = String(e); }}
  document.getElementById("result").textContent = JSON.stringify(found);
}};
</script>"""
        path = self.folder / "host.html"
        path.write_text(host, "utf-8")
        options = ("--allow-file-access-from-files", "--virtual-time-budget=60000")
        done = self._run(*options, "--window-size=1400,1000", "--dump-dom", path.as_uri())
        found = _RESULT.search(done.stdout)
        assert found is not None, done.stderr
        return json.loads(unescape(found[1]))

    def open(self, page: str) -> str:
        """What Chromium writes to its log when it opens a page as it is."""
        path = self.folder / "page.html"
        path.write_text(page, "utf-8")
        return self._run("--enable-logging=stderr", "--v=0", "--dump-dom", path.as_uri()).stderr

    def printed(self, page: str) -> Path:
        """The page as PDF."""
        path, target = self.folder / "print.html", self.folder / "print.pdf"
        path.write_text(page, "utf-8")
        self._run("--no-pdf-header-footer", f"--print-to-pdf={target}", path.as_uri())
        return target
