/* verb_table.c — verbs.def.h expanded into records: one array of options per verb, one array of words per enumeration.
 *
 * The kinds in verbs.def.h are built-in ones (TEXT, I64 …) or names of enumerations. For every kind there is a constant
 * KIND_x, its fr_option_kind, and an array words_of_x, which has no elements for the built-in ones; so a FIELD expands
 * to one initialiser whatever its kind.
 */
#include "plan/verb_table.h"

#include <string.h>

#include "expr/foreign_names.h"

/* ---- enumerations and kinds ------------------------------------------------------------------------------------ */
#define VERB(number, name, doc, cost)
#define FIELD(verb, name, KIND, value, doc)
#define END_VERB(name)
#define ENUM(name, PREFIX, doc)             static const fr_word_info words_of_##name[] = {
#define ITEM(name, PREFIX, WORD, word, doc) { #word, doc },
#define END_ENUM(name)                      };
#include "plan/verbs.def.h"
#undef ENUM
#undef ITEM
#undef END_ENUM

#define KINDS(X) X(TEXT) X(I64) X(F64) X(BOOL) X(FRAME) X(FRAMES) X(VALUE) X(BIND)

#define NO_WORDS(KIND) static const fr_word_info words_of_##KIND[0];
KINDS(NO_WORDS)

enum {
#define KIND_NUMBER(KIND) KIND_##KIND = FR_OPTION_##KIND,
    KINDS(KIND_NUMBER)
#define ENUM(name, PREFIX, doc) KIND_##name = FR_OPTION_WORD,
#define ITEM(name, PREFIX, WORD, word, doc)
#define END_ENUM(name)
#include "plan/verbs.def.h"
#undef ENUM
#undef FIELD
#undef END_VERB
#undef VERB
};

