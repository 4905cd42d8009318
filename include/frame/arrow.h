/* arrow.h — frames to and from other libraries in the same process, by the Arrow C data and stream interfaces.
 *
 * pyarrow, pandas, polars, DuckDB and many others speak this interface: three C structs with a release function each,
 * copied here as they are published. Nothing is linked.
 *
 *     struct ArrowArrayStream stream;
 *     duckdb_query_arrow_stream(…, &stream);                  whoever fills it
 *     fr_auto(frame) sales = fr_frame_import_arrow(&stream, NULL);
 *
 * Without a copy, both ways: numbers, dates, datetimes, durations, text and binary as views, large lists, structs.
 * Copied once on the way in: validity bitmaps and bools, text's 16-byte views (the text itself is not), 32-bit offsets,
 * dictionary codes, time in s and ms, date64, decimals of another width, values that lie misaligned, and values under a
 * null that are not zero. Copied on the way out: integers of type i64 that lie in fewer bytes (most that were read from a
 * file do), text held as codes (its views), time in s and ms, decimals of up to 18 digits, and everything that
 * `large_text` asks for.
 */
#ifndef FRAME_ARROW_H
#define FRAME_ARROW_H

#include <frame/table.h>

FR_BEGIN_DECLS

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE           2
#define ARROW_FLAG_MAP_KEYS_SORTED    4

struct ArrowSchema {
    const char          *format;
    const char          *name;
    const char          *metadata;
    int64_t              flags;
    int64_t              n_children;
    struct ArrowSchema **children;
    struct ArrowSchema  *dictionary;
    void               (*release)(struct ArrowSchema *);
    void                *private_data;
};

struct ArrowArray {
    int64_t             length;
    int64_t             null_count;
    int64_t             offset;
    int64_t             n_buffers;
    int64_t             n_children;
    const void        **buffers;
    struct ArrowArray **children;
    struct ArrowArray  *dictionary;
    void              (*release)(struct ArrowArray *);
    void               *private_data;
};
#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
    int         (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int         (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void        (*release)(struct ArrowArrayStream *);
    void         *private_data;
};
#endif

typedef struct fr_arrow_args {
    uint32_t size_;
    uint32_t pad_;
    int64_t  batch_rows;      /* rows of a batch of a stream; 0: all in one */
    bool     large_text;      /* text and binary with 64-bit offsets, for readers that know no views (a copy) */
    uint8_t  room_[7];
} fr_arrow_args;

/**
 * Read a whole Arrow stream into a frame.
 *
 * Shape    one column a field of the stream's struct; a stream of another type gives one column.
 * Types    all of Arrow's except float16, intervals, unions and run-end encoding. Dictionaries of text become cat, those
 *          of other values are resolved; maps become list[struct[key, value]]; fixed-size lists become lists.
 * Nulls    kept; a null struct's fields become null, a null list empty. Metadata and nullable flags of fields are kept.
 * Cost     O(rows) to check, no copy where the layouts agree (see above).
 * Returns  a frame the caller owns. The stream is taken over and released in any case; the memory of its batches when
 *          the last column that uses them has gone.
 * Errors   FORMAT for arrays that contradict themselves (lengths, null counts, offsets, codes, buffers), ENCODING for
 *          text that is not UTF-8, UNSUPPORTED for the types above, IO for a failure that the stream reports.
 */
FR_API fr_frame *fr_frame_import_arrow(struct ArrowArrayStream *stream, fr_context *context);

/**
 * Read one Arrow array (a record batch when its type is a struct) into a frame.
 *
 * Cost     as fr_frame_import_arrow.
 * Returns  a frame the caller owns. Array and schema are taken over and released in any case.
 * Errors   as fr_frame_import_arrow.
 */
FR_API fr_frame *fr_frame_import_arrow_array(struct ArrowArray *array, struct ArrowSchema *schema, fr_context *context);

/**
 * Offer a frame as an Arrow stream.
 *
 * Types    str as utf8_view and binary as binary_view (or large_utf8, large_binary), cat as dictionary of text, decimal
 *          as decimal128, time in s and ms as time32, list as large_list.
 * Cost     O(columns) per batch, and the copies named above.
 * Returns  FR_ERR_OK; `out` must be released by its consumer and may outlive the frame. A frame in error state, or a
 *          scan, gives a stream whose get_schema fails and whose get_last_error says why.
 * Errors   ARGUMENT when `out` is NULL; MEMORY, `out->release` is then NULL.
 */
FR_API fr_code fr_frame_export_arrow(const fr_frame *frame, struct ArrowArrayStream *out, const fr_arrow_args *args);

/**
 * Hand a frame out as one Arrow struct array with its schema; either may be NULL when it is not wanted.
 *
 * Cost     as fr_frame_export_arrow.
 * Returns  FR_ERR_OK, and what was written must be released by its consumer; else nothing was written.
 * Errors   those of the frame; MEMORY.
 */
FR_API fr_code fr_frame_export_arrow_array(const fr_frame *frame, struct ArrowArray *array, struct ArrowSchema *schema,
                                           const fr_arrow_args *args);

/** A schema as an Arrow struct type, to be released by its consumer. Cost O(fields). Returns as the function above. */
FR_API fr_code fr_schema_export_arrow(const fr_schema *schema, struct ArrowSchema *out, const fr_arrow_args *args);

FR_END_DECLS

#endif
