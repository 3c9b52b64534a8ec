"""Runs a command in a pseudo-terminal: python3 interactive.pty.py COLUMNS KEYS COMMAND... Answers each question with the next
key ('^' is Ctrl-C, as when none is left), prints what the terminal was sent, and ends with the command's exit code."""
import fcntl
import os
import pty
import re
import struct
import sys
import termios

columns, keys, command = int(sys.argv[1]), list(sys.argv[2]), sys.argv[3:]
dumb = os.environ.get('TERM') == 'dumb'
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 40, columns, 0, 0))
    os.execvp(command[0], command)
out = b''
asked = 0
while True:
    try:
        chunk = os.read(fd, 65536)
    except OSError:
        break
    if not chunk:
        break
    out += chunk
    plain = re.sub(rb'\x1b\[[0-9;?]*[A-Za-z]|[\r\n]', b'', out)
    # The list of answers stands once for each question; drawn again, it is followed by the answer.
    questions = len(re.findall(rb'\?\] ' if dumb else rb'\?\] (?![ynadseq?])', plain + b'\n'))
    if questions > asked:
        asked = questions
        key = keys.pop(0) if keys else '^'
        os.write(fd, b'\x03' if key == '^' else key.encode() + (b'\n' if dumb else b''))
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(out)
sys.exit(os.waitstatus_to_exitcode(status))
