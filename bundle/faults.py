"""Why no bundle was made."""


class BundleError(Exception):
    """What is wrong with what a bundle is made of, in words for whoever makes it."""
