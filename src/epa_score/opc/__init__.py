"""The package format of workbooks (OPC): parts, relationships, safe unpacking, and their XML."""

from epa_score.opc.archive import (
    BOUNDS,
    Archive,
    Bounds,
    part_key,
    relationships_part,
    resolve_target,
)
from epa_score.opc.part_xml import (
    Handler,
    WorkbookRefusedError,
    damaged,
    names_in_worksheets,
    parse_content,
)

__all__ = [
    "BOUNDS",
    "Archive",
    "Bounds",
    "Handler",
    "WorkbookRefusedError",
    "damaged",
    "names_in_worksheets",
    "parse_content",
    "part_key",
    "relationships_part",
    "resolve_target",
]
