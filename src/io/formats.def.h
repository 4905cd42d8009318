/* formats.def.h — the file formats, one line each: FORMAT(name), where fr_<name>_format is an fr_format (data/source.h). */
FORMAT(csv)
