#!/usr/bin/env python3
"""npm run brings: what an install of each distribution of distributions.txt brings, and which modules it gives.

uv unpacks the newest wheels into a temporary folder, each without what it depends on; nothing of them is run. Their
METADATA names what they need, which is unpacked in the next round, and their RECORD the modules.
https://packaging.python.org/en/latest/specifications/core-metadata/
https://packaging.python.org/en/latest/specifications/recording-installed-packages/
"""
import argparse
import datetime
import email.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from uv import uv_at  # noqa: E402

HERE = pathlib.Path(__file__).parent
OUT = HERE.parent.parent / "src" / "knowledge" / "brings.json"
# Extras that people write into their lists.
EXTRAS = set("standard all full asyncio binary pool c redis bcrypt argon2 cryptography email daphne sqlalchemy asyncpg "
             "psycopg psycopg2-binary async dotenv aiosqlite beanie mongodb mysql socks http2 crypto security".split())
# Gigabytes; their modules stand in distributions.ts.
HEAVY = re.compile(r"^(?:nvidia|cuda|torch|triton|tensorflow|jax|pyspark|cupy)")
# Markers that never hold where a service runs.
ELSEWHERE = re.compile(r"==\s*['\"](?:win32|Windows|darwin|Darwin|PyPy|pypy|emscripten)['\"]|python_version\s*<=?\s*['\"]3\.[0-9]['\"]")
NAMESPACES = {"google", "azure", "opentelemetry", "llama_index", "sphinxcontrib", "zope", "backports", "ruamel"}
NO_MODULE = {"tests", "test", "docs", "doc", "examples", "example", "benchmarks", "scripts", "tools", "__pycache__"}
# What these need, which have no wheel: from memory, not from their metadata.
SOURCES = {
    "dj-rest-auth": "Django djangorestframework", "flask-apscheduler": "Flask APScheduler python-dateutil",
    "flask-basicauth": "Flask", "flask-bootstrap": "Flask dominate visitor", "flask-principal": "Flask blinker",
    "flask-script": "Flask", "flask-uploads": "Flask", "flask-restplus": "Flask Werkzeug aniso8601 jsonschema pytz six",
    "fpdf": "", "mysqlclient": "", "pylibmc": "", "ratelimit": "", "wikipedia": "beautifulsoup4 requests",
    "psycopg2": "", "bjoern": "", "cov-core": "coverage", "cx-oracle": "", "dj-static": "static3", "django-summernote": "Django bleach",
    "docopt": "", "flask-cache": "Flask", "flask-graphql": "Flask graphql-core promise", "flask-jwt": "Flask PyJWT",
    "flask-markdown": "Flask Markdown", "flask-nav": "Flask dominate visitor", "flask-sslify": "Flask", "flask-testing": "Flask",
    "gputil": "", "httpretty": "", "langdetect": "six", "mysql-connector": "", "odfpy": "defusedxml", "promise": "six",
    "psycogreen": "", "pycairo": "", "pyqrcode": "", "pysftp": "paramiko", "python-ldap": "pyasn1 pyasn1-modules",
    "pywebio": "tornado user-agents", "shopifyapi": "pyactiveresource PyJWT PyYAML six", "slugify": "",
    "sib-api-v3-sdk": "certifi python-dateutil six urllib3", "sqlitedict": "", "static3": "", "ta": "numpy pandas",
    "visitor": "", "yookassa": "deprecated distro netaddr requests urllib3",
}
SOURCE_MODULES = {
    "mysqlclient": ["MySQLdb"], "cx-oracle": ["cx_Oracle"], "flask-markdown": ["flaskext"], "gputil": ["GPUtil"],
    "mysql-connector": ["mysql"], "odfpy": ["odf"], "pycairo": ["cairo"], "python-ldap": ["ldap", "ldapurl", "ldif", "slapdtest"],
    "shopifyapi": ["shopify"],
    # Words that projects use for modules of their own: an import of one says nothing.
    "django-payments": [], "django-pipeline": [], "django-shop": [], "static3": [],
}
USUAL = "3.12"
AT_ONCE = 25
ROUNDS = 8


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def unpack(uv, names, target):
    """What has no wheel is left out."""
    command = [uv, "pip", "install", "--quiet", "--no-deps", "--no-build", "--python-version", USUAL, "--target", str(target)]
    for start in range(0, len(names), AT_ONCE):
        part = names[start : start + AT_ONCE]
        if subprocess.run(command + part, stderr=subprocess.DEVNULL).returncode != 0:
            for name in part:
                subprocess.run(command + [name], stderr=subprocess.DEVNULL)
        print(f"{start + len(part)} of {len(names)}", flush=True)


def described(target):
    """Normalised name → what the metadata of what was unpacked says."""
    out = {}
    for info in target.glob("*.dist-info"):
        metadata = email.parser.Parser().parsestr((info / "METADATA").read_text(errors="replace"))
        files = [line.split(",")[0].strip('"') for line in (info / "RECORD").read_text().splitlines()]
        out[normal(metadata["Name"])] = {
            "version": metadata["Version"],
            "python": metadata["Requires-Python"] or "",
            "extras": {normal(extra) for extra in metadata.get_all("Provides-Extra", [])},
            "requires": metadata.get_all("Requires-Dist", []),
            "modules": sorted({module for file in files for module in module_of(file)} - NO_MODULE),
        }
    return out


