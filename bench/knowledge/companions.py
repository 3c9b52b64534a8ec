#!/usr/bin/env python3
"""npm run companions: what each version of the distributions of companions.txt asks of the others, and of Python.

pip itself, as a library in an environment of its own, lists the files of each distribution and reads METADATA from the end
of one wheel of a version, without downloading the whole; nothing is run. Of a series (1.4.*) the first and the last are
read, and where they differ those between, by halves: versions between two that say the same say the same.
https://packaging.python.org/en/latest/specifications/core-metadata/
"""
import argparse
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
OUT = HERE.parent.parent / "src" / "knowledge" / "companions.json"
SOURCE = "https://packaging.python.org/en/latest/specifications/core-metadata/"
# Minor versions of Python 3 for which markers are judged; what holds on all of them is said without one.
PYTHONS = range(8, 15)
AT_ONCE = 16
# Versions of a series from which on only what its first and its last ask for alike is taken: boto3 has hundreds.
LONG = 40
TAIL = 24_000

try:
    import packaging  # noqa: F401
    from pip._internal.commands.index import IndexCommand
    from pip._internal.index.collector import LinkCollector, parse_links
except ImportError:
    LinkCollector = None


class Ranged:
    """A remote file, of which only what is asked for is fetched; its end at once."""

    def __init__(self, session, url):
        self.session, self.url, self.at = session, url, 0
        self.tail, of = self.fetch(f"-{TAIL}")
        self.size = of

    def fetch(self, span):
        headers = {"Range": f"bytes={span}", "Accept-Encoding": "identity"}
        answer = self.session.get(self.url, headers=headers)
        answer.raise_for_status()
        if answer.status_code != 206:
            return answer.content, len(answer.content)
        return answer.content, int(answer.headers["Content-Range"].rpartition("/")[2])

    def seekable(self):
        return True

    def tell(self):
        return self.at

    def seek(self, offset, whence=0):
        self.at = offset + (0, self.at, self.size)[whence]
        return self.at

    def read(self, size=-1):
        end = self.size if size is None or size < 0 else min(self.size, self.at + size)
        start, self.at = self.at, end
        begin = self.size - len(self.tail)
        if start >= begin:
            return self.tail[start - begin : end - begin]
        return self.fetch(f"{start}-{end - 1}")[0] if end > start else b""


class Index:
    """The package index that pip is set up with."""

    def __init__(self):
        import threading

        command = IndexCommand("index", "")
        self.options, _ = command.parse_args(["versions", "pip"])
        self.command, self.local = command, threading.local()

    @property
    def session(self):
        if not hasattr(self.local, "session"):
            self.local.session = self.command._build_session(self.options)
        return self.local.session

    def versions(self, name):
        """Final version → its files, in order; what was withdrawn counts, as a pin takes it."""
        from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename
        from packaging.version import InvalidVersion

        collector = LinkCollector.create(self.session, options=self.options)
        out = {}
        for url in [*collector.search_scope.get_index_urls_locations(name)]:
            from pip._internal.models.link import Link

            page = collector.fetch_response(Link(url))
            for link in parse_links(page) if page else []:
                try:
                    version = parse_wheel_filename(link.filename)[1] if link.is_wheel else parse_sdist_filename(link.filename)[1]
                except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion):
                    continue
                if not version.is_prerelease and not version.local:
                    out.setdefault(version, []).append(link)
        return dict(sorted(out.items()))

    def metadata(self, links):
        """METADATA of one of the wheels; None where there is none."""
        import email.parser
        import zipfile

        wheels = [link for link in links if link.is_wheel]
        wheels.sort(key=lambda link: (not link.filename.endswith("-any.whl"), "x86_64" not in link.filename, "linux" not in link.filename))
        for link in wheels[:1]:
            beside = link.metadata_link()
            if beside:
                text = self.session.get(beside.url_without_fragment).text
            else:
                with zipfile.ZipFile(Ranged(self.session, link.url_without_fragment)) as wheel:
                    inside = [n for n in wheel.namelist() if n.endswith(".dist-info/METADATA") and n.count("/") == 1]
                    if not inside:
                        # Built before wheels had one: its needs stand in another form.
                        return None
                    text = wheel.read(inside[0]).decode(errors="replace")
            return email.parser.HeaderParser().parsestr(text)
        return None


def normal(name):
    from packaging.utils import canonicalize_name

    return canonicalize_name(name)


def pythons_of(marker):
    """'' where it holds on every Python of a service, '3.8-3.10' on some; None where it never holds or cannot be judged."""
    if marker is None:
        return ""
    text = str(marker)
    if any(word in text for word in ("extra", "python_full_version", "platform_machine", "platform_release", "platform_version")):
        return None
    system = {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux", "implementation_name": "cpython",
              "platform_python_implementation": "CPython"}
    on = [minor for minor in PYTHONS if marker.evaluate({**system, "python_version": f"3.{minor}"})]
    if not on or on != list(range(on[0], on[-1] + 1)):
        return None
    return span(on)


def span(on):
    """'3.8-3.10'; open where it is the first or the last that counts, '' where both are."""
    first = "" if on[0] == PYTHONS[0] else f"3.{on[0]}"
    last = "" if on[-1] == PYTHONS[-1] else f"3.{on[-1]}"
    return f"{first}-{last}" if first or last else ""


