"""Everything that can be wrong: one `Kind` each, with its stable code and severity."""

from enum import Enum
from typing import Literal

Severity = Literal["error", "warning"]


class Kind(Enum):
    """A kind of diagnostic.

    The code never changes its meaning once released. The member's name in lower case is the
    ``name`` in JSON and the ``type`` of pydantic's custom errors; its words stand in the
    catalogues under the code.
    """

    NOT_UTF8 = "EPA001"
    INDENTATION_OFF = "EPA002"
    FULLWIDTH_PUNCTUATION = "EPA003"
    DUPLICATE_KEY = "EPA004"
    TAB_INDENTATION = "EPA005"
    SPACE_AFTER_COLON = "EPA006"
    YAML_SYNTAX = "EPA007"
    UTF16_FILE = "EPA008"
    FORBIDDEN_CHARACTER = "EPA009"
    FILE_EMPTY = "EPA010"
    FILE_TOO_LARGE = "EPA011"
    TOO_MANY_VALUES = "EPA012"
    NESTED_TOO_DEEP = "EPA013"
    SECOND_DOCUMENT = "EPA014"
    ALIAS_REFUSED = "EPA015"
    TAG_REFUSED = "EPA016"
    KEY_NOT_TEXT = "EPA017"
    FILE_UNREADABLE = "EPA018"
    NEITHER_KIND_OF_FILE = "EPA019"
    UNKNOWN_FIELD = "EPA020"
    MISSING_FIELD = "EPA021"
    WRONG_SHAPE = "EPA022"
    EMPTY_FIELD = "EPA023"
    NO_SHEETS_FOUND = "EPA024"
    VALUE_NOT_ALLOWED = "EPA025"
    UNSUPPORTED_FORMAT = "EPA026"
    DATE_NOT_ISO = "EPA027"
    MORE_FINDINGS = "EPA028"

    RUBRIC_NOT_FOUND = "EPA101"
    WRONG_RUBRIC = "EPA102"
    UNKNOWN_ITEM = "EPA103"
    POINTS_OVER_CAP = "EPA104"
    ITEMS_UNSCORED = "EPA105"
    POINTS_NOT_A_NUMBER = "EPA106"
    POINTS_QUOTED = "EPA107"
    POINTS_NEGATIVE = "EPA108"
    POINTS_NOTATION = "EPA109"
    POINTS_TOO_PRECISE = "EPA110"
    POINTS_OFF_STEP = "EPA111"
    NOT_APPLICABLE = "EPA112"
    UNKNOWN_UNIT = "EPA113"
    UNIT_SCORED_TWICE = "EPA114"
    SEVERAL_PERIODS = "EPA115"
    UNIT_NAME_CHARACTERS = "EPA116"
    UNITS_WITHOUT_SHEET = ("EPA117", "warning")
    NOTHING_TO_RANK = "EPA118"
    PERIOD_CHARACTERS = "EPA119"

    SUM_MISMATCH = "EPA201"
    ITEM_ID_FORM = "EPA202"
    DUPLICATE_ITEM = "EPA203"
    SECTION_CONTENT = "EPA204"
    UNKNOWN_SECTION = "EPA205"
    UNIT_LISTED_TWICE = "EPA206"
    UNIT_WITHOUT_ITEMS = "EPA207"
    CAP_NOT_POSITIVE = "EPA208"
    CAP_OFF_STEP = "EPA209"
    DUPLICATE_SECTION = "EPA210"
    RUBRIC_ID_FORM = "EPA211"
    RUBRIC_ID_MISMATCH = "EPA212"
    STEP_TOO_FINE = "EPA213"
    NOT_ONE_OF = "EPA214"
    RULE_POINTS_OVER_CAP = "EPA215"
    RULE_POINTS_OFF_STEP = "EPA216"
    BRACKETS_UNSORTED = "EPA217"
    FACT_NAME_TAKEN = "EPA218"
    RULES_CONFLICT = "EPA219"
    PANEL_DROP_UNUSED = "EPA240"
    PANEL_TOO_SMALL = "EPA241"
    PANEL_GAP_TOO_WIDE = "EPA242"

    NOT_A_WORKBOOK = "EPA301"
    WORKBOOK_DAMAGED = "EPA302"
    WORKBOOK_TOO_LARGE = "EPA303"
    NOT_A_FORM = "EPA304"
    FORM_VERSION_UNKNOWN = "EPA305"
    SEVERAL_FORMS = "EPA306"
    FORM_OF_OTHER_RUBRIC = "EPA307"
    ITEM_LINE_CHANGED = "EPA308"
    CAP_CHANGED = "EPA309"
    CELL_TEXT_NUMBER = "EPA310"
    CELL_FORMULA = "EPA311"
    CELL_ERROR = "EPA312"
    CELL_DATE = "EPA313"
    CELL_PERCENT = "EPA314"
    CELL_MERGED = "EPA315"
    LINE_HIDDEN = "EPA316"
    FORM_OF_OTHER_UNIT = "EPA317"
    COLUMN_HIDDEN = "EPA318"

    ITEM_TAKES_FACTS = "EPA401"
    ITEM_TAKES_POINTS = "EPA402"
    FACT_MISSING = "EPA403"
    FACT_NOT_A_NUMBER = "EPA404"
    FACT_NEGATIVE = "EPA405"
    FACT_NOT_WHOLE = "EPA406"
    FACT_NOT_POSSIBLE = "EPA407"
    FACT_NOT_POSITIVE = "EPA408"
    FACT_NOT_A_CHOICE = "EPA409"
    POINTS_AGAINST_TARGETS = ("EPA410", "warning")
    ASSESSOR_MISSING = "EPA440"
    TOO_FEW_ASSESSORS = "EPA441"
    ASSESSOR_FAR_OFF = ("EPA442", "warning")

    OUTPUT_EXISTS = "EPA901"
    OUTPUT_NOT_WRITTEN = "EPA902"
    OUTPUT_CLOSED = "EPA903"

    def __init__(self, code: str, severity: Severity = "error") -> None:
        """Give the member its code and severity."""
        self.code = code
        self.severity = severity

    @property
    def label(self) -> str:
        """The stable name in lower case, such as ``points_over_cap``."""
        return self.name.lower()
