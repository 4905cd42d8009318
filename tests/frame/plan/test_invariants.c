/* The answer depends on the data alone: random frames of every scalar type, random chains of verbs, and the same result
 * (values, nulls, account, error) whatever the threads, the block size, the hash seed, the planning, and whether the
 * rows come from memory or from the CSV file they were written to. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <frame/frame.h>

#include "frame/ops/naive.h"
#include "plan/plan.h"
#include "plan/steps.h"
#include "support/test.h"

/* ---- frames ------------------------------------------------------------------------------------------------------ */
/* from and to: of the numbers a type is made of; 0 and 0 for those that take theirs from fr_test_column */
static const struct { const char *name, *type; int64_t from, to; } columns[] = {
    { "t", "bool", 0, 1 },        { "i1", "i8", -4, 5 },            { "i2", "i16", -30000, 30000 },
        { "i4", "i32", -9, 9 },
    { "i8", "i64", -400, 400 },   { "far", "i64", INT64_MIN / 2, INT64_MAX / 2 },  { "u1", "u8", 0, 6 },
    { "u2", "u16", 0, 60000 },    { "u4", "u32", 0, 20 },           { "u8", "u64", 0, INT64_MAX },
        { "f4", "f32", -9, 9 },
    { "f8", "f64", -300, 300 },   { "s", "str", 0, 0 },             { "codes", "codes", 0, 0 },
        { "cat", "cat", 0, 0 },
    { "d", "date", -20, 20000 },  { "tm", "time", 0, 86399999999 }, { "ms", "duration[ms]", -100000, 9000000 },
    { "us", "datetime[us]", -1000000000000000, 2000000000000000 },
    { "ns", "datetime[ns, Europe/Berlin]", -1000000000000000000, 2000000000000000000 },
    { "m", "decimal(9,2)", -5000, 99999 }, { "big", "decimal(38,10)", INT64_MIN, INT64_MAX },
};
enum { N_COLUMNS = FR_COUNT_OF(columns), FEW = 50 };

static fr_value value_between(const fr_type *type, int64_t from, int64_t to, uint64_t *state)
{
    const uint64_t span = (uint64_t)to - (uint64_t)from + 1, r = fr_test_random(state);
    const int64_t n = (int64_t)((uint64_t)from + (span ? r % span : r));
    if (type->kind == FR_F32) return fr_v_f64((float)n / 8);
    if (type->kind == FR_F64) return fr_v_f64((double)n / 7);
    fr_value v = { .kind = (uint8_t)type->kind, .valid = true, .unit = (uint8_t)type->unit, .scale = type->scale };
    if (type->kind != FR_DECIMAL) return v.as.i = n, v;
    const fr_i128 wide = n;
    memcpy(&v.as.decimal, &wide, sizeof wide);
    return v;
}

/* n rows that draw from FEW values, so that they repeat; every third column has no nulls. */
static fr_column *random_column(fr_call *call, size_t c, int64_t n, uint64_t *state)
{
    const int nulls = fr_test_random(state) % 3 == 0 ? 0 : (int)(fr_test_random(state) % 30);
    if (columns[c].from == columns[c].to)
        return fr_test_repeating(call, columns[c].type, n, 8, nulls, fr_test_random(state));
    FR_OWNED fr_column *form = fr_test_column(call, columns[c].type, 0, 0, 1);    /* for the type its name stands for */
    fr_builder *builder = form ? fr_builder_new(call, form->type, n) : NULL;
    fr_value few[FEW];
    for (size_t i = 0; i < FEW && builder; i++)
        few[i] = value_between(form->type, columns[c].from, columns[c].to, state);
    bool fine = builder != NULL;
    for (int64_t i = 0; i < n && fine; i++)
        fine = (int)(fr_test_random(state) % 100) < nulls ? fr_builder_add_null(call, builder)
                                                          : fr_builder_add(call, builder,
                                                                           few[fr_test_random(state) % FEW]);
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}