def module_of(file):
    parts = file.split("/")
    if not re.search(r"\.(?:py|so|pyd)$", file) or not re.fullmatch(r"[A-Za-z_]\w*", parts[0].split(".")[0]):
        return []
    if len(parts) > 1 and "." in parts[0] or parts[0] == "bin":
        return []
    stem = parts[-1].split(".")[0]
    path = parts[:-1] + ([] if stem == "__init__" else [stem])
    if path[0] not in NAMESPACES:
        return path[:1]
    deep = 3 if path[:2] == ["google", "cloud"] else 2
    return [".".join(path[:deep])] if len(path) >= deep else []


def direct(requires, extra=None):
    """What a distribution requires, without an extra or for one: (name, extras, specifier)."""
    out = []
    for line in requires:
        wanted = re.search(r"extra\s*==\s*['\"]([\w.-]+)['\"]", line)
        if (normal(wanted[1]) if wanted else None) != extra or ELSEWHERE.search(line.partition(";")[2]):
            continue
        name, extras, specifier = re.match(r"([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?\s*\(?([^;)]*)", line).groups()
        out.append((normal(name), [normal(e) for e in (extras or "").split(",") if e.strip()], specifier.replace(" ", "")))
    return out


def closure(known, name, extra):
    """Names of all that comes with it, and the specifiers with which each is asked for."""
    seen, stack, asked = set(), [(name, extra)] if extra else [(name, None)], {}
    while stack:
        one = stack.pop()
        if one in seen:
            continue
        seen.add(one)
        for other, extras, specifier in direct(known.get(one[0], {}).get("requires", ()), one[1]):
            if specifier and not specifier.startswith("@"):
                asked.setdefault(other, set()).add(specifier)
            stack.append((other, None))
            stack.extend((other, e) for e in extras)
    return {one for one, _ in seen}, asked


def release(version):
    return [int(part) for part in re.findall(r"\d+", version.split("+")[0])[:4]]


def admits(specifier, version):
    """True when the newest version is within the upper bounds; what is not understood admits it."""
    for clause in specifier.split(","):
        match = re.match(r"(<=|<|==|~=|!=)(\d[\w.]*?)(\.\*)?$", clause)
        if not match:
            continue
        operator, bound = match[1], release(match[2])
        mine = release(version)
        if operator == "<" and mine >= bound or operator == "<=" and mine > bound:
            return False
        if operator == "==" and mine[: len(bound)] != bound:
            return False
        if operator == "~=" and mine[: len(bound) - 1] != bound[:-1]:
            return False
    return True


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--cache", default=tempfile.gettempdir() + "/nayek-brings", help="folder of what is unpacked")
    options.add_argument("--new", action="store_true", help="only what brings.json does not have, added to it as it is")
    given = options.parse_args()
    cache = pathlib.Path(given.cache)
    cache.mkdir(parents=True, exist_ok=True)
    uv = uv_at(cache)
    listed = sorted({normal(line) for line in (HERE / "distributions.txt").read_text().split()})
    before = json.loads(OUT.read_text()) if given.new else {}
    listed = [name for name in listed if name not in before.get("brings", {})]
    target = cache / "unpacked"
    known, tried = described(target), set()
    for _ in range(ROUNDS):
        wanted = set(listed)
        for name in list(wanted):
            extras = known.get(name, {}).get("extras", set()) & EXTRAS
            for extra in [None, *extras]:
                wanted |= closure(known, name, extra)[0]
        new = sorted(name for name in wanted - known.keys() - tried if not HEAVY.search(name))
        if not new:
            break
        tried |= set(new)
        unpack(uv, new, target)
        known = described(target)
    for name, needs in SOURCES.items():
        modules = SOURCE_MODULES.get(name, [name.replace("-", "_")])
        known.setdefault(name, {"version": "", "python": "", "extras": set(), "requires": needs.split(), "modules": modules})
    for name in SOURCE_MODULES.keys() & known.keys():
        known[name]["modules"] = SOURCE_MODULES[name]
    brings, holds = {}, {}
    for name in sorted(known):
        for extra in [None, *sorted(known[name]["extras"] & EXTRAS)]:
            asked = f"{name}[{extra}]" if extra else name
            names, specifiers = closure(known, name, extra)
            brings[asked] = " ".join(sorted(names - {name} if extra else names))
            held = {other: sorted(s for s in found if not admits(s, known[other]["version"]))
                    for other, found in sorted(specifiers.items()) if known.get(other, {}).get("version")}
            held = {other: ",".join(found) for other, found in held.items() if found}
            if held:
                holds[asked] = held
    tables = {
        "brings": brings,
        "holds": holds,
        "newest": {name: [row["version"], row["python"]] for name, row in sorted(known.items()) if row["version"]},
        "modules": {name: row["modules"] for name, row in sorted(known.items())
                    if row["modules"] != [name.replace("-", "_")]},
    }
    # What is there was resolved on one day, which the file tells.
    tables = {key: dict(sorted({**table, **before.get(key, {})}.items())) for key, table in tables.items()}
    date = before.get("date", datetime.date.today().isoformat())
    rows = ",\n".join(f" {json.dumps(key)}: {{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in table.items())
                      + "\n }" for key, table in tables.items())
    OUT.write_text("{\n" + f' "date": {json.dumps(date)},\n{rows}\n' + "}\n")
    print(f"{len(known)} distributions; no wheel: " + " ".join(sorted(name for name in listed if name not in known)))


main()
