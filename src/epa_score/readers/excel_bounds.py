"""What a workbook may hold, so that it is read in a moment: no more work than openpyxl can do."""

from collections import Counter
from posixpath import basename, dirname, join, normpath

from epa_score.diagnostics import Kind
from epa_score.readers.excel.archive import Part, read_parts
from epa_score.readers.excel.budget import MOST_WORK, WorkOfPart
from epa_score.readers.excel_refused import RefusedError

_CHAIN = 4
"""Workbook, worksheet, drawing, chart: how far references are followed."""

_XML_BYTES, _BYTES = 25, 200
"""Bytes that are read in a millionth of a second."""

_TEXT = 300
"""Characters of a text that are looked at in a millionth of a second, again for every cell."""


def inspect(data: bytes) -> None:
    """Look at every part of a workbook's file before openpyxl does. Raises `RefusedError`."""
    works: dict[str, WorkOfPart] = {}

    def reader_of(name: str) -> WorkOfPart:
        works[name] = WorkOfPart(name)
        return works[name]

    parts = list(read_parts(data, reader_of))
    prices = {one.name: _price(one, works[one.name]) for one in parts}
    times = _times_read(works)
    texts = sum(one.cells.texts for one in works.values())
    longest = max(one.longest_text for one in works.values())
    work = sum(price * times[name] for name, price in prices.items())
    if work + texts * longest / _TEXT > MOST_WORK:
        raise RefusedError(Kind.WORKBOOK_TOO_LARGE)


def _price(part: Part, work: WorkOfPart) -> float:
    return work.close() + part.size / (_XML_BYTES if part.is_xml else _BYTES)


def _times_read(works: dict[str, WorkOfPart]) -> Counter[str]:
    """How often each part is read at most: as often as chains of references lead to it."""
    references = _references(works)
    most = chains = Counter(dict.fromkeys(works, 1))
    for _ in range(_CHAIN):
        following: Counter[str] = Counter()
        for (source, target), times in references.items():
            following[target] += chains[source] * times
        chains, most = following, most | following
    return most


def _references(works: dict[str, WorkOfPart]) -> Counter[tuple[str, str]]:
    """How often each part makes openpyxl read each other part."""
    references: Counter[tuple[str, str]] = Counter()
    for name, work in works.items():
        source = join(dirname(dirname(name)), basename(name).removesuffix(".rels"))
        if not work.relations or source not in works:
            continue
        owner = works[source]
        references[source, name] += 1
        for one in work.relations:
            folder = "" if one.target.startswith("/") else dirname(source)
            target = normpath(join(folder, one.target.lstrip("/")))
            again = owner.repeated[one.identity] * owner.sheets
            references[source, target] += max(1, owner.identities[one.identity]) + again
    return Counter({pair: times for pair, times in references.items() if pair[1] in works})
