/* strange_truth.c — what holds for every expression. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <frame/frame.h>

#include "frame/plan/batches.h"
#include "ops/verbs.h"
#include "plan/plan.h"
#include "plan/steps.h"
#include "support/columns.h"
#include "support/strange_chain.h"

enum { ROOM = 2000, LITERALS = 6 };

/* ---- the same rows in many ways ---------------------------------------------------------------------------------- */
static fr_frame *strange(fr_context *context, int64_t n, uint64_t seed)
{
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    fr_frame *frame = fr_strange_frame(&call, n, seed);
    if (!frame) frame = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return frame;
}

bool fr_strange_rows_begin(fr_strange_rows *rows, int64_t n, uint64_t seed)
{
    *rows = (fr_strange_rows){ .n = n };
    rows->context = fr_context_new(.threads = 1, .seed = 1, .limits.memory_bytes = 256 << 20);
    rows->elsewhere = fr_context_new(.threads = 3, .chunk_rows = 7, .seed = 9, .limits.memory_bytes = 256 << 20);
    rows->plain = strange(rows->context, n, seed);
    rows->moved = fr_with_context(rows->plain, rows->elsewhere);
    fr_auto(frame) others = strange(rows->context, 70, seed + 1);
    fr_auto(frame) odd = fr_pipe(others, fr_with("id = -1 - id"));
    fr_auto(frame) head = fr_pipe(rows->plain, fr_slice(.n = n / 3));
    fr_auto(frame) middle = fr_pipe(rows->plain, fr_slice(.offset = n / 3, .n = n / 3));
    fr_auto(frame) end = fr_pipe(rows->plain, fr_slice(.offset = 2 * (n / 3)));
    const fr_frame *const both[] = { middle, end, NULL }, *const parts[] = { rows->plain, odd, NULL },
                   *const mixed[] = { odd, middle, odd, end, NULL };
    rows->pieces = fr_pipe(head, fr_concat(.others = both));
    fr_auto(frame) among = fr_pipe(head, fr_concat(.others = mixed));
    fr_auto(frame) wanted = fr_pipe(rows->plain, fr_select("id"));
    rows->kept = fr_pipe(among, fr_join(wanted, .on = "id", .how = FR_JOIN_SEMI));
    fr_auto(frame) long_ = fr_pipe(odd, fr_concat(.others = parts));
    fr_auto(frame) settled = fr_collect(long_);
    rows->offset = fr_pipe(settled, fr_slice(.offset = 70, .n = n));
    rows->other = fr_ref(others);
    rows->none = fr_pipe(others, fr_head(0));
    rows->few = fr_pipe(long_, fr_slice(.offset = 60, .n = 20));
    rows->scan = scan_in_batches(rows->plain, 5, NULL);
    bool fine = fr_ok(rows->few) && fr_ok(rows->none) && fr_ok(rows->scan) && fr_ok(rows->pieces) && fr_ok(rows->kept) &&
                fr_ok(rows->offset);
    for (int64_t i = 0; i < n && i < FR_STRANGE_ROWS; i++) {
        rows->alone[i] = fr_pipe(rows->plain, fr_slice(.offset = i, .n = 1));
        fine = fine && fr_ok(rows->alone[i]);
    }
    return fine;
}

void fr_strange_rows_end(fr_strange_rows *rows)
{
    for (size_t i = 0; i < FR_STRANGE_ROWS; i++) fr_unref(rows->alone[i]);
    fr_unref(rows->scan);
    fr_unref(rows->none);
    fr_unref(rows->few);
    fr_unref(rows->other);
    fr_unref(rows->offset);
    fr_unref(rows->kept);
    fr_unref(rows->pieces);
    fr_unref(rows->moved);
    fr_unref(rows->plain);
    fr_unref(rows->elsewhere);
    fr_unref(rows->context);
}

/* ---- comparing --------------------------------------------------------------------------------------------------- */
static fr_frame *value_of(const fr_frame *rows, const char *text)
{
    char assign[ROOM];
    (void)snprintf(assign, sizeof assign, "r_ = (%s)", text);
    return fr_pipe(rows, fr_with(assign), fr_select("r_"));
}

static void describe(const fr_frame *frame, char *text, size_t n)
{
    const fr_error_info *e = fr_error(frame);
    if (!e) (void)snprintf(text, n, "fine");
    else (void)snprintf(text, n, "%s: %s, row %" PRId64, fr_code_name(e->code), e->message, e->row);
}

