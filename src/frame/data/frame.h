/* frame.h — a schema and its columns; scans; the account that travels with the rows.
 *
 * A verb gets a frame and makes the next one with fr_frame_next, which carries the context, the account and the
 * warnings along. A scan is a frame with a schema and a source but no columns: length is -1.
 *
 * A late frame has late columns instead (data/late_column.h): its rows lie in parts or among others, and `columns` is
 * NULL. Who reads columns asks fr_frame_settle first. A step does (plan/execute.c), for its frame and those among its
 * options, and so does every public function that reads cells; what is not named below as taking a late frame never
 * meets one, and would not survive it. Expressions read one by columns in pieces (data/pieced_column.h).
 */
#ifndef FR_DATA_FRAME_H
#define FR_DATA_FRAME_H

#include <frame/table.h>

#include "data/column.h"
#include "data/late_column.h"
#include "data/lines.h"

struct fr_schema {
    fr_object         object;
    size_t            width;
    fr_field         *fields;     /* width, and perhaps some of longer schemas: names, type references */
    _Atomic(uint32_t) *index;     /* open-addressing table of field numbers + 1, by hash of the name */
    size_t            index_slots;    /* a power of two */
    struct fr_schema *holder;     /* owned reference: whose fields and index these are; NULL: its own */
    size_t            room;       /* for so many are its own … */
    _Atomic(size_t)   n_held;     /* … and so many are there */
};

/* Names and types are copied / referenced. VALUE for a duplicate, empty or invalid name. */
fr_schema *fr_schema_make(fr_call *call, const fr_field *fields, size_t n) FR_MUST_USE;
/* With a column more at the end, in O(1) where it can be (data/schema.c); where there is one of this name, with its type. */
fr_schema *fr_schema_with(fr_call *call, const fr_schema *schema, const char *name, const fr_type *type) FR_MUST_USE;
int64_t    fr_schema_find(const fr_schema *schema, const char *name, size_t n);         /* -1: absent */
/* "did you mean 'quantity'?" in room, which has FR_HINT_ROOM bytes; NULL when no name is near. */
const char *fr_schema_hint(const fr_schema *schema, const char *wanted, char *room);

typedef struct fr_account_entry {       /* one loading or cleaning step */
    const char *step;                   /* static text: "read_csv", "distinct" */
    int64_t rows_in, rows_kept, duplicates, rejected, filtered, filled, converted;
    const char *note;                   /* owned; NULL for none */
} fr_account_entry;

typedef struct fr_account_log fr_account_log;   /* counted, immutable: an entry more is a new one that shares the others */

typedef struct fr_source fr_source;             /* where a scan's rows come from (data/source.h) */

struct fr_frame {
    fr_object       object;
    fr_schema      *schema;             /* owned reference */
    int64_t         length;             /* -1: a scan */
    fr_column     **columns;            /* owned references; NULL for a scan and for a late frame, which is given them */
                                        /* once, atomically                                                            */
    size_t          room;               /* there is room for so many columns; 0: for those that there are              */
    fr_late_column **late;              /* owned references; NULL for a frame that never was late */
    atomic_flag     publishing;         /* guards the setting of columns of a late frame; held for a moment */
    fr_source      *source;             /* scans only; owned reference */
    fr_frame       *unpicked;           /* owned reference; the scan with all columns of which this one has some */
    fr_account_log *account;            /* owned reference; NULL while nothing was done */
    struct fr_warnings *warnings;       /* owned reference */
    fr_frame       *rejects;            /* owned reference; NULL when nothing was put aside */
    fr_lines       *lines;              /* owned reference; NULL: where the rows stood in a file is not known */
};

FR_PRIVATE extern const fr_class fr_frame_class;
extern const fr_class fr_schema_class;

static inline size_t fr_frame_width(const fr_frame *frame) { return frame->schema->width; }

/* A frame without columns yet; inherits from the parent, which may be NULL. */
fr_frame *fr_frame_begin(fr_call *call, const fr_frame *parent, fr_schema *schema) FR_MUST_USE;
/* A frame of these columns, which all have `length` rows; references are taken. `parent` may be NULL; when given, its
 * account, warnings and rejects are carried along (plus the call's own warnings). */
fr_frame *fr_frame_next(fr_call *call, const fr_frame *parent, fr_schema *schema, fr_column *const *columns,
                        int64_t length) FR_MUST_USE;
/* As fr_frame_next for columns whose rows are the parent's, row by row: their lines are known as well. */
fr_frame *fr_frame_same_rows(fr_call *call, const fr_frame *parent, fr_schema *schema, fr_column *const *columns)
    FR_MUST_USE;
/* A frame that nobody else has seen gets a column: in place of the one of this name, or at the end. */
bool      fr_frame_put(fr_call *call, fr_frame *frame, const char *name, fr_column *column) FR_MUST_USE;
/* It gets what the call has warned of since it was made. */
void      fr_frame_take_warnings(fr_call *call, fr_frame *frame);
/* The same with names: builds the schema. */
FR_PRIVATE fr_frame *fr_frame_of(fr_call *call, const fr_frame *parent, const char *const *names,
                                 fr_column *const *columns,
                      size_t n, int64_t length) FR_MUST_USE;
