"""Run a command over untrusted bytes as a child that can do little harm.

Every child gets limits (CPU and wall time, memory, files, output), next to no environment, an
empty directory of its own and low priority. ``collector.audio.jails`` adds what the system
allows: no network, no sight of other processes, no files. Nothing here uses ``preexec_fn``, so
it is safe from threads.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Any, BinaryIO

from collector.audio.jails import jail_in_force

CHUNK_BYTES = 1 << 18
ULIMIT_FILE_BLOCK_BYTES = 512  # POSIX: `ulimit -f` counts these, `-v` counts KiB
CANNOT_EXECUTE, NOT_FOUND = 126, 127  # a POSIX shell's exit codes
KILLED_BY = 128  # a POSIX shell adds the signal's number to this
# glibc reserves 64 MB for each thread's arena: a few threads more, and the limit of memory is hit.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1"}


@dataclass(frozen=True)
class ChildLimits:
    """What a child may use before it is stopped. Zero file bytes: it can write no file at all.

    ``stdout_bytes`` is for all that it gives out, be it through one pipe or several.
    """

    wall_time_s: float = 20.0
    cpu_time_s: int = 15
    address_space_bytes: int = 1 << 30
    file_bytes: int = 0
    open_files: int = 32
    stdout_bytes: int = 16 << 20
    stderr_bytes: int = 64 << 10
    niceness: int = 10


DEFAULT_LIMITS = ChildLimits()


@dataclass(frozen=True)
class Output:
    """What a child printed; of stderr only the first ``stderr_bytes``.

    ``stdout`` is the very buffer that it was read into: a minute of sound is 90 MB, and each copy
    as much again.
    """

    stdout: bytearray
    stderr: str

    @property
    def last_line(self) -> str:
        """The last line of stderr that is not blank, or an empty string."""
        lines = [line for line in self.stderr.splitlines() if line.strip()]
        return lines[-1].strip() if lines else ""


class Ending(StrEnum):
    """How a child failed."""

    TIMED_OUT = "timed out"
    OUTPUT_TOO_LARGE = "wrote too much"
    KILLED = "was killed by a signal"
    EXITED = "exited with an error"


class ChildFailed(Exception):
    """The child did not end well; what it printed until then is in ``output``."""

    def __init__(self, ending: Ending, explanation: str, output: Output) -> None:
        super().__init__(f"{ending}: {explanation}")
        self.ending = ending
        self.output = output


class CannotStart(Exception):
    """The command itself is missing or may not be run here: an operator's matter, not the data's.

    Check that it is installed and that the jail (``describe_jail``) can see and execute it.
    """


def run(
    command: Sequence[str], *, stdin: BinaryIO | None = None, limits: ChildLimits = DEFAULT_LIMITS
) -> Output:
    """Run ``command`` (an absolute path and its arguments) in the jail and return its output.

    ``stdin`` is handed over as an open file, at its present offset.
    Raises ChildFailed when it fails or passes a limit, CannotStart when it cannot be executed.
    """
    with _child(command, limits, stdin=stdin) as child:
        assert child.stdout is not None
        stdout = bytearray()
        said, ending = _collect(child, {child.stdout: stdout}, limits)
        output = Output(stdout, said)
    _check(command, child.returncode, output, ending, limits)
    return output


def run_on_files(
    command: Callable[[Sequence[int], Sequence[int]], Sequence[str]],
    files: Sequence[BinaryIO],
    limits: ChildLimits = DEFAULT_LIMITS,
) -> tuple[list[bytearray], str]:
    """Run one child on several open files, each with a pipe of its own for what is made of it.

    ``command`` is given the descriptors of the files and of the pipes, as the child has them.
    Returns what came through the pipes, and stderr. Raises as ``run`` does.
    """
    with contextlib.ExitStack() as open_pipes:
        pipes = [_pipe(open_pipes) for _ in files]
        sources = [file.fileno() for file in files]
        targets = [writer.fileno() for _, writer in pipes]
        words, passed = command(sources, targets), (*sources, *targets)
        with _child(words, limits, pass_fds=passed, stdout=subprocess.DEVNULL) as child:
            for _, writer in pipes:
                writer.close()  # else a pipe would never end
            outputs = {reader: bytearray() for reader, _ in pipes}
            said, ending = _collect(child, outputs, limits)
    _check(words, child.returncode, Output(bytearray(), said), ending, limits)
    return list(outputs.values()), said


def _pipe(stack: contextlib.ExitStack) -> tuple[IO[bytes], IO[bytes]]:
    reader, writer = os.pipe()
    return (
        stack.enter_context(os.fdopen(reader, "rb", buffering=0)),
        stack.enter_context(os.fdopen(writer, "wb", buffering=0)),
    )


@contextlib.contextmanager
def _child(
    command: Sequence[str],
    limits: ChildLimits,
    *,
    stdin: BinaryIO | None = None,
    stdout: int = subprocess.PIPE,
    pass_fds: Sequence[int] = (),
) -> Iterator[subprocess.Popen[bytes]]:
    """The running child; nothing of it is left after the block."""
    if not os.access(command[0], os.X_OK):
        raise CannotStart(f"{command[0]}: not found, or not executable by this user")
    with (
        tempfile.TemporaryDirectory(prefix="choir-child-") as empty_folder,
        _started(
            _jailed(command, limits),
            stdin=stdin if stdin is not None else subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
            cwd=empty_folder,
            start_new_session=True,
            pipesize=CHUNK_BYTES,
            pass_fds=pass_fds,
        ) as child,
    ):
        try:
            yield child
        finally:
            _kill_group(child)


@contextlib.contextmanager
def on_this_processor() -> Iterator[None]:
    """Children that are started in the block stay on the processor of this thread.

    For a thread that waits for its child anyway: ffmpeg is half a dozen threads that hand small
    packets on, and to wake one up on another processor costs more than most of what it does there
    (28 ms of CPU to decode 3.5 s of Opus, and 20 on one).
    """
    if sys.platform != "linux":
        yield
        return
    allowed = os.sched_getaffinity(0)  # of this thread alone, and so is what is set
    os.sched_setaffinity(0, {ctypes.CDLL(None).sched_getcpu()})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def _started(command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    with on_this_processor():
        return subprocess.Popen(command, **options)  # noqa: S603 - no shell parses data


def _jailed(command: Sequence[str], limits: ChildLimits) -> list[str]:
    """The whole command line: low priority, jail, then a shell that sets limits and waits.

    The shell waits rather than ``exec``s, for it is process 1 of its own namespace there, and the
    kernel shields process 1 from most signals.
    """
    nice = [shutil.which("nice") or "/usr/bin/nice", "-n", str(limits.niceness)]
    script = f'{"; ".join(_ulimits(limits))}; "$@"; exit $?'
    return [*nice, *jail_in_force().prefix(command[0]), "/bin/sh", "-c", script, "sh", *command]


def _ulimits(limits: ChildLimits) -> list[str]:
    commands = [
        "ulimit -c 0",
        f"ulimit -t {limits.cpu_time_s}",
        f"ulimit -f {limits.file_bytes // ULIMIT_FILE_BLOCK_BYTES}",
        f"ulimit -n {limits.open_files}",
    ]
    if sys.platform == "linux":  # macOS knows the limit but refuses to set it
        commands.append(f"ulimit -v {limits.address_space_bytes // 1024}")
    return commands


def _collect(
    child: subprocess.Popen[bytes], outputs: Mapping[IO[bytes], bytearray], limits: ChildLimits
) -> tuple[str, Ending | None]:
    """Read all pipes to their ends, or until a limit of ours is passed; returns stderr."""
    assert child.stderr is not None
    stderr = bytearray()
    deadline_s = time.monotonic() + limits.wall_time_s
    ending: Ending | None = None
    with selectors.DefaultSelector() as selector:
        for pipe, buffer in {**outputs, child.stderr: stderr}.items():
            selector.register(pipe, selectors.EVENT_READ, buffer)
        while ending is None and selector.get_map():
            left_s = deadline_s - time.monotonic()
            ready = selector.select(left_s) if left_s > 0 else []
            if not ready:
                ending = Ending.TIMED_OUT
            for key, _ in ready:
                _read(key, selector)
            del stderr[limits.stderr_bytes :]
            if sum(map(len, outputs.values())) > limits.stdout_bytes:
                ending = Ending.OUTPUT_TOO_LARGE
    return stderr.decode("utf-8", "replace"), ending


def _read(key: selectors.SelectorKey, selector: selectors.BaseSelector) -> None:
    chunk = os.read(key.fd, CHUNK_BYTES)
    if chunk:
        key.data.extend(chunk)
    else:
        selector.unregister(key.fileobj)


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started.

    Done before it is reaped, so the number still is its own; one that already exits keeps its
    exit code.
    """
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _check(
    command: Sequence[str],
    exit_code: int,
    output: Output,
    ending: Ending | None,
    limits: ChildLimits,
) -> None:
    if ending is not None:
        del output.stdout[limits.stdout_bytes :]
        raise ChildFailed(ending, _limit_in_words(ending, limits), output)
    _check_exit(command, exit_code, output)


def _limit_in_words(ending: Ending, limits: ChildLimits) -> str:
    if ending is Ending.TIMED_OUT:
        return f"no end after {limits.wall_time_s:g} s"
    return f"more than {limits.stdout_bytes} bytes"


def _check_exit(command: Sequence[str], exit_code: int, output: Output) -> None:
    if exit_code in (CANNOT_EXECUTE, NOT_FOUND):
        raise CannotStart(f"{command[0]}: {output.last_line}")
    signal_name = _signal_name(exit_code)
    if signal_name:
        raise ChildFailed(Ending.KILLED, f"{signal_name}, {output.last_line}", output)
    if exit_code != 0:
        raise ChildFailed(Ending.EXITED, f"code {exit_code}, {output.last_line}", output)


def _signal_name(exit_code: int) -> str | None:
    """The signal that an exit code stands for, as Popen (-9) or a shell (137) tells it."""
    number = -exit_code if exit_code < 0 else exit_code - KILLED_BY
    try:
        return signal.Signals(number).name
    except ValueError:
        return None
