"""What is raised for a file that is not read as a form."""

from collections.abc import Mapping

from epa_score.diagnostics import Finding, Kind, Parameter, Place


class RefusedError(Exception):
    """A file that is not read as a form; the finding says why."""

    def __init__(
        self, kind: Kind, parameters: Mapping[str, Parameter] | None = None, variant: str = ""
    ) -> None:
        """Say why."""
        super().__init__(kind)
        self.finding = Finding(kind, Place(), dict(parameters or {}), variant)
