"""Types lines with Tab into a zsh of a pseudo-terminal: python3 shells.py FOLDER SETUP LINE... Prints each line as zsh leaves it."""
import os
import pty
import re
import sys

folder, setup, lines = sys.argv[1], sys.argv[2], sys.argv[3:]
pid, fd = pty.fork()
if pid == 0:
    os.chdir(folder)
    os.execvpe('zsh', ['zsh', '-f', '-i'], {**os.environ, 'TERM': 'dumb', 'HOME': folder})


def until(mark):
    """What the shell has written when the mark appears."""
    out = b''
    while mark not in out:
        out += os.read(fd, 65536)
    return out


# A widget tells what the line holds; nobody waits for a time to pass.
tell = "tell() { print -r -- \"<<$BUFFER>>\"; BUFFER= }; zle -N tell; bindkey '^X' tell; nayek() { : }; print -r -- rea''dy\n"
os.write(fd, (setup + '\n' + tell).encode())
until(b'ready')
for line in lines:
    os.write(fd, (line + '\t\x18').encode())
    print(re.findall(rb'<<(.*?)>>', until(b'>>'))[-1].decode().strip())
os.write(fd, b'exit\n')
os.waitpid(pid, 0)
