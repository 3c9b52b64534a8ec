"""libcst_peer.py [--prefilter] FOLDER: the same three rewrites with LibCST, in one process; prints how many files change."""
import pathlib
import sys

import libcst as cst
import libcst.matchers as m

NEEDLES = (b"uvicorn.run", b"app.db.base")
RUN = m.Call(func=m.Attribute(value=m.Name("uvicorn"), attr=m.Name("run")))
BASE = m.ImportFrom(module=m.Attribute(value=m.Attribute(value=m.Name("app"), attr=m.Name("db")), attr=m.Name("base")))
HOST = cst.parse_expression('os.getenv("HOST", "0.0.0.0")')
DATABASE = cst.parse_expression("app.database")


class Rewrite(cst.CSTTransformer):
    def leave_Call(self, original_node, updated_node):
        if not m.matches(original_node, RUN):
            return updated_node
        return updated_node.with_changes(args=[a.with_changes(value=HOST) if a.keyword and a.keyword.value == "host" else a for a in updated_node.args])

    def leave_ImportFrom(self, original_node, updated_node):
        return updated_node.with_changes(module=DATABASE) if m.matches(original_node, BASE) else updated_node


prefilter = "--prefilter" in sys.argv
changed = 0
for file in pathlib.Path(sys.argv[-1]).rglob("*.py"):
    data = file.read_bytes()
    if prefilter and not any(n in data for n in NEEDLES):
        continue
    try:
        before = cst.parse_module(data)
        changed += before.visit(Rewrite()).bytes != data
    except (cst.ParserSyntaxError, UnicodeDecodeError):
        pass
print(changed)
