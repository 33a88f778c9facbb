"""Running a campaign: device after device, in one folder."""

from __future__ import annotations

import contextlib
import dataclasses
import math
from collections.abc import Callable, Iterator

from mutatenn.campaign.atomic_file import write_atomically
from mutatenn.campaign.code import code_text
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.device_groups import is_elsewhere
from mutatenn.campaign.estimate import Estimate, estimate
from mutatenn.campaign.folder import Folder
from mutatenn.campaign.leg import Leg
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.parting.partings import Partings
from mutatenn.campaign.room import require_room
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.watcher import Phase, Watcher
from mutatenn.errors import IncompleteError


@dataclasses.dataclass
class Campaign:
    """A campaign in its folder: manifest, journal, plans, code and logs; see ``Folder``.

    ``resumed`` goes on with the campaign in the folder: mutants with a verdict are not run again,
    except those whose verdict is in ``retry``.
    """

    subject: Subject
    manifest: Manifest
    make_compiler: Callable[..., Compiler] = Compiler
    """Starts what compiles; it is called as ``Compiler`` is."""
    resumed: bool = False
    retry: tuple[str, ...] = ()

    @property
    def folder(self) -> Folder:
        """Where everything is written."""
        return Folder(self.subject.options.out)

    def run(self, watcher: Watcher) -> None:
        """Run every mutant on every device, one device after another.

        The journal holds each verdict before the next mutant starts.

        Raises:
            BaselineError: the original program does not run, or not repeatably (the folder is
                left as it was), or its answers changed while the campaign ran.
            IncompleteError: the folder can no longer be written.
            InputError: the folder cannot be written, or another campaign runs in it.
        """
        with self.folder.owned(self._check_options, self._write_head):
            devices = self.subject.options.device
            watcher.opened(self.folder.path, devices, len(self.manifest.mutants))
            for device in devices:
                if is_elsewhere(device):
                    continue  # its verdicts were merged, and it cannot be asked for more
                watcher.device(device)
                with self._with_room(), self.folder.scratch() as scratch:
                    self._leg(device).run(scratch, watcher)
            if len(devices) > 1:
                watcher.phase(Phase.PARTINGS)
                with self._with_room():
                    Partings(self.subject, self.manifest, self.folder, self.make_compiler).find()

    @contextlib.contextmanager
    def _with_room(self) -> Iterator[None]:
        """Whatever fails while the disk is full, the disk is to blame, and room mends it."""
        try:
            yield
        except IncompleteError:
            raise
        except Exception:
            require_room(self.folder.path)
            raise

    def rehearse(self, watcher: Watcher) -> dict[str, Estimate]:
        """Write the manifest, run no mutant, and estimate how long each device will take.

        Raises:
            BaselineError: the original program does not run, or not repeatably.
            InputError: the folder cannot be written, or holds a campaign.
        """
        found: dict[str, Estimate] = {}
        options, decided = self.subject.options, self.manifest.facts.get("static_verdicts", {})
        with self.folder.planned(self._check_options, self._write_head):
            watcher.opened(self.folder.path, options.device, len(self.manifest.mutants))
            for device in options.device:
                watcher.device(device)
                leg = self._leg(device)
                with self.folder.scratch() as scratch:
                    rehearsal = leg.rehearse(scratch, watcher)
                mutants, plan = self.manifest.own_of(device), leg.subject.lowered.plan
                sample, shard = options.sample, self.manifest.shard
                if sample is not None and shard is not None:
                    sample = math.ceil(sample / shard.of)
                found[device] = estimate(mutants, decided, sample, rehearsal, plan, leg.runners())
        return found

    def _leg(self, device: str) -> Leg:
        subject = self.subject.of(device)
        return Leg(device, subject, self.manifest, self.folder, self.make_compiler, self.retry)

    def _check_options(self) -> None:
        self.subject.options.check(resumed=self.resumed)

    def _write_head(self) -> None:
        if self.resumed:
            return
        write_atomically(self.folder.plan, self.subject.lowered.plan.to_json())
        for other in self.subject.others:
            path = self.folder.plan_of(other.group.lowering)
            write_atomically(path, other.lowered.plan.to_json())
        write_atomically(self.folder.code, code_text(self.subject))
        self.manifest.write(self.folder.manifest)
