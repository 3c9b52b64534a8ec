#!/usr/bin/env python3
"""npm run brings: what an install of each distribution of distributions.txt brings, from the metadata that pip reads.

pip resolves nothing and installs nothing (--dry-run --no-deps): each round asks for the distributions that the round
before has named, until none is new or three rounds are over. Reports are kept in --cache, so that a run that was
interrupted goes on. Markers for other systems count: rather too much is brought than too little.
https://pip.pypa.io/en/stable/reference/installation-report/
"""
import argparse
import datetime
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
OUT = HERE.parent.parent / "src" / "knowledge" / "brings.json"
# Extras that people write into their lists.
EXTRAS = set("standard all full asyncio binary pool c redis bcrypt argon2 cryptography email daphne sqlalchemy asyncpg "
             "psycopg psycopg2-binary async dotenv aiosqlite beanie mongodb mysql socks http2 crypto security".split())
AT_ONCE = 40


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def ask(names, cache):
    """Metadata of the distributions, by normalised name; those that have no wheel are left out."""
    found = {}
    for start in range(0, len(names), AT_ONCE):
        part = names[start : start + AT_ONCE]
        report = cache / f"{part[0]}-{len(part)}.json"
        if not report.exists():
            command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps", "--ignore-installed",
                       "--only-binary", ":all:", "--python-version", "3.12", "--target", str(cache / "none"),
                       "--report", str(report)]
            if subprocess.run(command + part, stderr=subprocess.DEVNULL).returncode != 0:
                report.unlink(missing_ok=True)
                if len(part) > 1:
                    for name in part:
                        found.update(ask([name], cache))
                continue
        found.update(metadata_in(report))
    return found


def metadata_in(report):
    items = [item["metadata"] for item in json.loads(report.read_text())["install"]]
    return {normal(item["name"]): item.get("requires_dist") or [] for item in items}


def direct(requires, extra=None):
    """What a distribution requires, without an extra or for one: names, and `name[extra]` beside them."""
    out = set()
    for line in requires:
        wanted = re.search(r"extra\s*==\s*['\"]([\w.-]+)['\"]", line)
        if (normal(wanted[1]) if wanted else None) != extra:
            continue
        name, extras = re.match(r"([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?", line).groups()
        out.add(normal(name))
        out.update(f"{normal(name)}[{normal(one.strip())}]" for one in (extras or "").split(",") if one.strip())
    return out


def closure(start, requires):
    seen, stack = set(), list(start)
    while stack:
        one = stack.pop()
        if one not in seen:
            seen.add(one)
            name, _, extra = one.rstrip("]").partition("[")
            stack.extend(direct(requires.get(name, ()), extra or None))
    return sorted(name for name in seen if "[" not in name)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--cache", default=tempfile.gettempdir() + "/nayek-brings", help="folder of pip's reports")
    options.add_argument("--rounds", type=int, default=3, help="0: what the cache holds, without asking")
    given = options.parse_args()
    cache = pathlib.Path(given.cache)
    cache.mkdir(parents=True, exist_ok=True)
    listed = [normal(line) for line in (HERE / "distributions.txt").read_text().split()]
    requires = {name: lines for report in sorted(cache.glob("*.json")) for name, lines in metadata_in(report).items()}
    asked = set(requires)
    wanted = set(listed)
    for _ in range(given.rounds):
        new = sorted(wanted - asked)
        if not new:
            break
        asked |= set(new)
        requires.update(ask(new, cache))
        wanted = {name for lines in requires.values() for name in direct(lines) if "[" not in name}
    brings = {}
    for name in sorted(requires):
        brings[name] = closure([name], requires)
        for extra in sorted(EXTRAS):
            more = direct(requires[name], extra)
            if more:
                brings[f"{name}[{extra}]"] = closure(more, requires)
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(all_of)}" for name, all_of in brings.items())
    date = json.dumps(datetime.date.today().isoformat())
    OUT.write_text("{\n" + f' "date": {date},\n "brings": {{\n{rows}\n }}\n' + "}\n")
    print(f"{len(requires)} distributions, {len(asked) - len(requires)} without a wheel")


main()
