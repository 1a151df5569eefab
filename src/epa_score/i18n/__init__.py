"""The words of the tool in each language, kept apart from the code that uses them."""

from epa_score.i18n.catalogue import (
    LANGUAGES,
    Words,
    agreeing,
    choose_language,
    known_language,
    plain,
)

__all__ = ["LANGUAGES", "Words", "agreeing", "choose_language", "known_language", "plain"]
