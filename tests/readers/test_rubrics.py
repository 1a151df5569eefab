"""Which rubric is meant: a file, a name in `rubrics/` of the folder, or a shipped one."""

import os
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa_score.diagnostics import InputError, Kind, Place
from epa_score.i18n import Words
from epa_score.model import Rubric
from epa_score.readers.rubrics import RubricFile, RubricLibrary, read_rubric
from epa_score.readers.sheets import read_sheet

SHIPPED = ["departments", "township"]


def rubric(name: str, *, total: int = 5, units: str = "") -> str:
    roster = f"units: [{units}]\n" if units else ""
    return f"""\
id: {name}
title: {name}
total: {total}
{roster}sections:
  - {{id: A, title: 甲, max: {total}, items: [{{id: A1, max: {total}, text: 一}}]}}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with an empty folder `rubrics`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rubrics").mkdir()
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def chosen(library: RubricLibrary, name: str) -> Rubric:
    return library.select(name)[1]


def reported(library: RubricLibrary, name: str) -> list[Kind]:
    with pytest.raises(InputError) as error:
        library.select(name)
    return [one.kind for one in error.value.diagnostics]


# --- names and paths -------------------------------------------------------------------------


def test_the_shipped_rubrics_are_found_by_name_from_anywhere(here: Path) -> None:
    library = RubricLibrary()
    assert library.names() == SHIPPED
    for name in SHIPPED:
        found = library.find(name)
        assert found is not None
        assert found.rubric is not None
        assert (found.rubric.id, found.shipped, found.path) == (name, True, f"{name}.yaml")
        assert not (here / "rubrics" / f"{name}.yaml").exists()


def test_a_shipped_rubric_is_named_as_such_to_people(here: Path) -> None:
    own = write(here / "rubrics" / "own.yaml", rubric("own"))
    library = RubricLibrary()
    shipped, found = library.find("township"), library.find("own")
    assert shipped is not None
    assert found is not None
    assert shipped.origin(Words("en")) == "township.yaml (shipped)"
    assert found.origin(Words("en")) == str(Path("rubrics", "own.yaml"))
    assert found.sha256 == sha256(own.read_bytes()).hexdigest()


def test_a_rubric_of_the_folder_comes_before_a_shipped_one(here: Path) -> None:
    write(here / "rubrics" / "township.yaml", rubric("township", total=7))
    found = RubricLibrary().find("township")
    assert found is not None
    assert found.rubric is not None
    assert found.rubric.total == 7
    assert not found.shipped


@pytest.mark.parametrize("suffix", [".yaml", ".yml"])
def test_a_rubric_of_the_folder_has_either_suffix(here: Path, suffix: str) -> None:
    write(here / "rubrics" / f"own{suffix}", rubric("own"))
    assert RubricLibrary().names() == [*SHIPPED[:1], "own", *SHIPPED[1:]]
    assert chosen(RubricLibrary(), "own").id == "own"


def test_another_folder_may_hold_the_rubrics(here: Path) -> None:
    (here / "county" / "rubrics").mkdir(parents=True)
    write(here / "county" / "rubrics" / "own.yaml", rubric("own"))
    assert RubricLibrary().find("own") is None
    assert chosen(RubricLibrary(folder="county"), "own").id == "own"


def test_a_path_is_a_file_wherever_it_is(here: Path) -> None:
    path = write(here / "评分细则.yaml", rubric("anything"))
    library = RubricLibrary()
    assert chosen(library, str(path)).id == "anything"
    assert chosen(RubricLibrary(), "评分细则.yaml").id == "anything"
    assert library.names() == ["anything", *SHIPPED]


def test_the_chosen_rubric_is_the_one_of_all_sheets_that_name_it(here: Path) -> None:
    path = write(here / "mine.yaml", rubric("township", total=3))
    library = RubricLibrary()
    file, found = library.select(str(path))
    assert library.find("township") is library.given is file
    assert file.rubric is found
    assert library.find("departments") is not None


def test_a_rubric_is_read_once(here: Path) -> None:
    path = write(here / "rubrics" / "own.yaml", rubric("own"))
    library = RubricLibrary()
    found = library.find("own")
    path.unlink()
    assert library.find("own") is found
    assert RubricLibrary().find("own") is None


@pytest.mark.parametrize(
    "name",
    [
        "../own",
        "rubrics/own",
        "own.yaml",
        "OWN",
        "ｏｗｎ",
        "",
        ".",
        "/",
        "own\n",
        " own",
        "o wn",
        "..\\own",
    ],
)
def test_a_name_never_leads_out_of_the_folders(here: Path, name: str) -> None:
    write(here / "own.yaml", rubric("own"))
    write(here / "rubrics" / "own.yaml", rubric("own"))
    assert RubricLibrary().find(name) is None
    assert RubricLibrary(folder="rubrics").find(name) is None


def test_a_name_that_is_too_long_for_a_file_is_a_name_that_is_not_there(here: Path) -> None:
    assert here.is_dir()
    assert RubricLibrary().find("a" * 5000) is None
    assert reported(RubricLibrary(), "a" * 5000) == [Kind.RUBRIC_NOT_FOUND]
    assert reported(RubricLibrary(), "a" * 100) == [Kind.RUBRIC_NOT_FOUND]


@given(st.text(max_size=12))
def test_any_name_is_found_or_not(name: str) -> None:
    found = RubricLibrary(folder="nowhere").find(name)
    assert (found is not None) == (name in SHIPPED)


# --- what is not there -----------------------------------------------------------------------


def test_a_missing_rubric_is_said_with_the_nearest_and_all_names(here: Path) -> None:
    write(here / "rubrics" / "county.yaml", rubric("county"))
    finding = RubricLibrary().not_found("townships", Place(("rubric",)))
    assert finding.kind is Kind.RUBRIC_NOT_FOUND
    assert finding.parameters == {
        "rubric": "townships",
        "nearest": "township",
        "known": ("county", "departments", "township"),
        "known_in_all": 3,
    }
    assert finding.variant == "nearest"
    other = RubricLibrary().not_found("zzz", Place())
    assert (other.parameters["nearest"], other.variant) == ("", "")


def test_a_chosen_rubric_that_is_missing_is_reported_at_the_option(here: Path) -> None:
    assert here.is_dir()
    with pytest.raises(InputError) as error:
        RubricLibrary().select("townships")
    (found,) = error.value.diagnostics
    assert (str(found.location), found.kind) == ("--rubric", Kind.RUBRIC_NOT_FOUND)
    assert str(error.value).startswith("--rubric: error[EPA101] rubric_not_found rubric=townships")


def test_a_faulty_rubric_is_reported_in_full(here: Path) -> None:
    text = rubric("own").replace("total: 5", "total: 6").replace("id: A1", "id: a1")
    write(here / "rubrics" / "own.yaml", text)
    assert reported(RubricLibrary(), "own") == [Kind.SUM_MISMATCH, Kind.ITEM_ID_FORM]
    assert reported(RubricLibrary(), str(here / "rubrics" / "own.yaml")) == [
        Kind.SUM_MISMATCH,
        Kind.ITEM_ID_FORM,
    ]


def test_a_rubric_must_have_the_id_that_it_is_found_by(here: Path) -> None:
    path = write(here / "rubrics" / "own.yaml", rubric("copied"))
    found = RubricLibrary().find("own")
    assert found is not None
    assert found.rubric is None
    (one,) = found.diagnostics
    assert one.kind is Kind.RUBRIC_ID_MISMATCH
    assert one.parameters == {"rubric": "copied", "name": "own"}
    assert (one.location.line, one.location.column, one.location.end_column) == (1, 5, 11)
    # By its path it may be chosen: then its own id counts.
    assert chosen(RubricLibrary(), str(path)).id == "copied"


def test_a_folder_with_the_name_of_a_rubric_is_not_passed_over(here: Path) -> None:
    (here / "rubrics" / "township.yaml").mkdir()
    assert reported(RubricLibrary(), "township") == [Kind.FILE_UNREADABLE]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_broken_link_with_the_name_of_a_rubric_is_not_passed_over(here: Path) -> None:
    (here / "rubrics" / "township.yaml").symlink_to(here / "gone.yaml")
    assert reported(RubricLibrary(), "township") == [Kind.FILE_UNREADABLE]


def test_a_score_sheet_is_no_rubric(here: Path) -> None:
    path = write(here / "sheet.yaml", "rubric: township\nunit: 甲镇\nscores: {A1: 1}\n")
    assert reported(RubricLibrary(), str(path)) == [Kind.NEITHER_KIND_OF_FILE]


def test_a_rubric_in_a_format_that_is_not_read_is_reported(here: Path) -> None:
    path = write(here / "own.docx", rubric("own"))
    found = read_rubric(str(path))
    assert [one.kind for one in found.diagnostics] == [Kind.UNSUPPORTED_FORMAT]
    assert found.diagnostics[0].parameters["suffix"] == ".docx"


def test_names_that_cannot_be_chosen_are_not_listed(here: Path) -> None:
    for name in ("乡镇", "Own", "a b", ".hidden"):
        write(here / "rubrics" / f"{name}.yaml", rubric("own"))
    assert RubricLibrary().names() == SHIPPED


# --- whose rubric ----------------------------------------------------------------------------


def test_rubrics_that_list_a_unit_are_found(here: Path) -> None:
    write(here / "rubrics" / "own.yaml", rubric("own", units="Ｔ公司, 县商务局"))
    write(here / "rubrics" / "faulty.yaml", rubric("faulty", units="县商务局").replace("5", "x", 1))
    write(here / "rubrics" / "anybody.yaml", rubric("anybody"))
    library = RubricLibrary()
    assert list(library.that_list("县商务局", shipped_only=False)) == ["departments", "own"]
    assert list(library.that_list("t公司", shipped_only=False)) == ["own"]
    assert list(library.that_list("县商务局", shipped_only=True)) == ["departments"]
    assert list(library.that_list("甲镇", shipped_only=False)) == []


SHEET = "rubric: {}\nunit: {}\nscores: {{A1: {}}}\n"


def wrong(text: str) -> list[tuple[Kind, object]]:
    path = write(Path("sheet.yaml"), text)
    found = read_sheet(str(path), RubricLibrary(), incomplete=True)
    return [(one.kind, one.parameters.get("other")) for one in found.diagnostics]


def test_a_unit_of_another_rubric_explains_all_that_does_not_fit(here: Path) -> None:
    write(here / "rubrics" / "mine.yaml", rubric("mine"))
    write(here / "rubrics" / "own.yaml", rubric("own", units="农业局"))
    assert wrong(SHEET.format("mine", "农业局", 9)) == [(Kind.WRONG_RUBRIC, "own")]
    assert wrong(SHEET.format("mine", "林业局", 9)) == [(Kind.POINTS_OVER_CAP, None)]
    # Where all fits, the county may well score a unit by several rubrics of its own.
    assert wrong(SHEET.format("mine", "农业局", 5)) == []


@pytest.mark.parametrize(
    ("scores", "kind"),
    [
        ("A1: 5", Kind.ITEMS_UNSCORED),
        ("A1: 5, A2: 9", Kind.POINTS_OVER_CAP),
        ("A1: 5, A2: 5, A33: 5", Kind.UNKNOWN_ITEM),
    ],
)
def test_a_rubric_for_any_unit_is_the_right_one_where_its_items_fit(
    here: Path, scores: str, kind: Kind
) -> None:
    items = "items: [{id: A1, max: 5, text: 工作}, {id: A2, max: 5, text: 纪律}]"
    own = f"id: mine\ntitle: 细则\ntotal: 10\nsections: [{{id: A, title: 甲, max: 10, {items}}}]\n"
    write(here / "rubrics" / "mine.yaml", own)
    write(here / "rubrics" / "awards.yaml", rubric("awards", units="农业局"))
    path = write(Path("sheet.yaml"), f"rubric: mine\nunit: 农业局\nscores: {{{scores}}}\n")
    found = read_sheet(str(path), RubricLibrary())
    assert [one.kind for one in found.diagnostics] == [kind]


def test_an_unscored_item_of_a_township_is_named_whatever_else_lists_it(here: Path) -> None:
    write(here / "rubrics" / "awards.yaml", rubric("awards", units="甲镇"))
    path = write(Path("sheet.yaml"), SHEET.format("township", "甲镇", 1))
    found = read_sheet(str(path), RubricLibrary())
    assert [one.kind for one in found.diagnostics] == [Kind.ITEMS_UNSCORED]


def test_a_department_under_the_rubric_of_townships_is_never_scored(here: Path) -> None:
    assert here.is_dir()
    assert wrong(SHEET.format("township", "县商务局", 1)) == [(Kind.WRONG_RUBRIC, "departments")]
    assert wrong(SHEET.format("township", "甲镇", 1)) == []


def test_a_unit_that_both_rubrics_list_is_at_home_in_either(here: Path) -> None:
    for name in ("mine", "own"):
        write(here / "rubrics" / f"{name}.yaml", rubric(name, units="Ｔ公司"))
    for unit in ("Ｔ公司", "t公司"):
        assert wrong(SHEET.format("mine", unit, 9)) == [(Kind.POINTS_OVER_CAP, None)]


def test_a_sheet_of_a_rubric_that_is_missing_or_faulty_says_so(here: Path) -> None:
    write(here / "rubrics" / "own.yaml", rubric("own").replace("total: 5", "total: 6"))
    assert wrong(SHEET.format("townships", "甲镇", 1)) == [(Kind.RUBRIC_NOT_FOUND, None)]
    assert wrong(SHEET.format("own", "甲镇", 1)) == [(Kind.SUM_MISMATCH, None)]
    path = write(here / "sheet.yaml", SHEET.format("own", "甲镇", 1))
    (found,) = read_sheet(str(path), RubricLibrary()).diagnostics
    assert found.location.path == str(Path("rubrics", "own.yaml"))


def test_a_file_may_be_reported_under_another_name(here: Path) -> None:
    path = write(here / "x.yaml", rubric("own").replace("5", "6", 1))
    found = read_rubric(str(path), "细则.yaml")
    assert {one.location.path for one in found.diagnostics} == {"细则.yaml"}
    assert isinstance(found, RubricFile)


def test_a_folder_hides_no_rubric(folder: Path) -> None:
    (folder / "rubrics" / "township.yaml").mkdir(parents=True)
    assert RubricLibrary().hiding("township") == ""