fr_frame *fr_frame_cut(fr_call *call, const fr_frame *frame, int64_t offset, int64_t length) FR_MUST_USE;
/* parallel: columns, blocks */
fr_frame *fr_frame_gather(fr_call *call, const fr_frame *frame, const fr_rows *rows) FR_MUST_USE;
/* The same of a frame that nobody else holds, and that nobody reads again: each of its columns is given up as soon as it
 * was gathered, so that its memory is there for the next one. */
fr_frame *fr_frame_gather_own(fr_call *call, fr_frame *frame, const fr_rows *rows) FR_MUST_USE;
fr_frame *fr_frame_keep(fr_call *call, const fr_frame *frame, fr_buffer *keep, int64_t n_kept) FR_MUST_USE;
/* ---- late frames (data/frame_late.c) ----------------------------------------------------------------------------- */
/* Sees to it that the frame has its columns; false when there is no memory or the context was cancelled, and then
 * another call may still succeed. Several threads may ask at once. parallel: blocks. */
bool fr_frame_settle(fr_call *call, const fr_frame *frame) FR_MUST_USE;
/* One column, lent by the frame; of a late frame only this one is made. */
FR_PRIVATE const fr_column *fr_frame_column(fr_call *call, const fr_frame *frame, size_t index) FR_MUST_USE;
/* The same, owned; of a late frame as it lies (fr_late_column_as_it_lies). */
fr_column *fr_frame_column_as_it_lies(fr_call *call, const fr_frame *frame, size_t index) FR_MUST_USE;
static inline bool fr_frame_is_late(const fr_frame *frame)
{
    return frame->late && !__atomic_load_n(&frame->columns, __ATOMIC_ACQUIRE);
}
/* A frame of late columns, as fr_frame_next; when all are whole, it is not late. */
fr_frame *fr_frame_next_late(fr_call *call, const fr_frame *parent, fr_schema *schema, fr_late_column *const *late,
                             int64_t length) FR_MUST_USE;
/* The same of columns that are made one by one. Owned; NULL on failure. */
typedef fr_late_column *fr_make_late(fr_call *call, const void *how, size_t index);
fr_frame *fr_frame_make_late(fr_call *call, const fr_frame *parent, fr_schema *schema, fr_make_late *make,
                             const void *how, int64_t length) FR_MUST_USE;
/* The same of columns that are there, some of which may be formed (data/text_form.h). */
fr_frame *fr_frame_late_of(fr_call *call, const fr_frame *parent, fr_schema *schema, fr_column *const *columns, int64_t length)
    FR_MUST_USE;
/* Some of the columns, perhaps under other names (names[i] NULL keeps the name); metadata stays. Makes none. Of a scan,
 * which keeps its names, in its order: only these are read. */
fr_frame *fr_frame_picked(fr_call *call, const fr_frame *frame, const int64_t *fields, const char *const *names,
                          size_t n) FR_MUST_USE;
/* Column `index` behind the pieces. */
bool      fr_frame_add_pieces(fr_call *call, const fr_frame *frame, size_t index, fr_pieces *pieces) FR_MUST_USE;
/* The rows of two frames of one schema; what travels with them is left behind. */
fr_frame *fr_frame_below(fr_call *call, const fr_frame *above, const fr_frame *below) FR_MUST_USE;
bool      fr_frame_same_column(const fr_frame *a, const fr_frame *b, size_t index);      /* needs no memory */
/* Where the tests make every frame late, one that nobody else has seen, in two parts of unequal length; else itself.
 * Takes the frame over. */
fr_frame *fr_frame_torn(fr_call *call, fr_frame *frame) FR_MUST_USE;

fr_frame *fr_frame_ref(const fr_frame *frame);
/* Does nobody but the caller hold the frame? Its columns may still be others' as well. */
bool      fr_frame_is_own(const fr_frame *frame);
void      fr_frame_unref(const fr_frame *frame);

/* Frames whose rows a step put below a frame's, or beside them (joined). */
typedef struct fr_others { const fr_frame *const *frames; size_t n; bool joined; } fr_others;

/* Add an entry to the account of a frame that nobody else has seen yet (just made by fr_frame_next). */
bool      fr_frame_add_account(fr_call *call, fr_frame *frame, const fr_account_entry *entry) FR_MUST_USE;
/* The same where rows of other frames were appended or, joined, stand beside these: what happened to those comes before
 * the entry, too. */
bool      fr_frame_unite_accounts(fr_call *call, fr_frame *frame, const fr_others *others,
                                  const fr_account_entry *entry) FR_MUST_USE;
/* Add rows put aside (columns line i64, column str, reason str, text str) to such a frame. */
/* line i64, column str, reason str, text str, file str */
enum { FR_REJECT_COLUMNS = 5 };
extern const char *const fr_reject_names[FR_REJECT_COLUMNS];
bool      fr_frame_add_rejects(fr_call *call, fr_frame *frame, fr_frame *rejects) FR_MUST_USE;

#endif
