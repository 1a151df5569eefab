"""The rules from facts to the points of an item, each in a module of its own."""
