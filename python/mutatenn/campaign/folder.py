"""A campaign's folder: where everything lies, who owns it, what goes when nothing came of it."""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from mutatenn.campaign.lock import locked
from mutatenn.errors import InputError


@dataclasses.dataclass(frozen=True)
class Folder:
    """The files of a campaign in the folder ``path``."""

    path: Path

    @property
    def manifest(self) -> Path:
        """Everything that determines the campaign."""
        return self.path / "manifest.json"

    @property
    def journal(self) -> Path:
        """The verdicts; a folder without it holds nothing worth keeping."""
        return self.path / "journal.sqlite"

    @property
    def plan(self) -> Path:
        """The launches of the original program."""
        return self.path / "plan.json"

    def plan_of(self, lowering: str) -> Path:
        """The launches of the original program for devices of another lowering than the first."""
        return self.path / f"plan-{lowering}.json"

    @property
    def code(self) -> Path:
        """The code that mutants are planted in."""
        return self.path / "code.json"

    @property
    def answers(self) -> Path:
        """The answers of mutants, where several devices are compared."""
        return self.path / "answers.sqlite"

    @property
    def compiler_log(self) -> Path:
        """What the compiler printed."""
        return self.path / "logs" / "compiler.log"

    @property
    def mutants_log(self) -> Path:
        """Which mutants were taken up, in order."""
        return self.path / "logs" / "mutants.log"

    @contextlib.contextmanager
    def owned(self, check: Callable[[], None], write_head: Callable[[], None]) -> Iterator[None]:
        """Hold the folder's lock, with the campaign's head in it.

        A campaign that ends before it has a journal leaves the folder as it was.

        Args:
            check: refuses a folder that holds something else; asked under the lock.
            write_head: writes manifest and plan.

        Raises:
            InputError: the folder cannot be written, or another campaign runs in it.
        """
        made = [path for path in (self.path, *self.path.parents) if not path.exists()]
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            with locked(self.path):
                # Another campaign may have come to its end here since the options were checked.
                check()
                with self._kept_if_begun():
                    write_head()
                    yield
        finally:
            # Only folders that are empty go; the lock is not in them any more.
            _remove(made)

    @contextlib.contextmanager
    def planned(self, check: Callable[[], None], write_head: Callable[[], None]) -> Iterator[None]:
        """As ``owned``, for a campaign that is not to begin: its head stays, unless this fails.

        Raises:
            InputError: the folder cannot be written, or another campaign runs in it.
        """
        logs = self.compiler_log.parent
        new = [self.manifest, *self._plans(), self.code, self.compiler_log, logs]
        made = [path for path in (*new, self.path, *self.path.parents) if not path.exists()]
        try:
            logs.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            with locked(self.path):
                check()
                write_head()
                yield
        except BaseException:
            _remove(made)
            raise

    def _plans(self) -> tuple[Path, ...]:
        return (self.plan, *map(self.plan_of, ("cpu", "opencl", "cuda")))

    @contextlib.contextmanager
    def _kept_if_begun(self) -> Iterator[None]:
        """The head and the logs go again, as far as they are new, unless there is a journal."""
        logs = self.compiler_log.parent
        own = (self.manifest, *self._plans(), self.code, self.compiler_log)
        head = (*own, self.mutants_log, logs)
        absent = [path for path in head if not path.exists()]
        try:
            try:
                logs.mkdir(exist_ok=True)
            except OSError as error:
                raise self._unwritable(error) from error
            yield
        finally:
            if not self.journal.exists():
                _remove(absent)

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for libraries, removed at the end; also those that killed campaigns left.

        Raises:
            InputError: it cannot be made.
        """
        for left in self.path.glob("scratch-*"):
            shutil.rmtree(left, ignore_errors=True)
        try:
            scratch = Path(tempfile.mkdtemp(prefix="scratch-", dir=self.path))
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _unwritable(self, error: OSError) -> InputError:
        return InputError(
            f"{self.path} cannot be written ({error.strerror}); give --out another folder"
        )


@contextlib.contextmanager
def made_whole(out: Path) -> Iterator[Path]:
    """A folder that takes its name once all is in it, and goes where that fails.

    Raises:
        InputError: it cannot be made.
    """
    partial = out.with_name(out.name + ".partial")
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        raise InputError(f"{partial} cannot be made: {error.strerror}") from error
    try:
        yield partial
        partial.rename(out)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _remove(paths: list[Path]) -> None:
    """Remove files, and folders that are empty, as far as they are there."""
    for path in paths:
        # A folder into which somebody else has put something stays.
        with contextlib.suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()
