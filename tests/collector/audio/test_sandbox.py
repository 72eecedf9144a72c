"""A child that misbehaves is stopped, and the error says how."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from collector.audio import jails
from collector.audio.ffmpeg_command import ffmpeg_executable
from collector.audio.sandbox import CannotStart, ChildFailed, ChildLimits, Ending, run, run_on_files

SH = "/bin/sh"


def shell(script: str, **limits: float) -> str:
    """What a shell script prints in the sandbox."""
    return run([SH, "-c", script], limits=ChildLimits(**limits)).stdout.decode()  # type: ignore[arg-type]


def failure_of(script: str, **limits: float) -> ChildFailed:
    with pytest.raises(ChildFailed) as failed:
        shell(script, **limits)
    return failed.value


def test_a_good_child_gives_back_both_outputs() -> None:
    output = run([SH, "-c", "printf sound; echo words >&2"])
    assert (output.stdout, output.stderr) == (b"sound", "words\n")


def test_standard_input_is_the_open_file_itself(tmp_path: Path) -> None:
    path = tmp_path / "clip"
    path.write_bytes(b"bytes of a clip")
    with path.open("rb") as file:
        assert run(["/bin/cat"], stdin=file).stdout == b"bytes of a clip"


def each(script: str) -> Callable[[Sequence[int], Sequence[int]], list[str]]:
    """A command that does ``script`` for each file, with IN and OUT for its descriptors."""

    def command(sources: Sequence[int], targets: Sequence[int]) -> list[str]:
        # /proc is not there to be seen, and a shell knows descriptors of one digit only.
        done = [
            f"import os; {script.replace('IN', str(source)).replace('OUT', str(target))}"
            for source, target in zip(sources, targets, strict=True)
        ]
        return ["/usr/bin/env", "python3", "-c", "; ".join(done)]

    return command


def test_several_files_have_a_pipe_each(tmp_path: Path) -> None:
    copy = each("os.write(OUT, os.read(IN, 100))")
    with ExitStack() as stack:
        files = []
        for text in ("one", "two", "three"):
            (tmp_path / text).write_text(text)
            files.append(stack.enter_context((tmp_path / text).open("rb")))
        assert run_on_files(copy, files) == ([b"one", b"two", b"three"], "")


def test_the_limit_of_output_is_for_all_pipes_together(tmp_path: Path) -> None:
    (tmp_path / "clip").touch()
    limits = ChildLimits(stdout_bytes=1500)
    with (tmp_path / "clip").open("rb") as file, pytest.raises(ChildFailed) as failed:
        run_on_files(each("os.write(OUT, bytes(1000))"), [file, file], limits)
    assert failed.value.ending is Ending.OUTPUT_TOO_LARGE


def test_the_environment_and_the_folder_are_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHOIR_SECRET", "hidden")
    assert "hidden" not in shell("env")
    assert shell("ls -A .") == ""


def test_the_folder_is_gone_afterwards() -> None:
    folder = shell("pwd").strip()
    assert folder == "/empty" or not Path(folder).exists()


def test_a_child_that_waits_for_ever_is_ended_with_all_it_started() -> None:
    began_s = time.monotonic()
    failure = failure_of("sleep 31 & sleep 30", wall_time_s=0.3)
    assert failure.ending is Ending.TIMED_OUT
    assert "0.3 s" in str(failure)
    assert time.monotonic() - began_s < 3


def test_a_child_that_prints_errors_for_ever_is_ended_and_its_words_are_capped() -> None:
    failure = failure_of("while :; do echo noise >&2; done", wall_time_s=0.3, stderr_bytes=1000)
    assert failure.ending is Ending.TIMED_OUT
    assert len(failure.output.stderr) == 1000


def test_cpu_time_is_limited() -> None:
    failure = failure_of("while :; do :; done", cpu_time_s=1)
    assert failure.ending is Ending.KILLED
    assert "SIGKILL" in str(failure)


def test_memory_is_limited() -> None:
    greedy = "x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done"
    failure = failure_of(greedy, address_space_bytes=64 << 20)
    assert failure.ending in (Ending.EXITED, Ending.KILLED)


def test_output_is_capped() -> None:
    failure = failure_of("while :; do echo a lot of output; done", stdout_bytes=5_000)
    assert failure.ending is Ending.OUTPUT_TOO_LARGE
    assert len(failure.output.stdout) == 5_000


def test_no_file_can_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    target = tmp_path / "written"
    failure_of(f"echo something > {target}")
    assert not target.exists() or target.read_bytes() == b""


def test_open_files_are_limited() -> None:
    assert shell("ulimit -n", open_files=20).strip() == "20"


def test_there_is_no_core_dump() -> None:
    assert shell("ulimit -c").strip() == "0"


def test_the_child_runs_at_low_priority() -> None:
    assert shell("nice", niceness=7).strip() == str(os.nice(0) + 7)


def test_an_exit_code_is_told_with_the_last_words() -> None:
    failure = failure_of("echo first >&2; echo last words >&2; echo >&2; exit 3")
    assert failure.ending is Ending.EXITED
    assert str(failure) == "exited with an error: code 3, last words"


def test_a_crash_is_told_by_its_signal() -> None:
    failure = failure_of("kill -SEGV $$")
    assert failure.ending is Ending.KILLED
    assert "SIGSEGV" in str(failure)


def test_a_missing_command_is_not_the_datas_fault() -> None:
    with pytest.raises(CannotStart, match="/no/such/command"):
        run(["/no/such/command"])


def test_threads_can_run_children_side_by_side() -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: shell(f"echo {number}").strip(), range(24)))
    assert answers == [str(number) for number in range(24)]


def test_the_jail_in_force_is_described() -> None:
    name, _, walls = jails.describe_jail().partition(": ")
    assert name in {jail.name for jail in jails.JAILS}
    assert walls


def test_a_jail_whose_tool_is_missing_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.audio.jails.shutil.which", lambda name: None)
    assert [jail.name for jail in jails.JAILS if jails.works(jail)] == ["limits"]


@pytest.fixture
def visits() -> object:
    """A server on this machine, and who came."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    visitor, _ = server.accept()
                except OSError:
                    return
                came.append(visitor)
                visitor.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1], came
        server.shutdown(socket.SHUT_RDWR)


def test_a_jailed_child_reaches_no_network(visits: tuple[int, list[object]]) -> None:
    if jails.jail_in_force().name == "limits":
        pytest.skip("this system allows no jail without network")
    port, came = visits
    ask = [ffmpeg_executable(), "-nostdin", "-v", "error", "-i", f"http://127.0.0.1:{port}/clip"]
    with pytest.raises(ChildFailed):
        run([*ask, "-f", "null", "-"])
    assert came == []
    unjailed = jails.Jail("none", "", lambda executable: [])
    with pytest.MonkeyPatch.context() as patch, pytest.raises(ChildFailed):
        patch.setattr("collector.audio.sandbox.jail_in_force", lambda: unjailed)
        run([*ask, "-f", "null", "-"])
    assert came, "without the jail the same command does reach the server"
