/* verb_info.h — the table of verbs, as data: for commands, bindings and manuals that make options of it.
 *
 * Every verb knows its name, its options, their types, defaults and one line of documentation each. A step can be built
 * from the table alone:
 *
 *     fr_step step;
 *     if (fr_step_init(&step, "sort") && fr_step_set(&step, "by", "revenue") && fr_step_set(&step, "descending", "true"))
 *         top = fr_pipe(sales, step);
 */
#ifndef FRAME_VERB_INFO_H
#define FRAME_VERB_INFO_H

#include <frame/verbs.h>

FR_BEGIN_DECLS

typedef enum fr_option_kind {
    FR_OPTION_TEXT,      /* const char *                                              */
    FR_OPTION_I64,
    FR_OPTION_F64,
    FR_OPTION_BOOL,
    FR_OPTION_WORD,      /* an enumeration: int                                       */
    FR_OPTION_FRAME,     /* const fr_frame *                                          */
    FR_OPTION_FRAMES,    /* const fr_frame *const *, NULL-terminated                  */
    FR_OPTION_VALUE,     /* fr_value                                                  */
    FR_OPTION_BIND,      /* fr_value[6], some with names (fr_v_named)                  */
} fr_option_kind;

/* One word of an enumeration; its value is its place in the list. */
typedef struct fr_word_info {
    const char *word, *doc;
} fr_word_info;

typedef struct fr_option_info {
    const char         *name, *doc;
    const fr_word_info *words;       /* of FR_OPTION_WORD                             */
    size_t              n_words;     /* 0 for the other kinds                         */
    double              initial;     /* the default of a number                       */
    uint32_t            kind;        /* fr_option_kind                                */
    uint32_t            offset;      /* in the verb's args struct                     */
} fr_option_info;

typedef struct fr_verb_info {
    const char           *name, *doc;
    const fr_option_info *options;
    size_t                n_options;
    uint32_t              number;    /* fr_verb                                       */
    uint32_t              size_bytes;   /* of the args struct                         */
} fr_verb_info;

/** All verbs, in the order of their numbers; `*n` receives how many. Cost O(1). Returns lent, immortal. */
FR_API const fr_verb_info *fr_verb_infos(size_t *n);

/** The verb called `name`, or NULL. Cost O(verbs). Returns lent, immortal. */
FR_API const fr_verb_info *fr_verb_info_of(const char *name);

/**
 * How to say here what other languages call `name`: "sort" for R's arrange, "group" for SQL's group_by.
 *
 * Cost     O(words known).
 * Returns  an example that begins with a verb, lent, immortal; NULL when the word is not known (ours are not either).
 */
FR_API const char *fr_verb_translated(const char *name);

/**
 * The value of a word of an enumeration, or of another word for the same: "left" is FR_JOIN_LEFT, "full" and pandas'
 * "outer" are FR_JOIN_FULL.
 *
 * Cost     O(words).
 * Returns  -1 when the option has no such word.
 */
FR_API int fr_word_named(const fr_option_info *option, const char *word);

/**
 * How to say here what other libraries call `word`: "left, with the two frames swapped" for pandas' how="right".
 *
 * Cost     O(words known).
 * Returns  what would follow "here it is", lent, immortal; NULL when the word is not known (ours are not either).
 */
FR_API const char *fr_word_translated(const fr_option_info *option, const char *word);

/** A verb's option called `name`, or NULL. Cost O(options). Returns lent, immortal. */
FR_API const fr_option_info *fr_verb_option(const fr_verb_info *verb, const char *name);

/** Make `step` a step of the verb called `verb` with all options at their defaults; false when there is no such verb.
 * Cost O(1). */
FR_API bool fr_step_init(fr_step *step, const char *verb);

/**
 * Set an option of a step from text: `text` itself for texts, else a number, true or false, a word, or for a value the
 * number, true, false, null or text that it looks like.
 *
 * Cost     O(length).
 * Returns  false when the verb has no such option or the text is not of its kind. A text is borrowed, as in every step.
 */
FR_API bool fr_step_set(fr_step *step, const char *option, const char *text);

FR_END_DECLS

#endif
