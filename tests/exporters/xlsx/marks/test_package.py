"""XML that is changed at single places."""

import re
import zipfile
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from defusedxml.common import DTDForbidden
from hypothesis import given
from hypothesis import strategies as st

from epa_score.exporters.xlsx.marks.package import Package, XmlPart, with_attributes

SHEET = """\
<?xml version="1.0" encoding="UTF-8"?>
<x:sheet xmlns:x="urn:sheet" xmlns:mc="urn:mc" mc:Ignorable="x14" xmlns:x14="urn:14">
  <x:row r = '7' ht="15"><x:c r="A7" s="1"/><x:c r="B7"><x:v>甲&amp;乙</x:v></x:c></x:row>
  <x:row r="8" />
  <x:row r="9" ></x:row >
</x:sheet>
"""


def part(text: str = SHEET) -> XmlPart:
    return XmlPart(text.encode())


def test_a_part_without_changes_is_the_same_bytes() -> None:
    assert part().to_bytes() == SHEET.encode()


def test_parts_that_are_too_much_to_be_written_again_are_refused() -> None:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(11):
            archive.writestr(f"xl/media/image{number}.bmp", bytes(10_000_000))
    with pytest.raises(ValueError, match="100000000"):
        Package(data.getvalue())


def test_elements_are_known_by_their_names_without_a_namespace() -> None:
    root = part().root
    assert root.attributes == {"{urn:mc}Ignorable": "x14"}
    first, *others = root.children_named("row")
    assert (len(others), first.attributes) == (2, {"r": "7", "ht": "15"})
    assert first.children[1].child("v").text == "甲&乙"
    assert first.all_text() == "甲&乙"
    with pytest.raises(LookupError):
        root.child("cols")


def test_each_change_changes_its_own_place_alone() -> None:
    changed = part()
    first, second, third = changed.root.children_named("row")
    changed.set_attributes(first, ht="20", hidden="1")
    changed.set_attributes(first.children[0], s="2")
    changed.remove(first.children[1])
    changed.append(second, "<c r='A8'/>")
    changed.append(second, "<c r='B8'><v>乙</v></c>")
    changed.set_attributes(second, ht="9")
    changed.append(third, changed.source(first.children[0]))
    changed.insert_before(third, "<mark/>")
    changed.insert_after(third, "<mark/>")
    assert changed.to_bytes().decode() == SHEET.replace(
        "r = '7' ht=\"15\"", 'r = \'7\' ht="20" hidden="1"'
    ).replace('<x:c r="A7" s="1"/>', '<x:c r="A7" s="2"/>').replace(
        '<x:c r="B7"><x:v>甲&amp;乙</x:v></x:c>', ""
    ).replace(
        '<x:row r="8" />',
        "<x:row r=\"8\" ht=\"9\" ><x:c r='A8'/><x:c r='B8'><x:v>&#20057;</x:v></x:c></x:row>",
    ).replace(
        '<x:row r="9" ></x:row >',
        '<x:mark/><x:row r="9" ><x:c r="A7" s="1"/></x:row ><x:mark/>',
    )


def test_what_is_below_an_element_may_be_left_alone() -> None:
    root = XmlPart(SHEET.encode(), descend=lambda one: one.name != "row").root
    assert [one.children for one in root.children] == [[], [], []]
    assert root.all_text().strip() == ""


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])))
def test_any_text_is_read_back(text: str) -> None:
    element = ET.Element("a")
    element.text = text
    changed = part("<b xmlns='urn:b'/>")
    changed.append(changed.root, ET.tostring(element, "unicode"))
    assert XmlPart(changed.to_bytes()).root.child("a").text == text
    assert re.fullmatch(rb"[ -~]*", changed.to_bytes())


def test_what_is_no_xml_is_refused() -> None:
    with pytest.raises(SyntaxError):
        part("<a>")
    with pytest.raises(DTDForbidden):
        part("<!DOCTYPE a><a/>")
    wide = XmlPart("<a><b/></a>".encode("utf-16-le"))
    with pytest.raises(ValueError, match="encoding"):
        wide.remove(wide.root.child("b"))
    with pytest.raises(ValueError, match="no element"):
        with_attributes(b"a")
