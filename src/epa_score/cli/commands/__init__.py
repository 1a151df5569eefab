"""The commands, one module each: load, compute, report, write."""
