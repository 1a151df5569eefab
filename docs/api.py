"""Write docs/api.md, the page on the library, from the docstrings of its public names.

    python docs/api.py

A test says when the page is out of date.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import epa_score
from epa_score.diagnostics import Diagnostic, Location
from epa_score.scoring import Placing

PAGE = Path(__file__).with_name("api.md")
HELD = (Placing, Diagnostic, Location)
"""The classes that one meets inside those that are public."""

HEAD = """\
# The library 作为程序库使用

`epa_score` 也是 Python 程序库：读评分细则和评分表、算分、排名，规则和错误检查与命令行完全相同。
下面十行给一个文件夹里的评分表排名，再交给 pandas。

`import epa_score` does in a program what the commands do: the same rules, checks and errors. These
ten lines rank a folder and hand the result to pandas:

```python
from pathlib import Path
import pandas
import epa_score

rubric = epa_score.load_rubric("township")
files = sorted(Path("scores").glob("*.yaml"))
results = [epa_score.score(rubric, epa_score.load_sheet(file, rubric)) for file in files]
ranking = epa_score.rank(rubric, results)
rows = [(rank, result.unit, result.total) for rank, result in ranking.everybody]
table = pandas.DataFrame(rows, columns=["rank", "unit", "total"])
print(table.to_string(index=False))
```

Points are `decimal.Decimal`, never floats, and pandas keeps them as they are. Without Python at
hand, [`export --csv --long`](json.md#export---csv---long-逐项得分) has everything as a table.

This page is made of the docstrings by `python docs/api.py`.
"""


def page() -> str:
    """The whole page."""
    public = [getattr(epa_score, name) for name in epa_score.__all__]
    functions = [own for own in public if inspect.isfunction(own)]
    classes = [own for own in public if inspect.isclass(own)]
    parts = [
        HEAD,
        "## Functions\n",
        *map(_function, functions),
        "## Classes\n",
        *map(_class, classes),
        "## What they hold\n",
        *map(_class, HELD),
    ]
    return "\n".join(parts)


def _function(function: Any) -> str:
    source = dedent(inspect.getsource(function))
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.FunctionDef)  # noqa: S101 -- `page` chose it
    body = node.body[0].lineno
    signature = "\n".join(source.splitlines()[node.lineno - 1 : body - 1])
    said = _said(inspect.getdoc(function) or "")
    return f"### `{function.__name__}`\n\n```python\n{signature}\n```\n\n{said}\n"


def _class(own: Any) -> str:
    (node,) = ast.parse(dedent(inspect.getsource(own))).body
    assert isinstance(node, ast.ClassDef)  # noqa: S101 -- `page` chose it
    said = _said(ast.get_docstring(node) or "")
    rows = [f"| `{name}` | {_said(' '.join(text.split()))} |" for name, text in _members(node)]
    table = ["| member | meaning |", "|---|---|", *rows, ""] if rows else []
    return "\n".join([f"### `{own.__name__}`", "", said, "", *table])


def _members(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """The fields with the texts below them, then properties and methods with their docstrings."""
    followers = [*node.body[1:], ast.Pass()]
    for part, follower in zip(node.body, followers, strict=True):
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            has_text = isinstance(follower, ast.Expr) and isinstance(follower.value, ast.Constant)
            yield part.target.id, str(follower.value.value) if has_text else ""  # type: ignore[attr-defined]
        elif isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
            is_method = not part.decorator_list
            taken = ", ".join(taken.arg for taken in part.args.args[1:])
            yield f"{part.name}({taken})" if is_method else part.name, ast.get_docstring(part) or ""


def _said(text: str) -> str:
    """A docstring as Markdown; a bar would end a cell of a table."""
    text = re.sub(r"``(.+?)``", r"`\1`", text.replace("|", "\\|"))
    return re.sub(r"\(decision:\s+([\w-]+)\)", r"([decision](DECISIONS.md#\1))", text)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8", newline="\n")
