"""The words of the tool in each language, kept apart from the code that uses them."""

from epa_score.i18n.catalogue import (
    LANGUAGES,
    Words,
    agree_nouns,
    choose_language,
    find_language,
    plain,
)

__all__ = ["LANGUAGES", "Words", "agree_nouns", "choose_language", "find_language", "plain"]
