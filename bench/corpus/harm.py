"""What CPython says of two trees: harm.py NAMES BEFORE AFTER CHANGED... prints one JSON list of complaints.

Changed sources must compile when they did before; an INI may lose or gain nothing but sqlalchemy.url; requirements and
pyproject.toml may gain gunicorn, uvicorn, uvicorn-worker and what NAMES says (comma-separated), and nothing else may differ. Nothing is imported or run.
"""
import configparser
import json
import pathlib
import re
import sys

try:
    import tomllib
except ImportError:
    tomllib = None

ADDED = {"gunicorn", "uvicorn", "uvicorn-worker", "uvicorn_worker"}


def compiles(path):
    try:
        compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
        return None
    except (SyntaxError, ValueError) as error:
        return str(error)


def decoded(path):
    data = path.read_bytes()
    for bom, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(bom):
            return data.decode(name)
    return data.decode("utf-8")


def ini(path):
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read_string(decoded(path))
    return {s: {k: v for k, v in parser.items(s) if k != "sqlalchemy.url"} for s in parser.sections()}


def requirements(path):
    from pip._vendor.packaging.requirements import InvalidRequirement, Requirement

    out = []
    for line in decoded(path).splitlines():
        line = line.split(" #")[0].strip()
        if not line or line.startswith("#"):
            continue
        try:
            parsed = Requirement(line)
            if parsed.name.lower() in ADDED:
                continue
            out.append(str(parsed))
        except InvalidRequirement:
            out.append(line)
    return out


def toml(path):
    def clean(node):
        if isinstance(node, dict):
            return {k: clean(v) for k, v in node.items() if k not in ADDED}
        if isinstance(node, list):
            return [clean(v) for v in node if not (isinstance(v, str) and re.split(r"[^\w.-]", v)[0] in ADDED)]
        return node

    return clean(tomllib.loads(decoded(path)))


def check(before, after, name):
    old, new = before / name, after / name
    if name.endswith(".py"):
        if old.exists() and compiles(old):
            return None
        return compiles(new)
    readers = []
    if name.endswith((".ini", "setup.cfg")):
        readers.append(ini)
    elif name.endswith(".toml") and tomllib:
        readers.append(toml)
    elif name.endswith((".txt", ".in")):
        readers.append(requirements)
    for reader in readers:
        if old.exists() and reader(old) != reader(new):
            return "more than the edit differs"
    return None


def main():
    added, before, after, *names = sys.argv[1:]
    ADDED.update(filter(None, added.split(",")))
    found = []
    for name in names:
        try:
            problem = check(pathlib.Path(before), pathlib.Path(after), name)
        except Exception as error:  # a complaint about the file, whatever its kind
            problem = f"{type(error).__name__}: {error}"
        if problem:
            found.append(f"{name}: {problem}")
    print(json.dumps(found))


main()
