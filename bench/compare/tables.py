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


def make_csv_tables(o, source, n, rows):
    """What the rows of the task csv read beside the table itself."""
    for kind, part in PARTS.items():
        target = o.data / f"{source.stem}_{kind}.csv"
        if f"read_{kind}" in rows:
            made(o, target, lambda room, target=target, part=part: write_part(source, room / target.name, *part))
    if "read_gzip" in rows:
        made(o, o.data / (source.name + ".gz"), compress(source))
    if "read_wide" in rows:
        made(o, o.data / f"W1_{short(n)}.csv", tool(o, "make-extra", "wide", f"{n:.0f}"))


def tool(o, *words):
    program, *arguments = words
    return lambda room: subprocess.run([o.build / "bin" / program, *arguments, room], check=True)


def make_tables(o, task, n, variant, rows):
    """The tables that some rows of a task need."""
    name = short(n)
    if not rows:
        return
    if task == "join":
        for size in ("NA", short(n / 1e6), short(n / 1e3), name):
            _, missing, in_order = variant.split("_")
            made(o, o.data / f"J1_{name}_{size}_{missing}_{in_order}.csv",
                 tool(o, "make-dbbench", "j1", f"{n:.0f}", missing, in_order))
    elif task == "clean":
        made(o, o.data / f"T1_{name}.csv", tool(o, "make-extra", "clean", f"{n:.0f}"))
    else:
        source = o.data / f"G1_{name}_{variant}.csv"
        made(o, source, tool(o, "make-dbbench", "g1", f"{n:.0f}", *variant.split("_")))
        if task == "csv":
            make_csv_tables(o, source, n, rows)
