"""Generated files in git are what their generators write."""
import subprocess

from source import ROOT


def test_verbs_h_is_written_from_the_table(tmp_path):
    generator = tmp_path / "gen_verbs"
    subprocess.run(["cc", "-std=c17", "-D_GNU_SOURCE", f"-I{ROOT}/src/frame", f"-I{ROOT}/include",
                    ROOT / "tools" / "gen_verbs.c", "-o", generator], check=True)
    written = subprocess.run([generator], check=True, capture_output=True, text=True).stdout
    committed = (ROOT / "include" / "frame" / "verbs.h").read_text(encoding="utf-8")
    assert written == committed, "run gen_verbs and commit include/frame/verbs.h"
