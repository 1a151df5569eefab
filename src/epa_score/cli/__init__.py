"""The command line: the only layer that prints, exits, or decides where files go."""