static bool differ(char *why, size_t n, const char *how, const fr_frame *one, const fr_frame *other)
{
    char x[600], y[600];
    describe(one, x, sizeof x);
    describe(other, y, sizeof y);
    if (strcmp(x, y) != 0 || !fr_ok(one)) return (void)snprintf(why, n, "%s: %s\n   but %s", how, x, y), false;
    size_t at = (size_t)snprintf(why, n, "%s:", how);
    for (int64_t i = 0; i < fr_length(one) && at + 200 < n; i++) {
        fr_auto(frame) p = fr_pipe(one, fr_slice(.offset = i, .n = 1));
        fr_auto(frame) q = fr_pipe(other, fr_slice(.offset = i, .n = 1));
        if (fr_equal(p, q)) continue;
        for (size_t c = 0; c < fr_width(p) && c < fr_width(q); c++) {
            char cast[300];
            fr_auto(frame) s = fr_pipe(p, fr_select(fr_name(p, c)));
            fr_auto(frame) t = fr_pipe(q, fr_select(fr_name(q, c)));
            if (fr_equal(s, t)) continue;
            (void)snprintf(cast, sizeof cast, "`%s`: str", fr_name(p, c));
            fr_auto(frame) a = fr_pipe(s, fr_cast(cast));
            fr_auto(frame) b = fr_pipe(t, fr_cast(cast));
            fr_value u = fr_get_at(a, 0, 0), v = fr_get_at(b, 0, 0);
            return (void)snprintf(why + at, n - at, " row %" PRId64 " %s: %s but %s", i, fr_name(p, c),
                                  !u.valid ? "null" : u.as.s, !v.valid ? "null" : v.as.s), false;
        }
    }
    const fr_frame *both[] = { one, other };
    for (size_t i = 0; i < 2; i++) {
        char type[FR_TYPE_TEXT_BYTES];
        at += (size_t)snprintf(why + at, n - at, "%s %s, %" PRId64 " rows", i ? " but" : "",
                               fr_width(both[i]) ? fr_type_name(fr_type_at(both[i], 0), type) : "nothing", fr_length(both[i]));
    }
    return false;
}

/* Every column is as data/column.h says, and what it says of its values is so. */
static bool is_sound(char *why, size_t n, const char *how, const fr_frame *frame)
{
    fr_column *const *columns = fr_ok(frame) && fr_length(frame) >= 0 ? fr_test_columns(frame) : NULL;
    for (size_t c = 0; columns && c < fr_width(frame); c++)
        if (!fr_test_column_is_sound(columns[c]))
            return (void)snprintf(why, n, "%s: column %s is not sound", how, fr_name(frame, c)), false;
    return true;
}

static bool same(char *why, size_t n, const char *how, const fr_frame *one, const fr_frame *other)
{
    char x[600], y[600];
    if (!is_sound(why, n, how, one) || !is_sound(why, n, how, other)) return false;
    describe(one, x, sizeof x);
    describe(other, y, sizeof y);
    if (!strcmp(x, y) && (!fr_ok(one) || fr_equal(one, other))) return true;
    return differ(why, n, how, one, other);
}

/* Fails for what it says, not in a row. */
static bool is_refused(const fr_frame *result) { return !fr_ok(result) && fr_error(result)->row < 0; }

/* ---- row by row -------------------------------------------------------------------------------------------------- */
static bool holds_alone(const fr_strange_rows *rows, const char *text, const fr_frame *whole, char *why, size_t n)
{
    char how[64];
    const int64_t failed = fr_ok(whole) ? rows->n : fr_error(whole)->row;
    for (int64_t i = 0; i < rows->n && i < FR_STRANGE_ROWS && i <= failed; i++) {
        fr_auto(frame) alone = value_of(rows->alone[i], text);
        fr_auto(frame) one = fr_ok(whole) ? fr_pipe(whole, fr_slice(.offset = i, .n = 1)) : NULL;
        (void)snprintf(how, sizeof how, "row %" PRId64 " alone", i);
        if (fr_ok(whole) ? !fr_equal(one, alone) : (i == failed) == fr_ok(alone))
            return differ(why, n, how, one ? one : whole, alone);
        if (!fr_ok(whole) && i == failed && strcmp(fr_error(alone)->message, fr_error(whole)->message) != 0)
            return differ(why, n, how, whole, alone);
    }
    return true;
}

