"""Options that several commands share. Help texts are keys of the catalogue."""

from typing import Annotated, Literal

import typer

Paths = Annotated[
    list[str] | None, typer.Argument(metavar="PATH", help="help.paths", show_default=False)
]
RubricOption = Annotated[
    str | None, typer.Option("--rubric", metavar="NAME|FILE", help="help.rubric_option")
]
RosterOption = Annotated[str | None, typer.Option("--roster", metavar="FILE", help="help.roster")]
PeriodOption = Annotated[str | None, typer.Option("--period", metavar="PERIOD", help="help.period")]
OldPeriodOption = Annotated[
    str | None, typer.Option("--old-period", metavar="PERIOD", help="help.old_period")
]
CompareOption = Annotated[
    str | None, typer.Option("--compare", metavar="OLD", help="help.compare_option")
]
Provisional = Annotated[bool, typer.Option("--provisional", help="help.provisional")]
SkipInvalid = Annotated[bool, typer.Option("--skip-invalid", help="help.skip_invalid")]
TiesOption = Annotated[
    Literal["competition", "dense"],
    typer.Option("--ties", metavar="competition|dense", help="help.ties"),
]
CompositeOption = Annotated[
    str | None, typer.Option("--composite", metavar="FILE", help="help.composite")
]
Overall = Annotated[bool, typer.Option("--overall", help="help.overall")]
Force = Annotated[bool, typer.Option("--force", help="help.force")]
TableFormat = Literal["table", "json", "csv", "md"]
Format = Annotated[
    TableFormat, typer.Option("--format", metavar="table|json|csv|md", help="help.format")
]
DiagnosticFormat = Literal["full", "concise", "json", "github", "sarif"]
FindingsFormat = Annotated[
    DiagnosticFormat,
    typer.Option("--format", metavar="full|concise|json|github|sarif", help="help.validate_format"),
]
