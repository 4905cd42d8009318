"""Memory that was used before.

A virtual machine gets its memory from its host a page at a time, when it is touched for the first time: on one machine
clearing fresh huge pages went at 0.5 GB/s where memory touched before went at 5 to 11, and a join's first run took 980 ms
of CPU instead of 340. Which row pays for that depends on what ran before it, so all free memory is touched once: by a
process of its own, since the peak of a small program is not told by a parent that has had more (programs.py).
"""
import mmap
import subprocess
import sys
import time

PART = 0.9             # of what is free: the rest is the system's
CHUNK = 64 << 20


def free_memory():
    """Bytes that nobody uses, not even to keep files; 0 where that is not told."""
    try:
        with open("/proc/meminfo") as lines:
            return next((int(line.split()[1]) << 10 for line in lines if line.startswith("MemFree:")), 0)
    except OSError:
        return 0


def touch(size):
    """Has `size` bytes of fresh memory, all of it at once, and gives it back; the bytes per second of the CPU's time."""
    blocks, began = [], time.process_time()
    for _ in range(0, size, CHUNK):
        block = mmap.mmap(-1, CHUNK, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        if hasattr(mmap, "MADV_HUGEPAGE"):
            block.madvise(mmap.MADV_HUGEPAGE)
        block[::mmap.PAGESIZE] = b"\1" * len(range(0, CHUNK, mmap.PAGESIZE))
        blocks.append(block)
    seconds = time.process_time() - began
    for block in blocks:
        block.close()
    return len(blocks) * CHUNK / seconds if blocks else 0.0


def touch_elsewhere(size):
    """The same in another process."""
    said = subprocess.run([sys.executable, __file__, str(size)], check=True, capture_output=True, text=True)
    return float(said.stdout)


if __name__ == "__main__":
    print(touch(int(sys.argv[1])))
