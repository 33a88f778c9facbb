"""The entry point: gathers the commands and turns errors into one sentence and an exit code."""

from __future__ import annotations

import os
import sys
import traceback

import typer

from mutatenn.cli import (
    apply,
    build,
    config,
    demo,
    devices,
    diff,
    import_,
    inputs,
    merge,
    operators,
    report,
    run,
    show,
    sites,
)
from mutatenn.cli.console import complain
from mutatenn.errors import MutatennError
from mutatenn.exit_codes import ExitCode

USAGE_ERROR: type[Exception] = typer.BadParameter.__bases__[0]
"""Click's base of errors in a command line; some versions of Typer hide their own copy of it."""
INTERRUPTED = 130
"""What Typer makes of Ctrl-C, where it does not raise ``Abort``."""

app = typer.Typer(
    name="mutatenn-ir",
    help="Mutation testing of compiled deep-learning models, one fault in the IR at a time.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
app.command("operators")(operators.operators)
app.command("import")(import_.import_)
app.command("sites")(sites.sites)
app.command("apply")(apply.apply)
app.command("build")(build.build)
app.command("run")(run.run)
app.command("merge")(merge.merge)
app.command("show")(show.show)
app.command("report")(report.report)
app.command("diff")(diff.diff)
app.command("inputs")(inputs.inputs)
app.command("config")(config.config)
app.command("demo")(demo.demo)
app.command("devices")(devices.devices)


def main() -> None:
    """Run a command; every way out has an exit code of ``mutatenn.exit_codes``."""
    try:
        status = _run()
    except MutatennError as error:
        complain(str(error))
        status = error.exit_code
    except USAGE_ERROR as error:
        complain(_told(error) or "no command is given; the ones there are stand above")
        status = ExitCode.USAGE
    except BrokenPipeError:
        # The reader of our output has left: there is nobody to tell, not even at the last flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = ExitCode.OK
    except Exception:
        traceback.print_exc()
        complain("this is a defect of mutatenn; please report it with the lines above")
        status = ExitCode.INTERNAL
    sys.exit(status)


def _run() -> int:
    """Let Typer do its work, but not choose the exit code: its 1 and 130 mean something else."""
    try:
        status: int = app(standalone_mode=False) or ExitCode.OK
        sys.stdout.flush()
    except typer.Abort:
        status = INTERRUPTED
    except SystemExit as end:
        raise (end.__context__ if isinstance(end.__context__, BrokenPipeError) else end) from None
    if status == INTERRUPTED:
        complain("interrupted")
        return ExitCode.INCOMPLETE
    return status


def _told(error: Exception) -> str:
    """What Click says of a wrong command line, in one line; empty where it has shown the help."""
    return " ".join(str(error.format_message()).split()) if hasattr(error, "format_message") else ""


if __name__ == "__main__":
    main()
