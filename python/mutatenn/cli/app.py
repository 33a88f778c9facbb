"""The entry point: gathers the commands and turns errors into one sentence and an exit code."""

from __future__ import annotations

import sys
import traceback

import typer

from mutatenn.cli import (
    apply,
    build,
    demo,
    import_,
    operators,
    report,
    run,
    show,
    sites,
)
from mutatenn.cli.console import complain
from mutatenn.errors import MutatennError
from mutatenn.exit_codes import ExitCode

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
app.command("show")(show.show)
app.command("report")(report.report)
app.command("demo")(demo.demo)


def main() -> None:
    """Run a command; every way out has an exit code of ``mutatenn.exit_codes``."""
    try:
        app()
    except MutatennError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        complain("interrupted")
        sys.exit(ExitCode.INCOMPLETE)
    except BrokenPipeError:
        # The reader of our output has left; there is nobody to tell.
        sys.stderr.close()
        sys.exit(ExitCode.OK)
    except Exception:
        traceback.print_exc()
        complain("this is a defect of mutatenn; please report it with the lines above")
        sys.exit(ExitCode.INTERNAL)


if __name__ == "__main__":
    main()