/* ---- verbs and their options ----------------------------------------------------------------------------------- */
#define ENUM(name, PREFIX, doc)
#define VERB(number, name, doc, cost) static const fr_option_info options_of_##name[] = {
#define FIELD(verb, name_, KIND, value, doc_)                                                                          \
    { .name = #name_,                                                                                                  \
      .doc = doc_,                                                                                                     \
      .words = words_of_##KIND,                                                                                        \
      .n_words = FR_COUNT_OF(words_of_##KIND),                                                                         \
      .initial = value,                                                                                                \
      .kind = (uint32_t)KIND_##KIND,                                                                                   \
      .offset = (uint32_t)offsetof(fr_##verb##_args, name_) },
#define END_VERB(name) };
#include "plan/verbs.def.h"
#undef VERB
#undef FIELD
#undef END_VERB

static const fr_verb_info verbs[] = {
#define VERB(number_, name_, doc_, cost_)                                                                              \
    { .name = #name_,                                                                                                  \
      .doc = doc_,                                                                                                     \
      .options = options_of_##name_,                                                                                   \
      .n_options = FR_COUNT_OF(options_of_##name_),                                                                    \
      .number = number_,                                                                                               \
      .size_bytes = (uint32_t)sizeof(fr_##name_##_args) },
#define FIELD(verb, name, KIND, value, doc)
#define END_VERB(name)
#include "plan/verbs.def.h"
};

/* ---- looking up ------------------------------------------------------------------------------------------------ */
const fr_verb_info *fr_verb_infos(size_t *n)
{
    if (n) *n = FR_COUNT_OF(verbs);
    return verbs;
}

static bool is_named(const char *name, const char *text, size_t n)
{
    return strlen(name) == n && !memcmp(name, text, n);
}

const fr_verb_info *fr_verb_of(uint32_t number)
{
    for (size_t i = 0; i < FR_COUNT_OF(verbs); i++)
        if (verbs[i].number == number) return &verbs[i];
    return NULL;
}

const char *fr_step_verb(const fr_step *step)
{
    const fr_verb_info *verb = step ? fr_verb_of(step->verb) : NULL;
    return verb ? verb->name : NULL;
}

const fr_verb_info *fr_verb_named(const char *name, size_t n)
{
    for (size_t i = 0; i < FR_COUNT_OF(verbs); i++)
        if (is_named(verbs[i].name, name, n)) return &verbs[i];
    return NULL;
}

const fr_verb_info *fr_verb_info_of(const char *name) { return name ? fr_verb_named(name, strlen(name)) : NULL; }

const char *fr_verb_translated(const char *name) { return name ? fr_foreign_verb(name) : NULL; }

const fr_option_info *fr_option_named(const fr_verb_info *verb, const char *name, size_t n)
{
    for (size_t i = 0; i < verb->n_options; i++)
        if (is_named(verb->options[i].name, name, n)) return &verb->options[i];
    return NULL;
}

const fr_option_info *fr_verb_option(const fr_verb_info *verb, const char *name)
{
    return verb && name ? fr_option_named(verb, name, strlen(name)) : NULL;
}

/* ---- words of enumerations ------------------------------------------------------------------------------------- */
typedef struct other_word { const fr_word_info *of; const char *word, *here; } other_word;

/* What means the same elsewhere, and is taken. */
static const other_word same_words[] = {
    { words_of_join_how, "outer", "full" },
};

/* What is done in another way here, or is written otherwise: told, not taken. */
static const other_word foreign_words[] = {
    { words_of_join_how, "as_of", "asof" },
    { words_of_join_how, "nearest", "asof, with direction nearest" },
    { words_of_join_how, "zip", "positional" }, { words_of_join_how, "horizontal", "positional" },
    { words_of_join_how, "right", "left, with the two frames swapped" },
    { words_of_join_how, "right_outer", "left, with the two frames swapped" },
    { words_of_join_how, "right_anti", "anti, with the two frames swapped" },
    { words_of_join_how, "right_semi", "semi, with the two frames swapped" },
    { words_of_join_how, "cross", "inner, on a column that is 1 in every row of both frames" },
    { words_of_join_how, "full_outer", "full" },
    { words_of_join_how, "left_outer", "left" },
    { words_of_join_how, "left_anti", "anti" },
    { words_of_join_how, "left_semi", "semi" },
    { words_of_join_validate, "1:1", "one_to_one" }, { words_of_join_validate, "1:m", "one_to_many" },
    { words_of_join_validate, "m:1", "many_to_one" }, { words_of_join_validate, "m:m", "many_to_many" },
    { words_of_keep, "any", "first" }, { words_of_keep, "false", "none" },
    { words_of_fill, "ffill", "forward" }, { words_of_fill, "pad", "forward" }, { words_of_fill, "bfill", "backward" },
    { words_of_fill, "backfill", "backward" }, { words_of_fill, "constant", "value" },
    { words_of_on_error, "ignore", "coerce, which makes null of what does not fit and counts it" },
    { words_of_on_error, "null", "coerce" }, { words_of_on_error, "skip", "reject" },
    { words_of_share, "rows", "index" }, { words_of_share, "row", "index" }, { words_of_share, "column", "columns" },
    { words_of_share, "total", "all" }, { words_of_share, "true", "all" },
};

static const char *look_up(const other_word *list, size_t n_list, const fr_option_info *option, const char *word, size_t n)
{
    for (size_t i = 0; i < n_list; i++)
        if (list[i].of == option->words && is_named(list[i].word, word, n)) return list[i].here;
    return NULL;
}

int fr_word_value(const fr_option_info *option, const char *word, size_t n)
{
    const char *ours = look_up(same_words, FR_COUNT_OF(same_words), option, word, n);
    if (ours) word = ours, n = strlen(ours);
    for (size_t i = 0; i < option->n_words; i++)
        if (is_named(option->words[i].word, word, n)) return (int)i;
    return -1;
}

int fr_word_named(const fr_option_info *option, const char *word)
{
    return option && word ? fr_word_value(option, word, strlen(word)) : -1;
}

const char *fr_word_translated(const fr_option_info *option, const char *word)
{
    if (!option || !word) return NULL;
    return look_up(foreign_words, FR_COUNT_OF(foreign_words), option, word, strlen(word));
}

/* ---- options in a step ----------------------------------------------------------------------------------------- */
size_t fr_option_bytes(const fr_option_info *option)
{
    switch ((fr_option_kind)option->kind) {
    case FR_OPTION_BOOL: return sizeof(bool);
    case FR_OPTION_WORD: return sizeof(int);
    case FR_OPTION_VALUE: return sizeof(fr_value);
    case FR_OPTION_BIND: return FR_BIND_COUNT * sizeof(fr_value);
    case FR_OPTION_TEXT: case FR_OPTION_I64: case FR_OPTION_F64: case FR_OPTION_FRAME: case FR_OPTION_FRAMES: break;
    }
    return 8;
}

void fr_option_reset(fr_step *step, const fr_option_info *option)
{
    void *place = fr_option_in(step, option);
    int64_t whole = (int64_t)option->initial;
    memset(place, 0, fr_option_bytes(option));
    if (option->kind == FR_OPTION_I64) memcpy(place, &whole, sizeof whole);
    if (option->kind == FR_OPTION_F64) memcpy(place, &option->initial, sizeof option->initial);
}

bool fr_option_is_default(const fr_step *step, const fr_option_info *option)
{
    fr_step other;
    fr_option_reset(&other, option);
    return !memcmp(fr_option_of(step, option), fr_option_of(&other, option), fr_option_bytes(option));
}

fr_step fr_step_of(const fr_verb_info *verb)
{
    fr_step step;
    memset(&step, 0, sizeof step);
    step.verb = verb->number;
    memcpy(&step.args, &verb->size_bytes, sizeof verb->size_bytes);     /* every args struct begins with its size_ */
    for (size_t i = 0; i < verb->n_options; i++) fr_option_reset(&step, &verb->options[i]);
    return step;
}

bool fr_step_init(fr_step *step, const char *verb)
{
    const fr_verb_info *info = fr_verb_info_of(verb);
    if (info && step) *step = fr_step_of(info);
    return info && step;
}
