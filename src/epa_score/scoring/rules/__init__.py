"""The rules that items and sections can have: a closed set, one module each."""
