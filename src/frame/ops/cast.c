/* cast.c — columns of other types.
 *
 *     fr_cast("quantity: i32, price: decimal(18,2)", .errors = FR_ERRORS_REJECT)
 *
 * A value that does not fit (text that is no number, 300 as i8, 1e300 as i64) makes the step fail and names its row;
 * with coerce it becomes null, with reject its row is put aside with the reason and the text. The account tells how
 * many cells were converted and, in its note, how many became null. Fractions that an integer type cuts are warned of.
 */
#include "ops/lost_fraction.h"
#include "ops/rejects.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"

#include "base/memory.h"
#include "data/zone_file.h"

typedef struct cast_job {
    fr_arena        arena;
    const fr_frame *frame;
    fr_on_error     errors;
    fr_columns      columns;               /* converted, by field; NULL: untouched */
    fr_bad_cells    bad;
    int64_t         n_converted, n_nulled;
} cast_job;

static void clear_job(cast_job *job)
{
    fr_columns_clear(&job->columns);
    fr_bad_cells_clear(&job->bad);
    fr_arena_clear(&job->arena);
}

static const char *reason_of(fr_call *call, fr_arena *arena, const fr_type *type)
{
    char room[FR_TYPE_TEXT_BYTES];
    return fr_arena_format(call, arena, "does not fit %s", fr_type_name(type, room));
}

static bool cast_column(fr_call *call, cast_job *job, const fr_list_item *item)
{
    if (!item->type)
        return fr_fail_at(call, fr_place_at(.column = item->name, .hint = "write 'column: type'"), FR_ERR_ARGUMENT,
                          "no type for column '%s'", item->name);
    const fr_column *column = fr_frame_column(call, job->frame, (size_t)item->field);
    const fr_type *type = column ? fr_type_read(call, item->type, __builtin_strlen(item->type)) : NULL;
    if (!type) return false;
    if (!fr_type_zones_known(call, type, item->name)) return fr_type_unref(type), false;
    fr_converted converted = { 0 };
    bool fine = fr_convert(call, column, type, job->errors != FR_ERRORS_RAISE, item->name, &converted);
    if (fine) {
        job->columns.at[item->field] = converted.column;
        job->n_converted += column->length - column->null_count - converted.n_failed;
        if (job->errors == FR_ERRORS_COERCE) job->n_nulled += converted.n_failed;
        if (job->errors == FR_ERRORS_REJECT) {
            const char *reason = reason_of(call, &job->arena, type);
            fine = reason && fr_bad_cells_add(call, &job->bad, column, item->name, converted.failed, reason);
        }
        fine = fine && fr_warn_of_fractions(call, column, type, item->name, converted.failed);
        fr_buffer_unref(converted.failed);
    }
    fr_type_unref(type);
    return fine;
}

static fr_frame *result_of(fr_call *call, cast_job *job)
{
    const int64_t n = job->frame->length;
    fr_account_entry entry = { .step = "cast", .rows_in = n, .rows_kept = n, .converted = job->n_converted };
    if (job->n_nulled) {
        entry.note = fr_arena_format(call, &job->arena, "%lld value%s that did not fit became null",
                                     (long long)job->n_nulled, job->n_nulled == 1 ? "" : "s");
        if (!entry.note) return NULL;
    }
    FR_OWNED fr_frame *frame = fr_frame_replaced(call, job->frame, job->columns.at);
    if (!frame) return NULL;
    if (job->errors != FR_ERRORS_REJECT) return fr_accounted(call, fr_steal(frame), &entry);
    fr_frame *kept = fr_bad_cells_reject(call, &job->bad, frame, &entry);
    return fr_accounted(call, kept, &entry);
}

fr_frame *fr_run_cast(fr_call *call, const fr_frame *frame, const fr_cast_args *args)
{
    FR_CLEANUP(fr_list_clear) fr_list list = { .context = call->context };
    if (!fr_given(args->types)) {
        (void)fr_fail(call, FR_ERR_ARGUMENT, "no columns to cast");
        return NULL;
    }
    if (!fr_list_parse_told(call, args->types, frame->schema, FR_LIST_SELECTORS | FR_LIST_TYPES, false, &list)) return NULL;
    FR_CLEANUP(clear_job) cast_job job = { .frame = frame, .errors = args->errors,
                                           .bad = FR_BAD_CELLS_INIT(call, frame) };
    fr_arena_init(&job.arena, call->context);
    if (!fr_columns_init(call, &job.columns, fr_frame_width(frame))) return NULL;
    for (size_t i = 0; i < list.n; i++)
        if (!cast_column(call, &job, &list.items[i])) return NULL;
    return result_of(call, &job);
}
