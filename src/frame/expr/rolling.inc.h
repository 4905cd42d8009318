/* rolling.inc.h — the walk of fn_rolling.c. Template: T of values; STATE of some rows, OF(value) that of one, BOTH(a, b)
 * that of rows that follow one another, PUT(r, row, state) a window's result; FN(name) the names of this walk. */

/* ends[i]: of row i of the stretch up to its last one. */
static inline void FN(end)(const rolling *r, int64_t from, STATE *ends)
{
    const T *values = r->x->values;
    STATE state = OF(values[fr_walk_row(r->walk, from + r->n - 1)]);
    ends[r->n - 1] = state;
    for (int64_t i = r->n - 1; i-- > 0;) ends[i] = state = BOTH(OF(values[fr_walk_row(r->walk, from + i)]), state);
}

/* How many rows at the end of the stretch have a value, behind a null of it. */
static inline int64_t FN(there)(const rolling *r, int64_t from)
{
    int64_t n = 0;
    while (n < r->n && fr_is_valid(r->x, fr_walk_row(r->walk, from + r->n - 1 - n))) n++;
    return n;
}

/* The windows that end in a stretch; *n_valid: rows with a value before the next one. */
static inline void FN(windows)(rolling *r, int64_t from, int64_t end, const STATE *ends, int64_t *n_valid)
{
    const T *values = r->x->values;
    STATE state = { 0 };
    for (int64_t at = from; at < end; at++) {
        const int64_t row = fr_walk_row(r->walk, at), in = at - from;
        const STATE one = OF(values[row]);
        fr_walk_ask(r->walk, at, values, sizeof *values);
        fr_walk_ask(r->walk, at, r->out.values->data, sizeof *values);
        state = in ? BOTH(state, one) : one;
        *n_valid = fr_is_valid(r->x, row) ? *n_valid + 1 : 0;
        if (*n_valid < r->n) fr_row_results_null(&r->out, row);
        else PUT(r, row, in + 1 < r->n ? BOTH(ends[in + 1], state) : state);
    }
}

static void FN(roll)(rolling *r, const stretch_run *run, void *ends_)
{
    STATE *ends = ends_;
    int64_t n_valid = 0;
    if (run->from > run->group) {
        FN(end)(r, run->from - r->n, ends);
        n_valid = FN(there)(r, run->from - r->n);
    }
    for (int64_t from = run->from; from < run->end; from += r->n) {
        const int64_t end = run->end - from < r->n ? run->end : from + r->n;
        FN(windows)(r, from, end, ends, &n_valid);
        if (end < run->end) FN(end)(r, from, ends);
    }
}

#undef T
#undef STATE
#undef OF
#undef BOTH
#undef PUT
#undef FN
