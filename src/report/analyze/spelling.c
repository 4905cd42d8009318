/* spelling.c — words that mean "nothing", and texts that differ in case and blanks only.
 *
 *     "North"   1,202       North   1,204      every text of one meaning is written as most cells write it;
 *     "north "      1    →                     of equally frequent ones the first in order of code points
 *     "NORTH"       1
 *
 * Only columns of few texts are looked at: in a column of names or remarks, case may carry meaning. "NA", "None" and
 * "Unknown" stay: Namibia is a country, and "None" an answer.
 */
#include "text_columns.h"
#include "numbers.h"

#include <string.h>

static const char *stripped(store *s, const char *text)
{
    text += strspn(text, " \t");
    size_t n = strlen(text);
    while (n && (text[n - 1] == ' ' || text[n - 1] == '\t')) n--;
    return keep_bytes(s, text, n);
}

/* ---- words for nothing ------------------------------------------------------------------------------------------- */
static const char missing_words[] = "('', '?', '-', '--', 'N/A', 'n/a', '#N/A', 'null', 'NULL', 'nan', 'NaN')";

static bool plan_missing(analysis *a, const text_column *c)
{
    fr_auto(frame) found = NULL;
    const char *where = keep_format(&a->store, "strip(%s) in %s", c->quoted, missing_words);
    if (!take_frame(a, &found, fr_pipe(c->values, fr_filter(where)))) return false;
    int64_t n = 0;
    for (int64_t row = 0; row < fr_length(found); row++) n += fr_get_at(found, row, 1).as.i;
    if (!n || n == c->n_valid) return true;

    rule *r = add_rule(a, RULE_MISSING_WORD, c->name, "with");
    if (!r) return false;
    const char *example = stripped(&a->store, cell_text(a, found, 0, 0));
    r->step.args.with.assign = keep_format(&a->store, "%s = null if strip(%s) in %s else %s", c->quoted, c->quoted,
                                           missing_words, c->quoted);
    r->changed = n;
    r->brief = keep_format(&a->store, "\"%s\"", example);
    r->what = keep_format(&a->store, "%s: \"%s\" means that nothing is known; %s count%s as missing", c->name,
                          example, counted(&a->store, n, "cell"), n == 1 ? "s" : "");
    return true;
}

/* ---- blanks around texts ----------------------------------------------------------------------------------------- */
/* Where hardly any text is free of them, blanks are how the file was written, not part of the words. A few are a
 * matter of spelling. */
static bool plan_blanks(analysis *a, const text_column *c)
{
    fr_auto(frame) found = NULL;
    const char *where = keep_format(&a->store, "strip(%s) != %s", c->quoted, c->quoted);
    if (!take_frame(a, &found, fr_pipe(c->values, fr_filter(where)))) return false;
    int64_t n = 0;
    for (int64_t row = 0; row < fr_length(found); row++) n += fr_get_at(found, row, 1).as.i;
    if (n * 2 < c->n_valid) return true;
    rule *r = add_rule(a, RULE_BLANKS, c->name, "with");
    if (!r) return false;
    r->step.args.with.assign = keep_format(&a->store, "%s = strip(%s)", c->quoted, c->quoted);
    r->changed = n;
    r->brief = "blanks around texts";
    r->what = keep_format(&a->store, "%s: blanks around the texts are taken away (%s)", c->name,
                          counted(&a->store, n, "cell"));
    return true;
}

/* ---- spellings --------------------------------------------------------------------------------------------------- */
typedef struct spelt {
    const char *text, *key;
    int64_t     n;
    size_t      best;              /* of the same key: the index of the text that wins */
} spelt;

static bool better(const spelt *a, const spelt *b) { return a->n > b->n
                                                    || (a->n == b->n && strcmp(a->text, b->text) < 0); }

