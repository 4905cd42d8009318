"""Round trips with other libraries; `make test-interop` makes an environment with current releases and runs these."""
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
if not os.environ.get("FRAME_INSTALLED"):
    sys.path.insert(0, str(ROOT / os.environ.get("FRAME_BUILD", "build") / "python"))
