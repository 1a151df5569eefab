"""The files of a composite result."""

from collections.abc import Iterator, Sequence

from epa_score import __version__
from epa_score.cli.assess import Group
from epa_score.cli.compose import Composition
from epa_score.cli.publish import Content, deliver
from epa_score.cli.session import Session
from epa_score.diagnostics.visible import visible
from epa_score.i18n import Words
from epa_score.reports.about import Origin, about_table
from epa_score.reports.composite import composite_notes, sources_table
from epa_score.reports.summary import summary_table


def publish_composition(
    session: Session, made: Composition, plan: dict[str, str], *, force: bool
) -> None:
    """Write every planned file, and print its path."""
    words = Words(made.groups[0].rubric.lang)
    rubric = made.as_rubric(words)
    ranking = made.table(words)
    origin = Origin(
        rubric,
        made.ranking,
        visible(made.file.path),
        made.file.sha256,
        tuple(_sums(made.groups)),
        made.left_out,
        made.without_sheet,
        notes=tuple(composite_notes(made.composite, words)),
    )
    tables = [
        summary_table(rubric, ranking, words),
        sources_table(made.composite, made.ranking, made.totals, made.caps, words),
        about_table([origin], __version__, words),
    ]
    deliver(session, plan, Content([ranking], tables, words), force=force)


def _sums(groups: Sequence[Group]) -> Iterator[str]:
    """The SHA-256 of every sheet, each once."""
    yield from sorted({entry.sha256 for group in groups for entry in group.entries})
