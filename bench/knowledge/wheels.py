#!/usr/bin/env python3
"""npm run wheel-table: the newest Python that has a wheel of each version of a distribution, on Linux and x86-64.

From the names of the files that pip's index lists; nothing is downloaded or run. A version with a wheel for every Python
(pure, or of the stable ABI) counts as 'any'; one without any wheel says nothing.
https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/
"""
import concurrent.futures
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import companions

OUT = companions.OUT.with_name("wheels.json")
BRINGS = companions.OUT.with_name("brings.json")
# Large ones that no table of names has, and that are on the index as wheels alone.
MORE = "dlib faiss-cpu lightgbm mediapipe tensorflow tensorflow-cpu torch torchaudio torchvision xgboost".split()
SOURCE = "https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/"


def newest(links):
    """'any', '3.12', or '?' where no wheel is for Linux on x86-64."""
    from packaging.utils import parse_wheel_filename

    minors = set()
    for link in links:
        if not link.is_wheel:
            continue
        for tag in parse_wheel_filename(link.filename)[3]:
            pure = tag.platform == "any" and tag.interpreter.startswith(("py3", "cp3"))
            linux = tag.platform.endswith("x86_64") and "linux" in tag.platform and "musl" not in tag.platform
            if (pure and tag.abi == "none") or (linux and (tag.abi == "abi3" or tag.interpreter == "py3")):
                return "any"
            if linux and tag.interpreter.startswith("cp3") and not tag.abi.endswith("t"):
                minors.add(int(tag.interpreter[3:]))
    return f"3.{max(minors)}" if minors else "?"


def read(index, name):
    """Rows 'from..to 3.12', oldest first; none where every version is for any Python, or says nothing."""
    rows = []
    for version, links in index.versions(name).items():
        what = newest(links)
        if rows and rows[-1][2] == what:
            rows[-1][1] = version
        else:
            rows.append([version, version, what])
    if not any(what.startswith("3.") for _, _, what in rows):
        return []
    return [f"{a}{'' if a == b else f'..{b}'} {what}" for a, b, what in rows]


def main():
    if companions.LinkCollector is None or os.environ.get("COMPANIONS") != "1":
        with tempfile.TemporaryDirectory(prefix="nayek-wheels-") as folder:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            python = pathlib.Path(folder) / "bin" / "python"
            subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", "pip", "packaging"], check=True)
            return subprocess.run([python, __file__, *sys.argv[1:]], env={**os.environ, "COMPANIONS": "1"}).returncode
    listed = (companions.HERE / "companions.txt").read_text().split()
    names = sorted({companions.normal(name) for name in [*MORE, *listed, *json.loads(BRINGS.read_text())["newest"]]})
    index, tables = companions.Index(), {}
    with concurrent.futures.ThreadPoolExecutor(companions.AT_ONCE) as pool:
        doing = {pool.submit(read, index, name): name for name in names}
        for count, done in enumerate(concurrent.futures.as_completed(doing), 1):
            rows = done.result()
            if rows:
                tables[doing[done]] = "|".join(rows)
            if count % 100 == 0:
                print(f"{count} of {len(names)}", flush=True)
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(tables[name])}" for name in sorted(tables))
    date = datetime.date.today().isoformat()
    OUT.write_text(f'{{\n  "date": {json.dumps(date)},\n  "source": {json.dumps(SOURCE)},\n  "wheels": {{\n{lines}\n  }}\n}}\n')
    return 0


if __name__ == "__main__":
    sys.exit(main())
