"""Values: points, names, facts, and the rounding of figures."""
