"""measure.py OUT COMMAND...: runs the command and writes its CPU, user and wall seconds and peak RSS (MiB) to OUT as JSON. Ends it after ten minutes (124)."""
import json
import resource
import subprocess
import sys
import time

start = time.monotonic()
try:
    code = subprocess.run(sys.argv[2:], timeout=600).returncode
except subprocess.TimeoutExpired:
    code = 124
wall = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
with open(sys.argv[1], "w") as out:
    json.dump(
        {"cpu": used.ru_utime + used.ru_stime, "user": used.ru_utime, "wall": wall, "rss": used.ru_maxrss / scale}, out
    )
sys.exit(code)
