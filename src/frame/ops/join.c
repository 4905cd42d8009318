/* join.c — rows of two frames with equal keys, side by side: inner and left.
 *
 *     left k x    right k y      inner k x y      left join also
 *          b 1          a 10           b 1 50           z 5 null
 *          a 2          a 40           a 2 10
 *          z 5          b 50           a 2 40
 *
 * The right frame's keys are numbered (ops/grouping.h), its rows listed by number, and every left row finds its number.
 * So the result has the left frame's order and, within a key, the right frame's, for any number of threads.
 * Columns: keys at the left frame's places, then what is left of the left, then of the right. Names that clash get the
 * suffixes. Keys with one name on both sides appear once; with left_on and right_on both are kept. A null key matches
 * nothing unless `nulls_match`. Types stay: a left row without a match has nulls.
 */
#include "ops/verb_result.h"
#include "ops/grouping.h"
#include "ops/join_keys.h"
#include "ops/verbs.h"

#include "base/context_state.h"
#include "base/memory.h"
#include "base/problem.h"
#include "base/threads.h"
#include "kernel/radix_sort.h"

#include <string.h>

enum { BLOCK_ROWS = 1 << 16 };

typedef struct join_job {
    fr_arena            arena;
    const fr_frame     *left, *right;
    const fr_join_args *args;
    fr_list             left_on, right_on;
    fr_grouping        *groups;            /* of the right rows */
    fr_buffer          *ids;               /* uint32_t: group of each left row, FR_NO_ID for none */
    fr_buffer          *starts, *members;  /* right rows by group (kernel/radix_sort.h) */
    fr_buffer          *offsets;           /* uint64_t: first result row of each block of left rows */
    int64_t             n_rows;            /* of the result */
    bool                wide;              /* rows of the result are 64-bit numbers */
    fr_buffer          *left_rows, *right_rows;      /* left_rows NULL: all left rows, in order */
} join_job;

static void clear_job(join_job *job)
{
    fr_list_clear(&job->left_on);
    fr_list_clear(&job->right_on);
    fr_grouping_free(job->groups);
    fr_buffer *buffers[] = { job->ids, job->starts, job->members, job->offsets, job->left_rows, job->right_rows };
    for (size_t i = 0; i < FR_COUNT_OF(buffers); i++) fr_buffer_unref(buffers[i]);
    fr_arena_clear(&job->arena);
}

/* ---- which columns are keys -------------------------------------------------------------------------------------- */
/* Without names: the columns that both frames have. */
static bool common_columns(fr_call *call, join_job *job, const char **out)
{
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    const fr_schema *left = job->left->schema;
    for (size_t i = 0; i < left->width; i++) {
        const char *name = left->fields[i].name;
        if (fr_schema_find(job->right->schema, name, strlen(name)) < 0) continue;
        if (!fr_text_add(call, &text, text.length ? ", `" : "`")) return false;
        for (const char *c = name; *c; c++)
            if ((*c == '`' && !fr_text_add(call, &text, "`")) || !fr_text_append(call, &text, c, 1)) return false;
        if (!fr_text_add(call, &text, "`")) return false;
    }
    if (!text.length)
        return fr_fail_at(call, fr_place_at(.hint = "give on, or left_on and right_on"), FR_ERR_ARGUMENT,
                          "the frames have no column in common");
    *out = fr_arena_text(call, &job->arena, text.bytes, text.length);
    return *out != NULL;
}

/* A key list of one frame; what is missing is missing on that side. */
static bool read_side(fr_call *call, const char *keys, const fr_frame *frame, const char *side, fr_list *out)
{
    if (fr_list_parse(call, keys, frame->schema, 0, false, out)) return true;
    fr_problem *problem = fr_call_take_problem(call);
    const fr_error_info *e = &problem->info;
    if (e->code != FR_ERR_NOT_FOUND) return fr_fail_with(call, problem);
    fr_fail_at(call, fr_place_at(.column = e->column, .hint = e->hint, .source = e->source, .position = e->position),
               e->code,
               "%s in the %s frame", e->message, side);
    fr_problem_unref(problem);
    return false;
}