/* Zeros of both signs, NaN, infinities and neighbours, some of them null. */
static fr_column *awkward_floats(fr_call *call, int64_t n, uint64_t *state)
{
    static const double few[] = { 0.0, -0.0, 1.0, -1.5, 1e16, 1e-300, 0.1, 3.0 };
    double values[600];
    uint8_t valid[600];
    const double zero = 0;
    for (int64_t i = 0; i < n; i++) {
        uint64_t r = fr_test_random(state) % 12;
        values[i] = r < 8 ? few[r] : r == 8 ? zero / zero : r == 9 ? 1 / zero : 2.5;
        valid[i] = r != 11;
    }
    return fr_test_f64s(call, values, valid, n);
}

static fr_frame *random_frame(int64_t n, uint64_t *state)
{
    const char *names[N_COLUMNS + 1];
    fr_column *all[N_COLUMNS + 1] = { NULL };
    fr_call call;
    fr_call_begin(&call, NULL, NULL, -1);
    bool fine = true;
    for (size_t i = 0; fine && i < N_COLUMNS; i++) {
        names[i] = columns[i].name;
        all[i] = random_column(&call, i, n, state);
        fine = all[i] != NULL;
    }
    names[N_COLUMNS] = "z";
    all[N_COLUMNS] = fine ? awkward_floats(&call, n, state) : NULL;
    fr_frame *frame = all[N_COLUMNS] ? fr_frame_of(&call, NULL, names, all, N_COLUMNS + 1, n) : NULL;
    if (!frame) frame = fr_object_failed(&call, &fr_frame_class);
    for (size_t i = 0; i <= N_COLUMNS; i++) fr_column_unref(all[i]);
    fr_call_end(&call);
    return frame;
}

/* ---- chains ------------------------------------------------------------------------------------------------------ */
static const char *const stages[] = {
    "where f8 > 0", "where t", "where s is not null and z == z", "where i1 // i2 > 0", "where i8 > mean(i8)",
    "where cat in ('a', 'North') or codes == s", "where d > date '1990-01-01'", "where m > 10", "where us < ns",
    "where z >= 0 or i4 % u1 == 0", "where rank > 2", "where u8 > 100", "where sum(z) over cat > 1",
    "with rank = i4 + i2; f8 = f8 * 2", "with e = i8 * i8", "with e = far + far", "with e = u8 + u8",
    "with e = sum(f8) over s; g = z / e",
    "with y = d.dt.year; w = us.dt.weekday", "with e = upper(s) if t else codes", "with m = m * m",
    "with e = far * 3; g = far // i8", "with e = big + m",
    "with q = f4 + i4; z = -z", "with l = len(s); c = s", "with e = i1 ** 3", "with g = us - us; h = d + ms",
    "sort z", "sort -z, i8", "sort f8 desc | head 9", "sort -big, s | head 3", "sort cat, us | head",
    "sort d nulls_first | head 40", "sort u1, t, tm | head 20", "sort s | head 0",
    "sort s, f8 desc", "sort cat desc, us", "sort big, -m, tm", "sort t, u8, d nulls_first",
    "sort z desc | head 2 by s", "sort f8, us | head 1 by cat, t", "sort -m | tail 2 by codes", "sort s | tail 4",
    "head 2 by z", "head -2 by s", "tail 1 by d, i2", "tail -1 by far",
    "head 5", "head -3", "tail 7", "slice 3 20", "slice -4", "sample 6 seed 3", "sample 40% seed 9",
    "select s, z, f8, i8", "select numeric()", "select except(big, ns)", "drop cat", "drop temporal()",
        "rename z as rank",
    "group s: n = size(); a = sum(f8); b = mean(z)", "group z: n = size(); lo = min(us); hi = max(s)",
    "group t, cat: sd = std(f8); md = median(i8); q = quantile(f4, 0.3)", "group codes, d: f = first(z); l = last(m)",
    "group u8, i1 sorted: u = nunique(s); a = sum(u4)", "group: n = size(); a = sum(z); b = mean(f8); v = var(f4)",
    "group cat, t rollup: n = size(); a = sum(f8); b = median(i8)",
    "group f4: a = sum(i8); m = mode(t)", "group big: a = sum(m); b = mean(m)", "group tm: a = min(big); b = any(t)",
    "pivot s on t values z agg mean", "pivot cat on d: n = size(), a = sum(f8)", "pivot t on cat values m agg sum fill 0",
    "pivot t, d on codes only a, North: q = median(f4)", "pivot us on z, t values s agg last", "pivot on i1: hi = max(us)",
    "pivot s on t margins: a = mean(f8)", "pivot cat, d on t normalize index only true margins fill 0: n = size()",
    "melt z values f8, i8, far", "melt values s, codes, cat drop_nulls", "melt except(numeric()) variable v", "melt t, us",
    "complete t, cat", "complete cat by t", "complete u1, t", "complete i1 every 40 by t",
    "distinct s, t", "distinct", "distinct z keep last", "distinct cat none", "distinct f4, d",
    "fill_null f8 mean", "fill_null s with 'none'", "fill_null z forward", "fill_null i8 median", "fill_null cat mode",
    "fill_null u4 backward", "drop_null", "drop_null s, f8", "cast i8: f64", "cast f8: i32 coerce", "cast i4: str",
    "cast s: i64", "cast i8: i16", "cast us: date", "cast f4: i8 reject", "value_counts s", "value_counts z",
    "value_counts cat normalize", "describe", "describe f8, s, us", "where nothing > 1", "sort nothing",
};

