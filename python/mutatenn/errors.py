"""The errors mutatenn raises on purpose; each message says what is wrong, where, and what to do."""

from __future__ import annotations

from mutatenn.exit_codes import ExitCode


class MutatennError(Exception):
    """Base of every deliberate error; ``exit_code`` is what the command line answers with."""

    exit_code: ExitCode = ExitCode.INTERNAL


class InputError(MutatennError):
    """A file, an option or a module that the user gave cannot be used."""

    exit_code = ExitCode.USAGE


class BaselineError(MutatennError):
    """The un-mutated program crashed, or two runs of it gave different answers."""

    exit_code = ExitCode.BASELINE


class IncompleteError(MutatennError):
    """The campaign had to stop; what the journal holds stays, and the run can be resumed."""

    exit_code = ExitCode.INCOMPLETE


class MissingToolError(MutatennError):
    """A device, a tool or a matching library version is not there."""

    exit_code = ExitCode.ENVIRONMENT


class PluginError(MutatennError):
    """An installed plug-in cannot be loaded."""

    exit_code: ExitCode = ExitCode.ENVIRONMENT


class MismatchError(MutatennError):
    """A manifest, a journal or a shard belongs to another campaign."""

    exit_code = ExitCode.MISMATCH
