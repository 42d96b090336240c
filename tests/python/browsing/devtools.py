"""Real Chromium by its DevTools protocol: real keys, real media, any width, one start for all."""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SECONDS = 60.0
KEYS = {"Tab": (9, ""), "Enter": (13, "\r"), "Escape": (27, ""), "Space": (32, " ")}
# Chromium reads commands from file 3 and writes answers to file 4.
START = (
    "import os, sys; os.dup2({read}, 3); os.dup2({write}, 4); os.execv(sys.argv[1], sys.argv[1:])"
)


def chromium() -> str:
    """Return Chromium's command; a machine without it cannot run these tests, and says so."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "Chromium is not installed (Debian: apt-get install chromium)"
    return found


class Tab:
    """One page of a Chromium that was started for it; what is asked of it is awaited."""

    def __init__(self, read: int, write: int) -> None:
        self._read, self._write = read, write
        self._buffer = b""
        self._number = 0
        self._session: str | None = None
        self._events: list[dict[str, Any]] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        self._number += 1
        number = self._number
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            self._events.append(answer)

    def open(self, address: str, width: int = 1280, scheme: str = "light") -> None:
        """Open a page, wait until it is loaded, and see it at a width, in light or dark."""
        self.see(width, scheme)
        self._events.clear()
        self.send("Page.navigate", url=address)
        self._await("Page.loadEventFired")

    def see(self, width: int, scheme: str = "light", medium: str = "") -> None:
        """Set the width in CSS pixels, the colour scheme and the medium."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=False,
        )
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.send("Emulation.setEmulatedMedia", media=medium, features=[feature])

    def run(self, code: str) -> Any:
        """Run the body of an async function in the page and return what it returns."""
        done = self.send(
            "Runtime.evaluate",
            expression=f"(async function () {{\n{code}\n}})()",
            awaitPromise=True,
            returnByValue=True,
        )
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def load(self, script: Path) -> None:
        """Make a script known to the page, beside its policy."""
        done = self.send("Runtime.evaluate", expression=script.read_text(encoding="utf-8") + "\n;0")
        assert "exceptionDetails" not in done, done["exceptionDetails"]

    def key(self, name: str, shift: bool = False) -> None:
        """Press a key as a person does: what the browser does with it, it does here."""
        code, text = KEYS[name]
        more = {"text": text} if text else {}
        for kind in ("keyDown", "keyUp"):
            self.send(
                "Input.dispatchKeyEvent",
                type=kind,
                key=text if name == "Space" else name,
                code=name,
                windowsVirtualKeyCode=code,
                modifiers=8 if shift else 0,
                **(more if kind == "keyDown" else {}),
            )

    def point(self, x: float, y: float) -> None:
        """Move the mouse to a place in the window."""
        self.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def requests(self) -> list[str]:
        """Return the address of everything that the page asked for since it was opened."""
        self.send("Runtime.evaluate", expression="0")
        return [
            str(event["params"]["request"]["url"])
            for event in self._events
            if event.get("method") == "Network.requestWillBeSent"
        ]

    def problems(self) -> list[str]:
        """Return what the page wrote to the console as an error since it was opened."""
        self.send("Runtime.evaluate", expression="0")
        return [
            str(event["params"])
            for event in self._events
            if event.get("method") == "Runtime.exceptionThrown"
            or (
                event.get("method") == "Log.entryAdded"
                and event["params"]["entry"]["level"] == "error"
            )
        ]

    def _await(self, method: str) -> None:
        while not any(event.get("method") == method for event in self._events):
            self._events.append(self._receive())

    def _receive(self) -> dict[str, Any]:
        until = time.monotonic() + SECONDS
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], max(0.0, until - time.monotonic()))
            assert ready, f"Chromium did not answer within {SECONDS:g} seconds"
            more = os.read(self._read, 1 << 20)
            assert more, "Chromium ended"
            self._buffer += more
        text, _, self._buffer = self._buffer.partition(b"\0")
        answer: dict[str, Any] = json.loads(text)
        return answer


@contextmanager
def tab(profile: Path) -> Iterator[Tab]:
    """Start Chromium with a profile folder of its own; end it afterwards."""
    commands, write = os.pipe()
    read, answers = os.pipe()
    # Above those numbers that the child's files are given, so that none overwrites another.
    theirs = [fcntl.fcntl(one, fcntl.F_DUPFD, 20) for one in (commands, answers)]
    for one in (commands, answers):
        os.close(one)
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            START.format(read=theirs[0], write=theirs[1]),
            chromium(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--remote-debugging-pipe",
            f"--user-data-dir={profile}",
            "about:blank",
        ],
        pass_fds=theirs,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for one in theirs:
        os.close(one)
    try:
        yield Tab(read, write)
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        os.close(read)
        os.close(write)