static void random_chain(uint64_t *state, char *text, size_t room)
{
    size_t n = 1 + fr_test_random(state) % 5, at = 0;
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, room - at, "%s%s", i ? " | " : "",
                               stages[fr_test_random(state) % FR_COUNT_OF(stages)]);
}

/* ---- the same ---------------------------------------------------------------------------------------------------- */
static void describe_error(const fr_frame *frame, char *text, size_t n)
{
    const fr_error_info *e = fr_error(frame);
    if (!e) { snprintf(text, n, "fine"); return; }
    snprintf(text, n, "%s: %s (%s) row %" PRId64 " column %s step %s", fr_code_name(e->code), e->message,
             e->hint ? e->hint : "", e->row, e->column ? e->column : "", e->step ? e->step : "");
}

static bool same_account(const fr_frame *one, const fr_frame *other)
{
    fr_auto(frame) p = fr_account(one);
    fr_auto(frame) q = fr_account(other);
    return fr_equal(p, q);
}

static bool same(const fr_frame *one, const fr_frame *other, bool accounts, const char *how, const char *chain)
{
    char x[1024], y[1024];
    describe_error(one, x, sizeof x);
    describe_error(other, y, sizeof y);
    const bool errors = !strcmp(x, y), values = errors && (!fr_ok(one) || fr_equal(one, other));
    const bool all = values && (!accounts || !fr_ok(one) || same_account(one, other));
    if (!all) fprintf(stderr, "%s: %s differ: %s\n  once:      %s\n  otherwise: %s\n", how,
                      !errors ? "errors" : !values ? "values" : "accounts", chain, x, y);
    return all;
}

/* ---- the surroundings -------------------------------------------------------------------------------------------- */
typedef struct surroundings { uint32_t threads; uint64_t chunk_rows, chunk_bytes, seed; } surroundings;
static const surroundings everywhere[] = {
    { 1, 1, 64, 7 }, { 2, 7, 100, 8 }, { 3, 64, 1000, 9 }, { 7, 0, 0, 10 }, { 2, 1, 0, 11 }, { 7, 7, 64, 12 },
};

static fr_frame *run(const fr_frame *frame, const fr_steps *steps, bool as_written)
{
    return fr_pipe_planned(frame, steps->steps, sizeof(fr_step), &(fr_plan_options){ .as_written = as_written }, NULL,
                           -1);
}

/* Over a scan, a head behind steps that work row by row ends the reading, and the account is that of the rows read. A
 * head by groups needs all rows. */
static bool may_end_early(const char *chain)
{
    static const char *const row_wise[] = { "where ", "with ", "select ", "drop ", "rename " };
    for (;; chain += 3) {
        size_t i = 0;
        while (i < FR_COUNT_OF(row_wise) && strncmp(chain, row_wise[i], strlen(row_wise[i])) != 0) i++;
        const char *next = strstr(chain, " | ");
        if (i == FR_COUNT_OF(row_wise)) {
            const char *by = strstr(chain, " by ");
            return !strncmp(chain, "head", 4) && strncmp(chain, "head -", 6) != 0 && (!by || (next && by > next));
        }
        if (!next) return false;
        chain = next;
    }
}