static bool read_keys(fr_call *call, join_job *job)
{
    const fr_join_args *args = job->args;
    const char *left = args->left_on, *right = args->right_on;
    if (fr_given(args->on) && (fr_given(left) || fr_given(right)))
        return fr_fail(call, FR_ERR_ARGUMENT, "give on, or left_on and right_on, not both");
    if (fr_given(left) != fr_given(right))
        return fr_fail(call, FR_ERR_ARGUMENT, "left_on and right_on belong together");
    if (fr_given(args->on)) left = right = args->on;
    if (!fr_given(left)) {
        if (!common_columns(call, job, &left)) return false;
        right = left;
    }
    if (!read_side(call, left, job->left, "left", &job->left_on)) return false;
    if (!read_side(call, right, job->right, "right", &job->right_on)) return false;
    if (job->left_on.n == job->right_on.n && job->left_on.n) return true;
    return fr_fail(call, FR_ERR_ARGUMENT, "left_on names %zu columns, right_on %zu", job->left_on.n, job->right_on.n);
}

static bool check_frames(fr_call *call, const join_job *job)
{
    if (!fr_ok(job->right)) return fr_fail_as(call, job->right, "right frame");
    if (job->right->length < 0)
        return fr_fail_at(call, fr_place_at(.hint = "run it first with fr_collect"), FR_ERR_ARGUMENT,
                          "the right frame is a scan");
    if ((unsigned)job->args->how > FR_JOIN_LEFT)
        return fr_fail(call, FR_ERR_ARGUMENT, "how is %d: inner or left", (int)job->args->how);
    if ((unsigned)job->args->validate > FR_JOIN_MANY_TO_ONE)
        return fr_fail(call, FR_ERR_ARGUMENT, "validate is %d", (int)job->args->validate);
    return true;
}

/* ---- matching ---------------------------------------------------------------------------------------------------- */
static bool match(fr_call *call, join_job *job)
{
    FR_CLEANUP(fr_keys_clear) fr_keys right = FR_KEYS_INIT(call, job->right->length);
    FR_CLEANUP(fr_keys_clear) fr_keys left = FR_KEYS_INIT(call, job->left->length);
    for (size_t i = 0; i < job->left_on.n; i++) {
        const fr_list_item *a = &job->right_on.items[i], *b = &job->left_on.items[i];
        if (!fr_join_keys_add(call, &right, &left, job->right->columns[a->field], job->left->columns[b->field], a->name,
                              b->name, job->args->nulls_match)) return false;
    }
    job->groups = fr_grouping_of_pair(call, &right, &left, &job->ids);
    return job->groups && fr_rows_by_group(call, fr_grouping_ids(job->groups), NULL, (size_t)job->right->length,
                                           job->groups->n_groups, &job->starts, &job->members);
}

/* ---- validate: keys that must be unique -------------------------------------------------------------------------- */
static bool not_unique(fr_call *call, const fr_frame *frame, const fr_list *on, int64_t row, const char *which)
{
    FR_CLEANUP(fr_text_clear) fr_text key = FR_TEXT_INIT(call);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    int64_t *fields = fr_arena_array(call, &arena, on->n, sizeof *fields);
    if (!fields) return false;
    for (size_t i = 0; i < on->n; i++) fields[i] = on->items[i].field;
    if (!fr_describe_row(call, frame, fields, on->n, row, &key)) return false;
    return fr_fail_at(call, fr_place_at(.row = row, .column = on->items[0].name), FR_ERR_VALUE,
                      "the %s frame has several rows with %s", which, key.bytes);
}

/* Nulls are keys like others here: two null keys are a duplicate. */
static bool check_unique(fr_call *call, const fr_frame *frame, const fr_list *on, const char *which)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, frame->length);
    const fr_key_want any = { 0 };
    for (size_t i = 0; i < on->n; i++)
        if (!fr_keys_add(call, &keys, frame->columns[on->items[i].field], &any, on->items[i].name)) return false;
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_of_keys(call, &keys);
    if (!groups) return false;
    if (groups->n_groups == frame->length) return true;
    const uint32_t *id = fr_grouping_ids(groups);
    for (int64_t row = 0; row < frame->length; row++)
        if (fr_grouping_first(groups, id[row]) != row) return not_unique(call, frame, on, row, which);
    return true;
}

static bool validate(fr_call *call, const join_job *job)
{
    const fr_join_validate how = job->args->validate;
    if (how == FR_JOIN_ONE_TO_ONE || how == FR_JOIN_ONE_TO_MANY)
        if (!check_unique(call, job->left, &job->left_on, "left")) return false;
    if (how == FR_JOIN_ONE_TO_ONE || how == FR_JOIN_MANY_TO_ONE)
        return check_unique(call, job->right, &job->right_on, "right");
    return true;
}

