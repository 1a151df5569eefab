"""How a score form in a workbook says that it is one."""

FORM_SHEET = "_epa_score"
"""The name of the hidden sheet that identifies a form."""

FORM_VERSION = "1"
"""The version of the hidden sheet's rows; readers refuse others."""
