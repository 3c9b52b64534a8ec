#!/usr/bin/env python3
"""npm run drift: proves each row of src/knowledge/drift.json by a real run, and writes docs/drift.md.

For each row two environments are made in a temporary folder: one as a build would make it, in which the row's program
must fail with the text that the row names (`environment` is what such an environment holds from the beginning); one with the row's constraint (or its other Python, or its other program), in
which it must end well. A row of wheels alone is installed instead of run. What was proved gets today's date.
"""
import argparse
import concurrent.futures
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from uv import uv_at  # noqa: E402

HOME = pathlib.Path(__file__).parent.parent.parent
ROWS = HOME / "src" / "knowledge" / "drift.json"
TABLE = HOME / "docs" / "drift.md"
INSTALL_SECONDS = 600
RUN_SECONDS = 120


class Failed(Exception):
    pass


def interpreter(version):
    """A Python of this minor version: pyenv's, or the one on the PATH; else uv may fetch it."""
    root = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv"))
    own = sorted(root.glob(f"versions/{version}.*/bin/python"))
    return str(own[-1]) if own else shutil.which(f"python{version}") or version


def environment(uv, folder, python, install, wheels_only):
    """The environment's interpreter; raises Failed with what uv says where the install fails."""
    subprocess.run([uv, "venv", "--quiet", "--python", interpreter(python), str(folder)], check=True, capture_output=True)
    if install:
        command = [uv, "pip", "install", "--quiet", "--python", str(folder / "bin/python"), *install]
        run = subprocess.run(command + (["--no-build"] if wheels_only else []), capture_output=True, text=True, timeout=INSTALL_SECONDS)
        if run.returncode != 0:
            raise Failed(run.stderr)
    return folder / "bin/python"


def run(python, program, folder):
    done = subprocess.run([str(python), "-W", "ignore", "-c", program], capture_output=True, text=True, timeout=RUN_SECONDS, cwd=folder)
    if done.returncode != 0:
        raise Failed(done.stderr)


def versions(uv, python, names):
    """The versions in an environment of what a row names."""
    shown = subprocess.run([uv, "pip", "list", "--quiet", "--format", "json", "--python", str(python)], capture_output=True, text=True)
    found = {re.sub(r"[-_.]+", "-", item["name"]).lower(): item["version"] for item in json.loads(shown.stdout or "[]")}
    return " ".join(f"{name} {found[name]}" for name in sorted(names) if name in found)


def names_of(row):
    when = row["when"]
    asked = [re.split(r"[<>=!~\[]", one)[0].lower() for one in [*row["proof"]["install"], row.get("ask", "")]]
    return {name for name in [*when.get("takes", {}), *when.get("held", {}), *asked] if name}


def breaks_from(uv, proof, name, floor, where):
    """False where the first version that the row speaks of still works. One that cannot be installed is no witness."""
    *head, last = floor.split(".")
    above = ".".join([*head, str(int(last) + 1)]) if head else f"{floor}.1"
    try:
        first = [*proof["install"], f"{name}>={floor},<{above}"]
        python = environment(uv, where / f"first-{name}", proof["python"], first, False)
    except Failed:
        return True
    try:
        run(python, proof["run"], where)
        return False
    except Failed:
        return True


def prove(uv, row, home):
    """(True, versions with which it fails) or (False, why)."""
    proof = row["proof"]
    wheels = proof.get("wheelsOnly", False)
    where = home / row["id"]
    where.mkdir()
    with_what = ""
    try:
        try:
            python = environment(uv, where / "broken", proof["python"], [*proof.get("environment", []), *proof["install"]], wheels)
            with_what = versions(uv, python, names_of(row))
            run(python, proof["run"], where)
            return False, "does not fail"
        except Failed as failure:
            if proof["fails"] not in str(failure):
                return False, f"fails otherwise: {str(failure).strip().splitlines()[-1:]}"
        for name, floor in row["when"].get("takes", {}).items():
            if not breaks_from(uv, proof, name, floor, where):
                return False, f"does not fail with the first {name} from {floor} on"
        try:
            python = environment(uv, where / "mended", proof.get("mendedPython", proof["python"]), proof["mended"], wheels)
            run(python, proof.get("mendedRun", proof["run"]), where)
        except Failed as failure:
            return False, f"fails when mended: {str(failure).strip().splitlines()[-1:]}"
        return True, with_what or " ".join(proof["install"])
    except (subprocess.SubprocessError, OSError) as error:
        return False, f"not tried: {error}"
    finally:
        shutil.rmtree(where, ignore_errors=True)


HEAD = """# Known breaks between versions

`npm run drift` wrote this table: each row was installed and run twice, as it breaks and as it is mended. The rows stand in
`src/knowledge/drift.json`; CONTRIBUTING.md shows how to add one.

| row | what breaks | Python | with | mended by | proved |
|---|---|---|---|---|---|
"""


def table(rows, shown):
    lines = []
    for row in rows:
        mend = row.get("ask") or row.get("say")
        mend = f"`{mend}`" if "ask" in row else mend
        python = row["proof"]["python"]
        lines.append(f"| [{row['id']}]({row['source']}) | {row['what']} | {python} | {shown.get(row['id'], '')} | {mend} | {row['proved']} |")
    return HEAD + "\n".join(lines) + "\n"


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--only", default="", help="rows whose id has this text")
    options.add_argument("--at-once", type=int, default=2)
    given = options.parse_args()
    rows = json.loads(ROWS.read_text())
    # The table keeps the versions of rows that are not run this time.
    cells = [line.split(" | ") for line in (TABLE.read_text().splitlines() if TABLE.exists() else []) if line.startswith("| [")]
    shown = {re.match(r"\| \[([^\]]+)", cell[0])[1]: cell[3] for cell in cells}
    failed = 0
    with tempfile.TemporaryDirectory(prefix="nayek-drift-") as folder:
        home = pathlib.Path(folder)
        uv = uv_at(home)
        tried = [row for row in rows if given.only in row["id"]]
        with concurrent.futures.ThreadPoolExecutor(given.at_once) as pool:
            for row, (good, what) in zip(tried, pool.map(lambda row: prove(uv, row, home), tried)):
                print("ok  " if good else "FAIL", row["id"], what, flush=True)
                failed += not good
                if good:
                    row["proved"] = datetime.date.today().isoformat()
                    shown[row["id"]] = what
    ROWS.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    TABLE.write_text(table(rows, shown))
    print(f"{len(tried) - failed} of {len(tried)} proved")
    return 1 if failed else 0


sys.exit(main())
