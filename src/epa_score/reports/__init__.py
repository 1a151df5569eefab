"""Results as neutral tables, before anyone chose a format."""
