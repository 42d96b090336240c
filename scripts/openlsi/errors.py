"""The base of every error that a user is meant to read."""


class LsiError(Exception):
    """Something the user can put right; the command line prints it as one plain line.

    Each area has one subclass of its own. The message says which file, row or column, what was
    found, what was expected and what to do.
    """

    exit_code = 1
