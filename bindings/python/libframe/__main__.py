"""python -m libframe is the command `frame`."""
import os
import pathlib
import sys


def command():
    """The path of the command that came with this module."""
    return pathlib.Path(__file__).parent / "bin" / "frame"


def main():
    path = command()
    if not path.exists():
        sys.exit(f"the command is missing from this installation: {path}")
    sys.stdout.flush()
    os.execv(path, ["frame", *sys.argv[1:]])


if __name__ == "__main__":
    main()
