/* option_text.c — options set from text.
 *
 *     n          "10"             → 10
 *     descending "true"           → true
 *     how        "left"           → FR_JOIN_LEFT
 *     value      "0", "0.5", "true", "null", "Unknown", "'0'", "007"    → i64, f64, bool, null, text, text, text
 */
#include "plan/option_text.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"

static bool read_bool(const char *text, bool *out)
{
    *out = !strcmp(text, "true") || !strcmp(text, "yes") || !strcmp(text, "1");
    return *out || !strcmp(text, "false") || !strcmp(text, "no") || !strcmp(text, "0");
}

static fr_value guess_value(const char *text)
{
    size_t n = strlen(text);
    int64_t whole;
    uint64_t large;
    double real;
    char c = text[0];
    if (n >= 2 && (c == '\'' || c == '"') && text[n - 1] == c) return fr_v_text(text + 1, n - 2);
    if (!strcmp(text, "null")) return fr_v_null();
    if (!strcmp(text, "true") || !strcmp(text, "false")) return fr_v_bool(c == 't');
    if (!fr_has_leading_zero(text, n) && ((c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.')) {
        if (fr_parse_i64(text, n, &whole) == FR_PARSE_OK) return fr_v_i64(whole);
        if (fr_parse_u64(text, n, &large) == FR_PARSE_OK) return fr_v_u64(large);
        if (fr_parse_f64(text, n, &real) && !fr_went_infinite(text, n, real)) return fr_v_f64(real);
    }
    return fr_v_text(text, n);
}

bool fr_option_from_text(fr_step *step, const fr_option_info *option, const char *text)
{
    void *place = fr_option_in(step, option);
    int word;
    switch ((fr_option_kind)option->kind) {
    case FR_OPTION_TEXT: memcpy(place, &text, sizeof text); return true;
    case FR_OPTION_I64: return fr_parse_i64(text, strlen(text), place) == FR_PARSE_OK;
    case FR_OPTION_F64: {
        double *x = place;
        return fr_parse_f64(text, strlen(text), x) && !fr_went_infinite(text, strlen(text), *x);
    }
    case FR_OPTION_BOOL: return read_bool(text, place);
    case FR_OPTION_VALUE: *(fr_value *)place = guess_value(text); return true;
    case FR_OPTION_WORD:
        word = fr_word_value(option, text, strlen(text));
        if (word >= 0) memcpy(place, &word, sizeof word);
        return word >= 0;
    case FR_OPTION_FRAME: case FR_OPTION_FRAMES: case FR_OPTION_BIND: break;
    }
    return false;
}

static const char *one_of(const fr_option_info *option, char room[FR_HINT_ROOM])
{
    size_t used = 0;
    for (size_t i = 0; i < option->n_words && used < FR_HINT_ROOM; i++)
        used += (size_t)snprintf(room + used, FR_HINT_ROOM - used, "%s%s",
                                 i == 0 ? "" : i + 1 == option->n_words ? " or " : ", ", option->words[i].word);
    return room;
}

const char *fr_option_expects(const fr_option_info *option, char room[FR_HINT_ROOM])
{
    switch ((fr_option_kind)option->kind) {
    case FR_OPTION_I64: return "a whole number";
    case FR_OPTION_F64: return "a number";
    case FR_OPTION_BOOL: return "true or false";
    case FR_OPTION_WORD: return one_of(option, room);
    case FR_OPTION_VALUE: return "a value";
    case FR_OPTION_FRAME: case FR_OPTION_FRAMES: return "a file";
    case FR_OPTION_TEXT: case FR_OPTION_BIND: break;
    }
    return "a text";
}

bool fr_step_set(fr_step *step, const char *option, const char *text)
{
    const fr_option_info *info = step && text ? fr_verb_option(fr_verb_of(step->verb), option) : NULL;
    return info && fr_option_from_text(step, info, text);
}
