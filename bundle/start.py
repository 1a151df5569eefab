"""What 开始考核 does: run the assessment whose folder was dropped on it, or make a new one.

This file lies in the bundles, whose offices read Chinese.
"""

import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

EXPLANATION = """\
用法：把一个考核文件夹拖到“开始考核”上，就会检查收到的评分表；都没有问题时得出考核结果。
这次没有拖入文件夹，下面新建一个考核，请回答三个问题（按 Ctrl+C 取消）。
新的考核文件夹建在：{folder}
"""
MADE = "建好了。把各单位交来的评分表放进“收到的评分表”，再把整个考核文件夹拖到“开始考核”上。"
DROP_ONE = "请只拖一个考核文件夹到“开始考核”上，不要拖文件，也不要一次拖多个。拖入的是："
PRESS_ENTER = "按回车键关闭窗口："

_FROM_EXPLORER = re.compile(r'/c +""[^"]+" *(?P<dropped>.*)" *', re.IGNORECASE)
"""How Explorer starts a batch file: ``cmd /c ""C:\\a.cmd" C:\\b&c "C:\\d e""``."""


def dropped_paths(command_line: str, arguments: Sequence[str]) -> list[str]:
    """The paths that were dropped, as Explorer gave them, else as they were typed.

    Explorer quotes those with a space alone. What cmd makes of the others is no argument but a
    command, so they are taken from the command line as it was.
    """
    started = _FROM_EXPLORER.search(command_line)
    if not started:
        return list(arguments)
    return [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|([^ "]+)', started[1])]


def start(
    dropped: Sequence[str],
    bundle: Path,
    epa_score: Callable[[Sequence[str]], int],
    ask: Callable[[str], str] = input,
) -> int:
    """Do what was asked for by dropping, and return the exit code."""
    if not dropped:
        return _make_new(place_beside(bundle), epa_score, ask)
    folder = Path(dropped[0]).absolute()
    if len(dropped) > 1 or not folder.is_dir():
        print(DROP_ONE, *dropped, sep="\n")
        return 2
    return epa_score(["run", str(folder), "--open"])


def place_beside(bundle: Path) -> Path:
    """The folder that the archive was unpacked in; Explorer puts one of its name in between.

    An assessment in the bundle, or in that folder, would go with them when a newer one comes.
    """
    place = bundle.parent
    own = rf"{re.escape(bundle.name)}|epa-score(-\d[\w.+]*)?-(windows|linux)[\w.-]*"
    return place.parent if re.fullmatch(rf"({own})( ?\(\d+\))?", place.name) else place


def _make_new(
    place: Path, epa_score: Callable[[Sequence[str]], int], ask: Callable[[str], str]
) -> int:
    """Make a new assessment beside the bundle, and say where."""
    print(EXPLANATION.format(folder=place), flush=True)
    os.chdir(place)
    code = epa_score(["new"])
    if code == 0:
        try:
            ask(f"\n{MADE}\n{PRESS_ENTER}")
        except (EOFError, KeyboardInterrupt):  # somebody closes the window otherwise
            print()
    return code


def main(arguments: Sequence[str], bundle: Path) -> int:
    """Start in Chinese, unless another language is set."""
    os.environ.setdefault("EPA_SCORE_LANG", "zh")
    from epa_score.cli.main import main as epa_score  # noqa: PLC0415 -- its language is set first

    command_line = os.environ.pop("EPA_SCORE_COMMAND_LINE", "")
    return start(dropped_paths(command_line, arguments), bundle, epa_score)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parents[1]))
