"""The program uv, which makes environments and unpacks wheels."""
import shutil
import subprocess
import sys


def uv_at(folder):
    """The one on the PATH, else one that pip puts into an environment below `folder`."""
    found = shutil.which("uv")
    if found:
        return found
    subprocess.run([sys.executable, "-m", "venv", str(folder / "uv")], check=True)
    subprocess.run([str(folder / "uv/bin/pip"), "install", "--quiet", "uv"], check=True)
    return str(folder / "uv/bin/uv")