static bool check_surroundings(const fr_frame *frame, const fr_schema *schema, const char *path, const char *chain,
                               const fr_frame *const expected_of[3], const surroundings *here)
{
    char how[100];
    const fr_frame *expected = expected_of[0], *from_file = expected_of[1], *from_scan = expected_of[2];
    fr_auto(context) context = fr_context_new(.threads = here->threads, .chunk_rows = here->chunk_rows,
                                              .chunk_bytes = here->chunk_bytes, .seed = here->seed);
    fr_auto(steps) steps = fr_steps_parse_chain(chain, context);
    fr_auto(frame) moved = fr_with_context(frame, context);
    fr_auto(frame) scan = fr_scan_csv(path, .schema = schema, .context = context);
    fr_auto(frame) read = fr_read_csv(path, .schema = schema, .context = context);
    fr_auto(frame) planned = run(moved, steps, false);
    fr_auto(frame) written = run(moved, steps, true);
    fr_auto(frame) scanned = run(scan, steps, false);
    fr_auto(frame) collected = run(scan, steps, true);
    fr_auto(frame) from_read = run(read, steps, false);
    snprintf(how, sizeof how, "%u threads, blocks of %" PRIu64 " rows, %" PRIu64 " bytes", here->threads,
             here->chunk_rows,
             here->chunk_bytes);
    return same(expected, planned, true, how, chain) && same(expected, written, true, how, chain) &&
           same(from_file, scanned, !may_end_early(chain), how, chain) && same(from_scan, scanned, true, how, chain) &&
           same(from_file, collected, true, how, chain) &&
           same(from_file, from_read, true, how, chain);
}

static bool check_chain(const fr_frame *frame, const fr_schema *schema, const char *path, const char *chain,
                        size_t skip,
                        int *n_frames)
{
    fr_auto(context) context = fr_context_new(.threads = 1, .seed = 1);
    fr_auto(steps) steps = fr_steps_parse_chain(chain, context);
    if (!fr_ok(steps)) return fprintf(stderr, "%s does not parse\n", chain), fr_print_error(steps), false;
    fr_auto(frame) moved = fr_with_context(frame, context);
    fr_auto(frame) read = fr_read_csv(path, .schema = schema, .context = context);
    fr_auto(frame) expected = run(moved, steps, true);
    fr_auto(frame) from_file = run(read, steps, true);
    fr_auto(frame) scan = fr_scan_csv(path, .schema = schema, .context = context);
    fr_auto(frame) from_scan = run(scan, steps, false);
    const fr_frame *const expected_of[] = { expected, from_file, from_scan };
    *n_frames += fr_ok(expected);
    if (!same(moved, read, false, "the file read back", chain)) return false;
    if (!same(expected, from_file, false, "from memory and from a file", chain)) return false;
    for (size_t i = skip % 2; i < FR_COUNT_OF(everywhere); i += 2)
        if (!check_surroundings(frame, schema, path, chain, expected_of, &everywhere[i])) return false;
    return true;
}

enum { N_FRAMES = 24, N_CHAINS = 8 };

TEST(results_do_not_depend_on_the_surroundings)
{
    static const int64_t lengths[] = { 0, 1, 5, 63, 64, 65, 200, 600 };
    const char *path = fr_test_scratch("invariants.csv");
    uint64_t state = 20241120;
    int wrong = 0, n_frames = 0;
    for (size_t i = 0; i < N_FRAMES && wrong < 5; i++) {
        fr_auto(frame) frame = random_frame(lengths[i % FR_COUNT_OF(lengths)], &state);
        fr_auto(frame) saved = fr_write_csv(frame, path);
        fr_auto(schema) schema = fr_schema(frame);
        CHECK(fr_ok(saved));
        for (size_t k = 0; k < N_CHAINS && wrong < 5; k++) {
            char chain[1024];
            random_chain(&state, chain, sizeof chain);
            wrong += !check_chain(frame, schema, path, chain, k, &n_frames);
        }
    }
    CHECK_INT(wrong, 0);
    CHECK(wrong || n_frames > N_FRAMES * N_CHAINS / 3);      /* errors are compared too, but not only errors */
}
