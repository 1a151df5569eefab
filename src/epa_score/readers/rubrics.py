"""Rubric files, and the library of rubrics: the one place that resolves rubric names."""

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from epa_score.checks import check_rubric
from epa_score.diagnostics import (
    Diagnostic,
    Finding,
    InputError,
    Kind,
    Location,
    Parameter,
    Place,
    in_order,
)
from epa_score.diagnostics.finding import SheetPlace, first_known
from epa_score.diagnostics.nearest import NameIndex
from epa_score.i18n import Words
from epa_score.model import Rubric, same_name_key
from epa_score.readers.files import READERS, locate, read_file, sha256_of
from epa_score.readers.source import Source
from epa_score.readers.to_model import to_model
from epa_score.values.rubric_names import (
    RUBRIC_NAME,
    RUBRIC_SUFFIXES,
    find_rubric_names,
    shipped_folder,
)


class RubricFile(NamedTuple):
    """A rubric with the file that it came from; ``rubric`` is ``None`` where that is faulty."""

    path: str
    data: bytes
    rubric: Rubric | None
    diagnostics: tuple[Diagnostic, ...]
    shipped: bool = False

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file, in hexadecimal."""
        return sha256_of(self.data)

    def origin(self, words: Words) -> str:
        """The path for people: a shipped file is named as such."""
        return words("cli.shipped", name=self.path) if self.shipped else self.path


class SoundRubric(NamedTuple):
    """A rubric that is fit for use, and its file."""

    file: RubricFile
    rubric: Rubric


def read_rubric(path: str, shown: str | None = None, *, shipped: bool = False) -> RubricFile:
    """Read a rubric file and report it under the name ``shown``."""
    content = read_file(path, shown)
    return rubric_of(content.data, content.source, shipped=shipped)


def rubric_of(data: bytes, source: Source, *, shipped: bool = False) -> RubricFile:
    """The rubric in a source that was read."""
    rubric, findings = to_model(source, Rubric)
    if rubric is not None:
        findings = findings + check_rubric(rubric)
    diagnostics = in_order(source.diagnose(findings))
    return RubricFile(source.path, data, None if findings else rubric, diagnostics, shipped)


def remarks_on(file: RubricFile) -> tuple[Diagnostic, ...]:
    """What an office would ask about the wording of a rubric, as far as its file can be read."""
    from epa_score.checks.wording import remarks_on_wording  # noqa: PLC0415 -- one command asks

    source = READERS[".yaml"](file.path, file.data)[0]
    rubric, _ = to_model(source, Rubric)
    if rubric is None:
        return ()
    return in_order(source.diagnose(list(remarks_on_wording(rubric))))


@dataclass(slots=True)
class RubricLibrary:
    """The rubrics at hand: a given file, then ``rubrics/`` of a folder, then the shipped ones.

    Each file is read once.
    """

    folder: str = "."
    given: RubricFile | None = None
    _known: dict[str, RubricFile | None] = field(default_factory=dict)
    _index: NameIndex | None = None
    _listing: dict[str, list[str]] | None = None

    def select(self, name_or_path: str) -> SoundRubric:
        """The rubric of ``--rubric``: a path, else a name.

        It becomes the rubric of all sheets that name its id. Raises `InputError` where it is
        missing or faulty.
        """
        is_file = os.path.isfile(name_or_path)
        found = read_rubric(name_or_path) if is_file else self.find(name_or_path)
        selected = self._require_sound(found, name_or_path)
        self.given = selected.file
        return selected

    def require(self, name: str) -> SoundRubric:
        """The rubric of a name. Raises `InputError` where it is missing or faulty."""
        return self._require_sound(self.find(name), name)

    def _require_sound(self, found: RubricFile | None, name: str) -> SoundRubric:
        if found is None:
            finding = self.not_found(name, Place())
            raise InputError([finding.at(Location("--rubric"))])
        if found.rubric is None:
            raise InputError(found.diagnostics)
        return SoundRubric(found, found.rubric)

    def not_found(self, name: str, place: Place) -> Finding:
        """The finding that no rubric has a name."""
        if self._index is None:
            self._index = NameIndex(self.names())
        alike = self._index.nearest(name)
        parameters: dict[str, Parameter] = {
            "rubric": name,
            "nearest": alike or "",
            **first_known(self._index.names),
        }
        return Finding(Kind.RUBRIC_NOT_FOUND, place, parameters, "nearest" if alike else "")

    def find(self, name: str) -> RubricFile | None:
        """The rubric that a sheet names; names never lead out of the rubric folders."""
        if self.given is not None and self.given.rubric and self.given.rubric.id == name:
            return self.given
        if name not in self._known:
            self._known[name] = self._search(name) if RUBRIC_NAME.fullmatch(name) else None
        return self._known[name]

    def hiding(self, name: str) -> str:
        """The file in ``rubrics/`` that is used in place of another, shipped rubric of a name.

        Empty where there is none, or where the two are equal.
        """
        own, shipped = self._own_file(name), shipped_folder() / f"{name}.yaml"
        if not own or not shipped.is_file() or (self.given and self.given.path != own):
            return ""
        try:
            return "" if Path(own).read_bytes() == shipped.read_bytes() else own
        except OSError:  # what is wrong with it is said where it is read
            return ""

    def require_file_name(self, found: RubricFile) -> RubricFile:
        """A rubric in ``rubrics/`` can be used by its name alone: it is refused under another."""
        folder, name = os.path.split(os.path.abspath(found.path))
        if folder != os.path.abspath(os.path.join(self.folder, "rubrics")):
            return found
        return _require_id(found, os.path.splitext(name)[0])

    def own_files(self) -> list[str]:
        """The files in ``rubrics/``, sorted, whatever their names are."""
        folder = os.path.join(self.folder, "rubrics")
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        paths = [os.path.join(folder, name).removeprefix(f".{os.sep}") for name in names]
        return [path for path in paths if path.endswith(RUBRIC_SUFFIXES)]

    def names(self) -> list[str]:
        """Every name that can be found, sorted."""
        names = find_rubric_names(self.folder)
        if self.given is not None and self.given.rubric is not None:
            names.add(self.given.rubric.id)
        return sorted(names)

    def that_list(self, unit: str, *, shipped_only: bool) -> Iterator[str]:
        """The names of the rubrics that list a unit."""
        if self._listing is None:
            self._listing = self._list_units()
        for name in self._listing.get(same_name_key(unit), ()):
            found = self.find(name)
            if found is not None and (found.shipped or not shipped_only):
                yield name

    def _list_units(self) -> dict[str, list[str]]:
        """The names of the rubrics that list a unit, by its `same_name_key`."""
        listing: dict[str, list[str]] = defaultdict(list)
        for name in self.names():
            found = self.find(name)
            if found is not None and found.rubric is not None:
                for key in dict.fromkeys(map(same_name_key, found.rubric.known_units)):
                    listing[key].append(name)
        return dict(listing)

    def _own_file(self, name: str) -> str:
        """The file of a name in ``rubrics/`` of the folder; empty where there is none."""
        for suffix in RUBRIC_SUFFIXES:
            own = os.path.join(self.folder, "rubrics", f"{name}{suffix}")
            if os.path.lexists(own):
                return own.removeprefix(f".{os.sep}")
        return ""

    def _search(self, name: str) -> RubricFile | None:
        own = self._own_file(name)
        if own:
            return _require_id(read_rubric(own), name)
        shipped = shipped_folder() / f"{name}.yaml"
        if shipped.is_file():
            return read_rubric(str(shipped), shipped.name, shipped=True)
        return None


def _require_id(found: RubricFile, name: str) -> RubricFile:
    """Refuse a rubric whose id is not the name that it was found by."""
    if found.rubric is None or found.rubric.id == name:
        return found
    parameters: dict[str, Parameter] = {"rubric": found.rubric.id, "name": name}
    finding = Finding(Kind.RUBRIC_ID_MISMATCH, Place(("id",)), parameters)
    diagnostics = tuple(locate(SheetPlace(found.path), [finding]))
    return RubricFile(found.path, found.data, None, diagnostics)
