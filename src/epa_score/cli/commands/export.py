"""``epa-score export``."""

from typing import Annotated

import typer

from epa_score.cli.options import (
    Composite,
    Force,
    Paths,
    Period,
    Provisional,
    RubricOption,
    SkipInvalid,
    TiesOption,
)

Output = Annotated[
    str | None, typer.Option("-o", "--output", metavar="FILE", help="help.export_output")
]


def export(
    context: typer.Context,
    paths: Paths = None,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="help.xlsx")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="help.csv")] = False,
    json: Annotated[bool, typer.Option("--json", help="help.json")] = False,
    md: Annotated[bool, typer.Option("--md", help="help.md")] = False,
    no_forms: Annotated[bool, typer.Option("--no-forms", help="help.no_forms")] = False,
    output: Output = None,
    force: Force = False,
    rubric: RubricOption = None,
    period: Period = None,
    ties: TiesOption = "competition",
    provisional: Provisional = False,
    skip_invalid: SkipInvalid = False,
    composite: Composite = None,
) -> None:
    """Write the ranking with everything behind it to files."""
    from epa_score.cli.assess import assess
    from epa_score.cli.inputs import Choice
    from epa_score.cli.publish import plan_files, publish
    from epa_score.cli.sheet_store import keeping_sheets

    session = context.obj
    asked = {".xlsx": xlsx, ".csv": csv, ".json": json, ".md": md}
    suffixes = [suffix for suffix, wanted in asked.items() if wanted]
    plan = plan_files(session, suffixes, output, paths or [], force=force)
    choice = Choice(paths or [], rubric, period, provisional, skip_invalid, ties)
    with keeping_sheets() as kept:
        rankings_alone = suffixes == [".csv"]
        if composite is not None:
            from epa_score.cli.compose import compose
            from epa_score.cli.publish_composition import publish_composition

            made = compose(session, composite, choice._replace(kept=kept))
            publish_composition(session, made, plan, force=force)
            return
        choice = choice._replace(kept=None if rankings_alone else kept, forms=not no_forms)
        publish(session, assess(session, choice), choice, plan, force=force)