/* ---- rows of the result ------------------------------------------------------------------------------------------ */
static inline uint64_t matches_of(const join_job *job, int64_t row)
{
    const uint32_t id = ((const uint32_t *)job->ids->data)[row];
    const uint64_t *start = job->starts->data;
    if (id == FR_NO_ID) return job->args->how == FR_JOIN_LEFT;
    return start[id + 1] - start[id];
}

static fr_rows members_of(const join_job *job)
{
    const bool wide = fr_rows_are_wide(job->right->length);
    return fr_rows_view(job->members->data, wide, (int64_t)(job->members->size_bytes / fr_row_bytes(wide)));
}

static int64_t block_end(const join_job *job, size_t block)
{
    const int64_t end = ((int64_t)block + 1) * BLOCK_ROWS;
    return end < job->left->length ? end : job->left->length;
}

static bool count_rows(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const join_job *job = state;
    uint64_t n = 0;
    for (int64_t row = (int64_t)block * BLOCK_ROWS; row < block_end(job, block); row++) n += matches_of(job, row);
    ((uint64_t *)job->offsets->data)[block] = n;
    return fr_go_on(call);
}

/* `wide` is a constant of each of the two callers below. */
static inline void write_block(const join_job *job, size_t block, bool wide)
{
    const uint64_t *start = job->starts->data;
    const uint32_t *ids = job->ids->data;
    const fr_rows member = members_of(job);
    void *left = job->left_rows ? job->left_rows->data : NULL, *right = job->right_rows->data;
    uint64_t at = ((const uint64_t *)job->offsets->data)[block];
    for (int64_t row = (int64_t)block * BLOCK_ROWS; row < block_end(job, block); row++) {
        const uint32_t id = ids[row];
        if (id == FR_NO_ID) {
            if (job->args->how != FR_JOIN_LEFT) continue;
            if (left) fr_row_put(left, wide, at, row);
            fr_row_put(right, wide, at++, FR_ROW_MISSING64);
            continue;
        }
        for (uint64_t i = start[id]; i < start[id + 1]; i++) {
            if (left) fr_row_put(left, wide, at, row);
            fr_row_put(right, wide, at++, wide ? fr_row_at(&member, (int64_t)i) : member.narrow[i]);
        }
    }
}

static bool write_rows(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const join_job *job = state;
    if (job->wide) write_block(job, block, true);
    else write_block(job, block, false);
    return fr_go_on(call);
}

static bool check_size(fr_call *call, const join_job *job, uint64_t n)
{
    const uint64_t limit =
        job->args->max_rows >= 0 ? (uint64_t)job->args->max_rows : fr_context_limits(call->context).join_rows;
    if (n > limit)
        return fr_fail_at(call, fr_place_at(.hint = "are the keys complete? raise max_rows if so many rows are wanted"),
                          FR_ERR_LIMIT, "the result would have %llu rows (%lld left, %lld right), more than %llu",
                          (unsigned long long)n, (long long)job->left->length, (long long)job->right->length,
                          (unsigned long long)limit);
    return true;
}

static bool find_rows(fr_call *call, join_job *job)
{
    const size_t n_blocks = fr_block_count((size_t)job->left->length, BLOCK_ROWS);
    job->offsets = fr_buffer_array(call, n_blocks, sizeof(uint64_t));
    if (!job->offsets || !fr_for_blocks(call, n_blocks, count_rows, job)) return false;
    uint64_t total = 0, *offset = job->offsets->data;
    for (size_t block = 0; block < n_blocks; block++) {
        const uint64_t n = offset[block];
        offset[block] = total;
        total += n;
    }
    if (!check_size(call, job, total)) return false;
    job->n_rows = (int64_t)total;
    job->wide = fr_rows_are_wide(job->left->length) || fr_rows_are_wide(job->right->length);
    const bool unique = members_of(job).n == job->groups->n_groups;
    const bool all_left = job->args->how == FR_JOIN_LEFT && unique;           /* every left row exactly once */
    job->right_rows = fr_buffer_array(call, (size_t)total, fr_row_bytes(job->wide));
    if (!all_left) job->left_rows = fr_buffer_array(call, (size_t)total, fr_row_bytes(job->wide));
    if (!job->right_rows || (!all_left && !job->left_rows)) return false;
    return fr_for_blocks(call, n_blocks, write_rows, job);
}

/* ---- columns of the result --------------------------------------------------------------------------------------- */
typedef struct layout {
    size_t      n;
    const char **names;
    fr_columns   columns;
} layout;

static bool shared_key(const join_job *job, const char *name)
{
    for (size_t i = 0; i < job->right_on.n; i++)
        if (!strcmp(job->right_on.items[i].name, name) && !strcmp(job->left_on.items[i].name, name)) return true;
    return false;
}