/* ---- conditions -------------------------------------------------------------------------------------------------- */
static bool holds_split(const fr_strange_rows *rows, const char *text, const fr_frame *value, char *why, size_t n)
{
    static const char *const parts[][2] = { { "(", ")" }, { "not (", ")" }, { "(", ") is null" } };
    const fr_frame *const over[] = { rows->plain, rows->pieces, rows->kept, rows->moved };
    for (size_t f = 0; f < FR_COUNT_OF(over); f++) {
        int64_t counts[3], all = 0, count[3] = { 0 };
        for (int64_t i = 0; i < rows->n; i++) {
            fr_value v = fr_get_at(value, i, 0);
            count[!v.valid ? 2 : v.as.i ? 0 : 1]++;
        }
        for (size_t i = 0; i < 3; i++) {
            char condition[ROOM];
            (void)snprintf(condition, sizeof condition, "%s%s%s", parts[i][0], text, parts[i][1]);
            fr_auto(frame) kept = fr_pipe(over[f], fr_filter(condition));
            if (!fr_ok(kept)) return differ(why, n, condition, value, kept);
            all += counts[i] = fr_length(kept);
        }
        if (all != rows->n || memcmp(counts, count, sizeof count) != 0)
            return (void)snprintf(why, n, "frame %zu: filter, not and null keep %" PRId64 ", %" PRId64 ", %" PRId64 ", there are "
                                  "%" PRId64 ", %" PRId64 ", %" PRId64, f, counts[0], counts[1], counts[2], count[0], count[1],
                                  count[2]), false;
    }
    return true;
}

/* ---- other ways to say it ---------------------------------------------------------------------------------------- */
static char *text_of(fr_call *call, const fr_node *node, char *room, size_t n)
{
    fr_expr shell = { .context = call->context, .text = "", .root = node };
    char *text = NULL;
    room[0] = 0;
    if (fr_expr_text(call, &shell, &text)) (void)snprintf(room, n, "%s", text);
    fr_free_text(call->context, text);
    return room;
}

/* Each literal argument of the outermost call as a column of that value; how many. */
static size_t columns_for_literals(fr_call *call, const fr_node *root, char *with, size_t n, char *text, size_t m)
{
    static const char *const names[LITERALS] = { "k0_", "k1_", "k2_", "k3_", "k4_", "k5_" };
    fr_node nodes[LITERALS], *args[LITERALS], outer = *root;
    size_t count = 0, at = 0;
    if (root->kind != FR_NODE_CALL || root->n_args > LITERALS) return 0;
    for (size_t i = 0; i < root->n_args; i++) {
        char literal[ROOM];
        args[i] = root->args[i];
        if (args[i]->kind == FR_NODE_CALL) return 0;
        if (args[i]->kind != FR_NODE_VALUE) continue;
        text_of(call, args[i], literal, sizeof literal);
        nodes[i] = (fr_node){ .kind = FR_NODE_NAME, .name = names[i], .depth = 1 };
        args[i] = &nodes[i];
        at += (size_t)snprintf(with + at, n - at, "%sk%zu_ = %s", count++ ? "; " : "", i, literal);
    }
    outer.args = args;
    text_of(call, &outer, text, m);
    return at < n ? count : 0;
}

/* Literals adapt to what they stand beside, so a column of the same value may give another type. */
static bool same_type(fr_call *call, const fr_expr *expr, const fr_frame *rows, const char *text, const fr_frame *wider)
{
    fr_expr *other = fr_expr_parse(call, text, NULL, 0);
    const fr_type *one = fr_expr_type(call, expr, rows->schema, fr_aggregator_ops()),
                  *two = other ? fr_expr_type(call, other, wider->schema, fr_aggregator_ops()) : NULL;
    const bool same = one && two && fr_type_equal(one, two);
    if (!one || !two) fr_call_forgive(call);
    if (one) fr_type_unref(one);
    if (two) fr_type_unref(two);
    fr_expr_unref(other);
    return same;
}

static bool holds_for_columns(fr_call *call, const fr_strange_rows *rows, const fr_expr *expr, const fr_frame *value, char *why,
                              size_t n)
{
    char with[ROOM], text[ROOM], how[ROOM + 40];
    if (!columns_for_literals(call, expr->root, with, sizeof with, text, sizeof text)) return true;
    fr_auto(frame) wider = fr_pipe(rows->plain, fr_with(with));
    fr_auto(frame) other = value_of(wider, text);
    if (is_refused(other) || is_refused(value) || !same_type(call, expr, rows->plain, text, wider)) return true;
    (void)snprintf(how, sizeof how, "with %.900s: %.900s", with, text);
    if (fr_ok(other) != fr_ok(value)) return differ(why, n, how, value, other);
    return !fr_ok(other) || same(why, n, how, value, other);
}

