"""What the models refuse, and a sheet that they take."""

import pytest
from pydantic import ValidationError

SHEET = {"rubric": "township", "unit": "甲镇", "scores": {}}


def refused(error: pytest.ExceptionInfo[ValidationError]) -> list[str]:
    return [one["type"] for one in error.value.errors()]
