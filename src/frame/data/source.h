/* source.h — where rows come from and go to: the two vtables that readers and writers fill in.
 *
 * A source knows its schema and yields batches in row order; a planner may first ask it for fewer columns, or a row
 * limit. A sink takes batches in order and commits or aborts. Formats
 * register in one line of src/io/formats.def.h; the rest of the library sees only fr_formats().
 */
#ifndef FR_DATA_SOURCE_H
#define FR_DATA_SOURCE_H

#include "data/frame.h"

/* What a planner asks of a source before the first batch. */
typedef struct fr_demand {
    const bool *columns;             /* one per schema field, NULL: all. Unneeded columns are left out of the batches */
    int64_t     max_rows;             /* -1: all; the source stops early */
    bool        whole;                /* one batch with everything is wanted (materialising) */
} fr_demand;

typedef struct fr_source_class {
    const char *name;                                                                    /* "csv" */
    /* A cursor over the rows; NULL on failure. Each call begins from the first row. */
    void       *(*begin)(fr_call *call, fr_source *source, const fr_demand *demand);
    /* The next batch (owned; it may be late, data/frame.h), or NULL at the end or on failure (look at fr_failed). Batches
     * follow in row order. Account entries and rejects ride on the last batch. */
    fr_frame   *(*next)(fr_call *call, void *cursor);
    void        (*end)(void *cursor);
    /* Text of the options for job files and fr_explain, e.g. read_csv("sales.csv", sep = ";"); into an owned text. */
    bool        (*describe)(fr_call *call, const fr_source *source, char **out);
    void        (*clear)(fr_source *source);
} fr_source_class;

struct fr_source {                    /* readers embed it as their first member */
    const fr_source_class *class_;
    _Atomic(int64_t)       refs;
    fr_context            *context;   /* owned reference */
    size_t                 size_bytes;
    char                  *path;      /* owned; NULL when there is none */
    bool                   seekable;  /* can begin more than once */
};
/* zeroed, one reference */
void *fr_source_new(fr_call *call, const fr_source_class *class_, size_t size_bytes) FR_MUST_USE;
fr_source *fr_source_ref(fr_source *source);
void       fr_source_unref(fr_source *source);
/* A scan frame over a source. */
fr_frame *fr_frame_scan(fr_call *call, fr_schema *schema, fr_source *source) FR_MUST_USE;

typedef struct fr_sink_class {
    void *(*open)(fr_call *call, const char *path, const char *options, const fr_schema *schema);
    bool  (*write)(fr_call *call, void *sink, const fr_frame *batch);       /* which may be late (data/frame.h) */
    bool  (*commit)(fr_call *call, void *sink, int64_t *rows, int64_t *bytes);
    void  (*abort)(void *sink);       /* also frees after commit */
} fr_sink_class;

/* One file format. */
typedef struct fr_format {
    const char *name;                          /* "csv" */
    const char *extensions;                    /* ".csv .tsv .csv.gz" */
    const char *summary;
    /* A scan of a file; options as in a job file ("sep = ';'"), NULL for defaults. NULL member: cannot be read. */
    fr_frame  *(*scan)(fr_call *call, const char *path, const char *options);
    const fr_sink_class *sink;                 /* NULL: cannot be written */
} fr_format;

/* The registry, defined in src/io/formats.c (link-time, so that nothing below io includes io). */
const fr_format *const *fr_formats(size_t *n);
const fr_format *fr_format_of_path(fr_call *call, const char *path);       /* NULL with NOT_FOUND recorded */

#endif
