"""Firefox as people have it, driven over WebDriver BiDi (W3C), with a sound system of its own.

Playwright drives only a Firefox that it has patched itself; this is Debian's.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from bootstrap import find_firefox

START_TIMEOUT_S = 60
ANSWER_TIMEOUT_S = 60
PREFERENCES = {
    # The microphone is given without a question, as a test cannot answer it.
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


class FirefoxSaid(RuntimeError):
    """An answer over BiDi that is an error."""


@dataclass
class Tab:
    """One tab of a running Firefox."""

    socket: ClientConnection
    context: str = ""
    _number: int = field(default=0)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; FirefoxSaid when it is an error."""
        self._number += 1
        self.socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv(timeout=ANSWER_TIMEOUT_S))
            if answer.get("id") == self._number:
                break
        if answer["type"] == "error":
            raise FirefoxSaid(f"{method}: {answer['error']}: {answer['message']}")
        return dict(answer["result"])

    def goto(self, address: str) -> None:
        """Open a page and wait until it is loaded."""
        self.call("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, as JSON gives it back."""
        result = self.call(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then((value) => JSON.stringify(value))",
            target={"context": self.context},
            awaitPromise=True,
            userActivation=True,
        )
        if result["type"] == "exception":
            raise FirefoxSaid(result["exceptionDetails"]["text"])
        said = result["result"]
        return json.loads(said["value"]) if said["type"] == "string" else None

    def wait_for(self, expression: str, what: str, timeout_s: float = 30) -> None:
        """Wait until the expression is true."""
        deadline = time.monotonic() + timeout_s
        while not self.evaluate(expression):
            text = self.evaluate("document.body.innerText")
            assert time.monotonic() < deadline, f"{what}; the page says:\n{text}"
            time.sleep(0.1)

    def click(self, selector: str) -> None:
        """Click in the middle of the first element that matches."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).scrollIntoView()")
        box = self.evaluate(
            f"document.querySelector({json.dumps(selector)}).getBoundingClientRect().toJSON()"
        )
        at = {"x": int(box["x"] + box["width"] / 2), "y": int(box["y"] + box["height"] / 2)}
        steps = [
            {"type": "pointerMove", **at},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        source = {"type": "pointer", "id": "mouse", "actions": steps}
        self.call("input.performActions", context=self.context, actions=[source])


@contextmanager
def firefox(folder: Path, environment: dict[str, str]) -> Iterator[Tab]:
    """A headless Firefox with a profile of its own in ``folder``; one tab of it."""
    executable = find_firefox()
    assert executable, "there is a Firefox"
    profile = folder / "profile"
    profile.mkdir(parents=True)
    lines = [f'user_pref("{name}", {json.dumps(value)});' for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="ascii")
    log = folder / "firefox.log"
    command = [executable, "--headless", "--no-remote", "--profile", str(profile)]
    with running(
        [*command, "--remote-debugging-port", "0"],
        log,
        {"HOME": str(folder), "MOZ_DISABLE_AUTO_SAFE_MODE": "1", **environment},
    ):
        address = _listening(log)
        with connect(f"{address}/session", max_size=None) as socket:
            tab = Tab(socket)
            tab.call("session.new", capabilities={})
            tab.context = tab.call("browsingContext.getTree")["contexts"][0]["context"]
            yield tab
            tab.call("session.end")


@contextmanager
def sound_system(folder: Path, speech: Path) -> Iterator[dict[str, str]]:
    """PulseAudio with a loudspeaker into which ``speech`` is said, and a microphone that hears it.

    Without an output device Firefox's AudioContext never starts. Yields the environment in which
    programs find it.
    """
    folder.mkdir(parents=True)
    address = f"unix:{folder / 'socket'}"
    modules = [
        "module-null-sink sink_name=room rate=48000 channels=1",
        "module-remap-source master=room.monitor source_name=microphone rate=48000 channels=1",
        f"module-native-protocol-unix auth-anonymous=1 socket={folder / 'socket'}",
    ]
    command = ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"]
    environment = {"PULSE_SERVER": address, "PULSE_RUNTIME_PATH": str(folder), "HOME": str(folder)}
    loads = [f"--load={module}" for module in modules]
    with running([*command, *loads], folder / "pulseaudio.log", environment):
        _wait(lambda: (folder / "socket").exists(), "PulseAudio starts")
        again = ["sh", "-c", f'while paplay --device=room "{speech}"; do sleep 1; done']
        with running(again, folder / "paplay.log", environment):
            yield environment


@contextmanager
def running(command: list[str], log: Path, environment: dict[str, str]) -> Iterator[None]:
    """A program that ends with the block, and all of its children with it."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            command,
            stdout=file,
            stderr=file,
            env={**os.environ, **environment},
            start_new_session=True,
        )
    try:
        yield
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            break


def _listening(log: Path) -> str:
    found: list[str] = []

    def said() -> bool:
        found[:] = re.findall(r"WebDriver BiDi listening on (ws://\S+)", log.read_text())
        return bool(found)

    _wait(said, f"Firefox starts; see {log}")
    return found[0]


def _wait(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def missing() -> str | None:
    """What this machine lacks for a test in Firefox, or None."""
    if find_firefox() is None:
        return "there is no Firefox here"
    return None if shutil.which("pulseaudio") else "there is no PulseAudio here"
