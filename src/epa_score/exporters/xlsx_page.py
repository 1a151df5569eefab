"""What every workbook has in common."""

from datetime import UTC, datetime

CREATED = datetime(2018, 1, 1, tzinfo=UTC)
"""Stands in every workbook, so that equal results are equal files."""

FONTS = {"zh_CN": "宋体"}
"""The font of a language; others have Excel's own."""

A4 = 9
"""The paper, by the number that Excel knows it by."""
