"""The tables the benchmark reads, made once into build/bench-data (or linked from --tables, if they are there)."""
import subprocess

from protocol import short

# Which part of the table a file of the task csv holds: columns from, to, texts in quotes.
PARTS = {"numbers": (3, 9, False), "texts": (0, 3, False), "quoted": (0, 9, True)}


def write_part(source, target, first, last, quote):
    with open(source) as lines, open(target, "w") as out:
        for number, line in enumerate(lines):
            cells = line.rstrip("\n").split(",")[first:last]
            if quote and number:
                cells = [f'"{cell}"' if i < 3 and cell else cell for i, cell in enumerate(cells)]
            out.write(",".join(cells) + "\n")


def made(o, target, make):
    """The file, made by a function of the path to write unless it is there; a half-made one is never taken for it."""
    if target.exists():
        return
    if o.tables and (o.tables / target.name).exists():
        target.symlink_to((o.tables / target.name).resolve())
        return
    print(f"making {target.name}", flush=True)
    room = o.data / "making"
    room.mkdir(exist_ok=True)
    make(room)
    for path in room.iterdir():
        path.replace(o.data / path.name)


def compress(source):
    def make(room):
        with open(room / (source.name + ".gz"), "wb") as out:
            subprocess.run(["gzip", "-c", "-6", source], stdout=out, check=True)
    return make


def make_tables(o, task, n, variant):
    tools, name = o.build / "bin", short(n)

    def call(*words):
        return lambda room: subprocess.run([*map(str, words), room], check=True)
    if task == "join":
        made(o, o.data / f"J1_{name}_NA_0_0.csv", call(tools / "make-dbbench", "j1", f"{n:.0f}"))
        for size in (n / 1e6, n / 1e3, n):
            made(o, o.data / f"J1_{name}_{short(size)}_0_0.csv", call(tools / "make-dbbench", "j1", f"{n:.0f}"))
    elif task == "clean":
        made(o, o.data / f"T1_{name}.csv", call(tools / "make-extra", "clean", f"{n:.0f}"))
    else:
        source = o.data / f"G1_{name}_{variant}.csv"
        made(o, source, call(tools / "make-dbbench", "g1", f"{n:.0f}", *variant.split("_")))
        if task == "csv":
            for kind, part in PARTS.items():
                target = o.data / f"{source.stem}_{kind}.csv"
                made(o, target, lambda room, target=target, part=part: write_part(source, room / target.name, *part))
            made(o, o.data / (source.name + ".gz"), compress(source))
            made(o, o.data / f"W1_{name}.csv", call(tools / "make-extra", "wide", f"{n:.0f}"))