static bool holds_in_normal_form(fr_call *call, const fr_strange_rows *rows, const fr_expr *expr, const fr_frame *value, char *why,
                                 size_t n)
{
    char text[ROOM], how[ROOM + 40];
    text_of(call, expr->root, text, sizeof text);
    fr_auto(frame) other = value_of(rows->plain, text);
    (void)snprintf(how, sizeof how, "as %s", text);
    return same(why, n, how, value, other);
}

/* An error in a row is foreseen: no filter that may fail is moved past another step (plan/push.c). */
static bool foretells(const fr_strange_rows *rows, const fr_expr *expr, const fr_frame *value, char *why, size_t n)
{
    if (fr_ok(value) || is_refused(value) || fr_expr_can_fail(expr, rows->plain->schema)) return true;
    return differ(why, n, "said not to fail", value, value);
}

static bool holds_otherwise_said(const fr_strange_rows *rows, const char *text, const fr_frame *value, char *why, size_t n)
{
    fr_call call;
    fr_call_begin(&call, rows->context, NULL, -1);
    fr_expr *expr = fr_expr_parse(&call, text, NULL, 0);
    bool holds = expr != NULL;
    if (!expr) (void)snprintf(why, n, "does not parse");
    holds = holds && foretells(rows, expr, value, why, n) && holds_in_normal_form(&call, rows, expr, value, why, n) &&
            holds_for_columns(&call, rows, expr, value, why, n) &&
            (is_refused(value) || !fr_looks_at_one_row(expr->root) || holds_alone(rows, text, value, why, n));
    fr_expr_unref(expr);
    fr_call_end(&call);
    return holds;
}

bool fr_strange_holds(const fr_strange_rows *rows, const char *text, char *why, size_t n)
{
    fr_auto(frame) value = value_of(rows->plain, text);
    if (fr_error_code(value) == FR_ERR_INTERNAL) return differ(why, n, "an INTERNAL error", value, value);
    if (fr_error_code(value) == FR_ERR_LIMIT || fr_error_code(value) == FR_ERR_MEMORY) return true;
    fr_auto(frame) moved = value_of(rows->moved, text);
    fr_auto(frame) pieces = value_of(rows->pieces, text);
    fr_auto(frame) kept = value_of(rows->kept, text);
    fr_auto(frame) offset = value_of(rows->offset, text);
    return same(why, n, "three threads", value, moved) && same(why, n, "rows in pieces", value, pieces) &&
           same(why, n, "rows among others", value, kept) && same(why, n, "rows at an offset", value, offset) &&
           holds_otherwise_said(rows, text, value, why, n) &&
           (!fr_ok(value) || fr_type_kind(fr_type_at(value, 0)) != FR_BOOL || holds_split(rows, text, value, why, n));
}

/* ---- chains ------------------------------------------------------------------------------------------------------ */
static fr_frame *run(const fr_frame *rows, const fr_steps *steps, bool as_written)
{
    if (!fr_ok(steps)) return fr_run(rows, steps);
    return fr_pipe_planned(rows, steps->steps, sizeof(fr_step), &(fr_plan_options){ .as_written = as_written }, NULL, -1);
}

bool fr_strange_chain_holds(const fr_strange_rows *rows, const char *text, char *why, size_t n)
{
    fr_named_frame named[FR_STRANGE_NAMED];
    fr_strange_named(rows, named);
    fr_auto(steps) steps = fr_steps_parse_chain_with(text, named, FR_STRANGE_NAMED, rows->context);
    fr_auto(frame) value = run(rows->plain, steps, true);
    if (fr_error_code(value) == FR_ERR_INTERNAL) return differ(why, n, "an INTERNAL error", value, value);
    if (fr_error_code(value) == FR_ERR_LIMIT || fr_error_code(value) == FR_ERR_MEMORY) return true;
    const struct { const char *how; const fr_frame *rows; bool as_written; } ways[] = {
        { "planned", rows->plain, false },          { "three threads", rows->moved, true },
        { "three threads, planned", rows->moved, false }, { "rows in pieces", rows->pieces, true },
        { "rows in pieces, planned", rows->pieces, false }, { "rows among others", rows->kept, true },
        { "rows among others, planned", rows->kept, false }, { "rows at an offset", rows->offset, true },
        { "rows in batches", rows->scan, false },
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        fr_auto(frame) other = run(ways[i].rows, steps, ways[i].as_written);
        if (!same(why, n, ways[i].how, value, other)) return false;
    }
    return true;
}
