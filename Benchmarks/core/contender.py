"""One process that is asked for single runs over standard input and output, and the times it needed."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field

TICKS = os.sysconf("SC_CLK_TCK")


class ContenderFailed(Exception):
    """The process ended or answered something else; the text says which and gives the end of its standard error."""


@dataclass
class Contender:
    """A peer or Columna. `ours` marks Columna, which ratios refer to."""

    title: str
    command: list[str]
    environment: dict[str, str]
    ours: bool = False
    facts: dict = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    processor_seconds: list[float] = field(default_factory=list)
    answers: list[dict] = field(default_factory=list)

    def start(self) -> None:
        """Starts the process and waits until it has loaded its network."""
        self._errors = tempfile.TemporaryFile(mode="w+", errors="replace")
        try:
            self._process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
                                             text=True, env={**os.environ, **self.environment})
        except OSError as error:
            raise ContenderFailed(f"{self.title} cannot be started: {error.strerror}") from error
        self.facts = self._answer()
        if not self.facts.get("ready"):
            raise ContenderFailed(f"{self.title} must say ready first, it said {self.facts}")
        self.title = self.facts.get("name", self.title)

    def warm_up(self) -> None:
        self._ask()

    def measure(self) -> float:
        """Asks for one run and records what it reports; returns its seconds."""
        before = self._processor_seconds()
        answer = self._ask()
        self.processor_seconds.append(self._processor_seconds() - before)
        self.seconds.append(answer["seconds"])
        return answer["seconds"]

    def stop(self) -> None:
        """Ends the process; safe to call at any time."""
        process = getattr(self, "_process", None)
        if process is None:
            return
        try:
            process.stdin.close()
            process.wait(timeout=10)
        except (OSError, subprocess.TimeoutExpired):
            process.kill()
            process.wait()
        process.stdout.close()
        self._errors.close()
        self._process = None

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def quietest(self) -> float:
        return min(self.seconds)

    @property
    def peak_bytes(self) -> int:
        return max([self.facts.get("peak_bytes") or 0] + [answer.get("peak_bytes") or 0 for answer in self.answers])

    def _ask(self) -> dict:
        try:
            self._process.stdin.write("run\n")
            self._process.stdin.flush()
        except OSError as error:
            raise ContenderFailed(self._ending()) from error
        answer = self._answer()
        if not isinstance(answer.get("seconds"), (int, float)):
            raise ContenderFailed(f"{self.title} must answer with its seconds, it said {answer}")
        self.answers.append(answer)
        return answer

    def _answer(self) -> dict:
        line = self._process.stdout.readline()
        if not line:
            raise ContenderFailed(self._ending())
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise ContenderFailed(f"{self.title} must answer in JSON lines, it said {line.strip()[:200]!r}")
        return answer

    def _ending(self) -> str:
        status = self._process.wait()
        self._errors.seek(0)
        last = [line.rstrip() for line in self._errors if line.strip()][-3:]
        return f"{self.title} ended with status {status}" + (": " + " | ".join(last) if last else "")

    def _processor_seconds(self) -> float:
        """User and system time of all its threads so far: what a run costs even when the machine is not quiet."""
        with open(f"/proc/{self._process.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def alternate(contenders: list[Contender], repeat: int, say: Callable[[str], None],
              warm_up: bool = True) -> tuple[list[Contender], list[str]]:
    """Starts all, warms each up once, then measures them in turn, `repeat` rounds. Returns those that held out, and why others did not."""
    failures: list[str] = []

    def keep(step: Callable[[Contender], object]) -> list[Contender]:
        left = []
        for contender in alive:
            try:
                step(contender)
                left.append(contender)
            except ContenderFailed as error:
                failures.append(str(error))
                say(f"  left out: {error}")
                contender.stop()
        return left

    alive = contenders
    try:
        say(f"  loading{' and warming up' if warm_up else ''}: " + ", ".join(contender.title for contender in alive))
        alive = keep(Contender.start)
        if warm_up:
            alive = keep(Contender.warm_up)
        for number in range(1, repeat + 1):
            times: list[str] = []
            alive = keep(lambda contender: times.append(f"{contender.title} {contender.measure():.2f} s"))
            with open("/proc/loadavg") as load:
                say(f"  round {number} of {repeat}: {', '.join(times)}; load {load.read().split()[0]}")
    finally:
        for contender in contenders:
            contender.stop()
    return alive, failures
