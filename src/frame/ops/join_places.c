/* join_places.c — two frames side by side (see join_places.h). */
#include "ops/join_places.h"

#include "base/problem.h"
#include "ops/result_size.h"

static bool check_lengths(fr_call *call, const fr_frame *left, const fr_frame *right)
{
    if (left->length == right->length) return true;
    return fr_fail_at(call, fr_place_at(.hint = "rows that belong together by a column: on = that column; the first ones: head"),
                      FR_ERR_VALUE, "the left frame has %s rows, the right %s", fr_in_threes((uint64_t)left->length).text,
                      fr_in_threes((uint64_t)right->length).text);
}

static bool lay_out(fr_call *call, fr_arena *arena, const fr_frame *left, const fr_frame *right, const fr_join_names *names,
                    fr_field *fields, fr_column **columns)
{
    const size_t n_left = fr_frame_width(left), n_right = fr_frame_width(right);
    for (size_t i = 0; i < n_left + n_right; i++) {
        const bool is_left = i < n_left;
        const fr_frame *side = is_left ? left : right;
        const size_t at = is_left ? i : i - n_left;
        fields[i] = side->schema->fields[at];
        fields[i].name = is_left ? fr_join_left_name(call, arena, names, at)
                                 : fr_join_right_name(call, arena, names, at);
        columns[i] = side->columns[at];
        if (!fields[i].name) return false;
    }
    return true;
}

fr_frame *fr_join_places(fr_call *call, const fr_frame *left, const fr_frame *right, const fr_join_names *names)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const size_t n = fr_frame_width(left) + fr_frame_width(right);
    if (!check_lengths(call, left, right)) return NULL;
    fr_field *fields = fr_arena_array(call, &arena, n + 1, sizeof *fields);
    fr_column **columns = fields ? fr_arena_array(call, &arena, n + 1, sizeof *columns) : NULL;
    if (!columns || !lay_out(call, &arena, left, right, names, fields, columns)) return NULL;
    FR_OWNED fr_schema *schema = fr_schema_make(call, fields, n);
    return schema ? fr_frame_same_rows(call, left, schema, columns) : NULL;
}
