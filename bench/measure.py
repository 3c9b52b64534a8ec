"""measure.py OUT COMMAND...: runs the command and writes its CPU seconds, wall seconds and peak RSS (MiB) to OUT as JSON."""
import json
import resource
import subprocess
import sys
import time

start = time.monotonic()
code = subprocess.run(sys.argv[2:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
with open(sys.argv[1], "w") as out:
    json.dump({"cpu": used.ru_utime + used.ru_stime, "wall": time.monotonic() - start, "rss": used.ru_maxrss / scale}, out)
sys.exit(code)