def asks(metadata, names):
    """What one version asks for, as one text: 'py3.9- starlette>=0.26,<0.27 numpy>=1.26@3.12-'."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    out = set()
    for line in metadata.get_all("Requires-Dist", []):
        try:
            one = Requirement(line)
        except InvalidRequirement:
            continue
        name, pythons = normal(one.name), pythons_of(one.marker)
        if name in names and one.specifier and pythons is not None:
            out.add(name + written(one.specifier) + (f"@{pythons}" if pythons else ""))
    try:
        admitted = SpecifierSet((metadata["Requires-Python"] or "").strip())
    except InvalidSpecifier:
        admitted = SpecifierSet()
    # Its newest patch release stands for a minor version.
    on = [minor for minor in PYTHONS if admitted.contains(f"3.{minor}.99")]
    python = span(on) if on else "-3.7"
    return " ".join([*([f"py{python}"] if python else []), *sorted(out)])


def written(specifiers):
    return ",".join(sorted(str(one).replace(" ", "") for one in specifiers))


def clauses_of(text):
    """'botocore @' and the like → its clauses; the place of the clauses is the blank."""
    out = {}
    for one in text.split():
        name, clauses, pythons = re.fullmatch(r"([a-z][a-z0-9-]*?)((?:[<>=!~][^@]*)|(?<=^py)[\d.]*-[\d.]*)(@.*)?", one).groups()
        out.setdefault(f"{name} {pythons or ''}", set()).update(clauses.split(","))
    return out


def series(versions):
    """The versions of each minor, oldest first."""
    out = {}
    for version in versions:
        out.setdefault((version.epoch, *version.release[:2]), []).append(version)
    return out.values()


def read(index, names, name):
    """Its rows: 'from..to what it asks for'; '?' for what cannot be known."""
    files = index.versions(name)
    known = {}

    def at(version):
        if version not in known:
            try:
                metadata = index.metadata(files[version])
                known[version] = "?" if metadata is None else asks(metadata, names)
            except Exception as error:  # noqa: BLE001: one file that cannot be read leaves its version unknown
                print(f"  {name} {version}: {error!r}"[:160], flush=True)
                known[version] = "?"
        return known[version]

    def shared(versions):
        first, last = at(versions[0]), at(versions[-1])
        both = [clauses_of(first), clauses_of(last)]
        alike = {one: both[0][one] & both[1][one] for one in both[0].keys() & both[1].keys()}
        text = "?" if "?" in (first, last) else " ".join(key.replace(" ", ",".join(sorted(alike[key])), 1) for key in sorted(alike) if alike[key])
        for version in versions:
            known[version] = text

    def fill(versions):
        if at(versions[0]) == at(versions[-1]):
            for version in versions:
                known.setdefault(version, at(versions[0]) if any(f.is_wheel for f in files[version]) else "?")
        elif len(versions) > 2:
            middle = len(versions) // 2
            fill(versions[: middle + 1])
            fill(versions[middle:])

    for group in series(files):
        (shared if len(group) > LONG else fill)(group)
    rows = []
    for version in files:
        if rows and rows[-1][2] == known[version]:
            rows[-1][1] = version
        else:
            rows.append([version, version, known[version]])
    text = [f"{a}{'' if a == b else f'..{b}'}{' ' * bool(what)}{what}" for a, b, what in rows]
    # Older ones of which nothing is known say nothing.
    while text and text[0].endswith("?"):
        text.pop(0)
    return changes(text)


def changes(rows):
    """Each row with what it does not say as the one before: 'starlette<0.28' instead of what was there, '-six' for nothing."""
    out, before = [], {}
    for row in rows:
        versions, _, what = row.partition(" ")
        now = {} if what == "?" else {key: key.replace(" ", ",".join(sorted(found)), 1) for key, found in clauses_of(what).items()}
        gone = [f"-{key.replace(' ', '')}" for key in sorted(before.keys() - now.keys())] if what != "?" else []
        new = [now[key] for key in sorted(now) if now[key] != before.get(key)]
        out.append(" ".join([versions, *(["?"] if what == "?" else []), *gone, *new]))
        before = now
    return out


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--only", default="", help="names of distributions; the others stay as they are")
    given = options.parse_args()
    if LinkCollector is None or os.environ.get("COMPANIONS") != "1":
        with tempfile.TemporaryDirectory(prefix="nayek-companions-") as folder:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            python = pathlib.Path(folder) / "bin" / "python"
            subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", "pip", "packaging"], check=True)
            return subprocess.run([python, __file__, *sys.argv[1:]], env={**os.environ, "COMPANIONS": "1"}).returncode
    import concurrent.futures

    names = {normal(line) for line in (HERE / "companions.txt").read_text().split()}
    tables = json.loads(OUT.read_text())["asks"] if given.only else {}
    wanted = sorted(normal(name) for name in given.only.split()) or sorted(names)
    index = Index()
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        doing = {pool.submit(read, index, names, name): name for name in wanted}
        for count, done in enumerate(concurrent.futures.as_completed(doing), 1):
            name, rows = doing[done], done.result()
            tables[name] = "|".join(rows)
            print(f"{count} of {len(wanted)} {name} {len(rows)}", flush=True)
    tables = {name: tables[name] for name in sorted(tables) if tables[name]}
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(text)}" for name, text in tables.items())
    date = datetime.date.today().isoformat()
    OUT.write_text(f'{{\n "date": {json.dumps(date)},\n "source": {json.dumps(SOURCE)},\n "asks": {{\n{lines}\n }}\n}}\n')
    return 0


if __name__ == "__main__":
    sys.exit(main())