/* The name, with the suffix when the other frame has it too. */
static const char *result_name(fr_call *call, join_job *job, const char *name, bool from_left)
{
    const fr_schema *other = from_left ? job->right->schema : job->left->schema;
    const char *suffix = from_left ? job->args->left_suffix : job->args->right_suffix;
    if (shared_key(job, name) || fr_schema_find(other, name, strlen(name)) < 0) return name;
    if (!suffix) suffix = from_left ? "_x" : "_y";
    return fr_arena_format(call, &job->arena, "%s%s", name, suffix);
}

static fr_column *left_column(fr_call *call, const join_job *job, const fr_column *column)
{
    if (!job->left_rows) return fr_column_ref(column);
    const fr_rows rows = fr_rows_view(job->left_rows->data, job->wide, job->n_rows);
    return fr_column_take(call, column, &rows);
}

static fr_column *right_column(fr_call *call, const join_job *job, const fr_column *column)
{
    fr_rows rows = fr_rows_view(job->right_rows->data, job->wide, job->n_rows);
    rows.may_miss = true;
    return fr_column_take(call, column, &rows);
}

/* left_only, both (right_only comes with right and outer joins) as categories */
static fr_column *indicator(fr_call *call, const join_job *job)
{
    static const char *const words[] = { "left_only", "right_only", "both" };
    fr_coder *coder = fr_coder_new(call);
    bool fine = coder != NULL;
    for (size_t i = 0; fine && i < 3; i++) fine = fr_coder_code(call, coder, words[i], strlen(words[i])) >= 0;
    fr_dictionary *dictionary = fine ? fr_coder_finish(call, coder) : NULL;
    if (coder) fr_coder_unref(coder);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *codes = dictionary ? fr_buffer_array(call, (size_t)job->n_rows, 1) : NULL;
    fr_column *column = NULL;
    if (codes) {
        const fr_rows right = fr_rows_view(job->right_rows->data, job->wide, job->n_rows);
        for (int64_t i = 0; i < job->n_rows; i++) ((uint8_t *)codes->data)[i] = fr_row_at(&right, i) < 0 ? 0 : 2;
        const fr_column_parts parts = { .type = fr_type_of(FR_CAT), .phys = FR_PHYS_U8, .length = job->n_rows,
                                        .values = codes, .dictionary = dictionary };
        column = fr_column_new(call, &parts);
    }
    fr_dictionary_unref(dictionary);
    return column;
}

static bool add_column(layout *out, const char *name, fr_column *column)
{
    if (!column) return false;
    out->columns.at[out->n] = column;
    out->names[out->n++] = name;
    return name != NULL;
}

static bool add_columns(fr_call *call, join_job *job, layout *out)
{
    const fr_schema *left = job->left->schema, *right = job->right->schema;
    for (size_t i = 0; i < left->width; i++)
        if (!add_column(out, result_name(call, job, left->fields[i].name, true),
                        left_column(call, job, job->left->columns[i]))) return false;
    for (size_t i = 0; i < right->width; i++) {
        if (shared_key(job, right->fields[i].name)) continue;
        if (!add_column(out, result_name(call, job, right->fields[i].name, false),
                        right_column(call, job, job->right->columns[i]))) return false;
    }
    return !job->args->indicator || add_column(out, "_merge", indicator(call, job));
}

static fr_frame *assemble(fr_call *call, join_job *job)
{
    const size_t most = fr_frame_width(job->left) + fr_frame_width(job->right) + 1;
    layout out = { .columns = { .context = call->context } };
    fr_frame *result = NULL;
    out.names = fr_arena_array(call, &job->arena, most, sizeof *out.names);
    if (out.names && fr_columns_init(call, &out.columns, most) && add_columns(call, job, &out))
        result = fr_frame_of(call, job->left, out.names, out.columns.at, out.n, job->n_rows);
    fr_columns_clear(&out.columns);
    return result;
}

fr_frame *fr_run_join(fr_call *call, const fr_frame *frame, const fr_join_args *args)
{
    FR_CLEANUP(clear_job) join_job job = { .left = frame, .right = args->right, .args = args,
                                           .left_on.context = call->context, .right_on.context = call->context };
    fr_arena_init(&job.arena, call->context);
    if (!check_frames(call, &job) || !read_keys(call, &job)) return NULL;
    if (!validate(call, &job) || !match(call, &job) || !find_rows(call, &job)) return NULL;
    return assemble(call, &job);
}