/* Returns how many texts are not the best of their key. */
static size_t find_best(spelt *texts, size_t n)
{
    size_t n_merged = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++)
            if (!strcmp(texts[i].key, texts[j].key) && better(&texts[j], &texts[texts[i].best])) texts[i].best = j;
        n_merged += texts[i].best != i;
    }
    return n_merged;
}

static bool add_spelling(analysis *a, const char *column, const spelt *from, const char *to)
{
    void *moved;
    spelling *one = store_add(&a->store, a->spellings, a->n_spellings, sizeof *one, &moved);
    if (!one) return false;
    a->spellings = moved;
    a->n_spellings++;
    *one = (spelling){ column, from->text, to, from->n };
    return true;
}

static bool replaces_others(const spelt *texts, size_t n, size_t best)
{
    for (size_t i = 0; i < n; i++)
        if (i != best && texts[i].best == best) return true;
    return false;
}

/* when(key == 'north', 'North', …, column), one pair for every text that replaces others */
static void grow_choices(analysis *a, growing *out, const text_column *c, const spelt *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (replaces_others(texts, n, i))
            grow_format(out, "lower(replace_regex(strip(%s), r'\\s+', ' ')) == %s, %s, ", c->quoted,
                        text_literal(&a->store, texts[i].key),
                            text_literal(&a->store, stripped(&a->store, texts[i].text)));
}

static bool add_spelling_rule(analysis *a, const text_column *c, const spelt *texts, size_t n)
{
    growing choices = { .bytes = NULL };
    int64_t n_cells = 0, n_kinds = 0;
    for (size_t i = 0; i < n; i++) {
        if (texts[i].best == i) continue;
        n_cells += texts[i].n;
        n_kinds++;
        if (!add_spelling(a, c->name, &texts[i], stripped(&a->store, texts[texts[i].best].text))) return false;
    }
    grow_choices(a, &choices, c, texts, n);
    rule *r = add_rule(a, RULE_SPELLING, c->name, "with");
    if (r && choices.bytes) {
        r->step.args.with.assign = keep_format(&a->store, "%s = when(%s%s)", c->quoted, choices.bytes, c->quoted);
        r->changed = n_cells;
        r->brief = counted(&a->store, n_kinds, "spelling");
        r->what = keep_format(&a->store, "%s: %s that differ%s only in case or blanks %s written as most cells "
                              "do (%s)",
                              c->name, r->brief, n_kinds == 1 ? "s" : "", n_kinds == 1 ? "is" : "are",
                              counted(&a->store, n_cells, "cell"));
    }
    growing_clear(&choices);
    return r;
}

static bool plan_spelling(analysis *a, const text_column *c)
{
    fr_auto(frame) keyed = NULL;
    if (!take_frame(a, &keyed, fr_pipe(c->values, fr_rename(keep_format(&a->store, "%s as value_", c->quoted)),
                                       fr_with("key = lower(replace_regex(strip(value_), r'\\s+', ' '))"),
                                       fr_filter("key is not null")))) return false;
    const size_t n = (size_t)fr_length(keyed);
    spelt *texts = store_array(&a->store, n, sizeof *texts);
    if (!texts) return false;
    for (size_t i = 0; i < n; i++)
        texts[i] = (spelt){ cell_text(a, keyed, (int64_t)i, 0), cell_text(a, keyed, (int64_t)i, 2),
                            fr_get_at(keyed, (int64_t)i, 1).as.i, i };
    return !find_best(texts, n) || add_spelling_rule(a, c, texts, n);
}

bool plan_words(analysis *a, const text_column *c)
{
    if (!c->values || c->n_distinct > MOST_SPELLINGS) return true;
    if (!plan_blanks(a, c)) return false;
    if (!a->asked.keep_missing && !plan_missing(a, c)) return false;
    const bool few = c->n_distinct <= 20 || c->n_distinct * 3 <= c->n_valid;
    return a->asked.keep_spelling || !few || plan_spelling(a, c);
}
