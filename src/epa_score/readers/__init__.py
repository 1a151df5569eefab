"""Files read into models, or into diagnostics that say why not."""

from epa_score.readers.load import load_rubric, load_sheet

__all__ = ["load_rubric", "load_sheet"]
