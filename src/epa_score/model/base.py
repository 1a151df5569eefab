"""What every model has in common."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable model that knows all of its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")
