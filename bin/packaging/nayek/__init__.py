"""nayek makes a Python web repository deployable. It is a program, started by the command `nayek`."""
