/* words.c — cutting names into words and weighing them.
 *
 *     "Cost Total $"  → cost, total      AMOUNT 11
 *     "unitPrice"     → unit, price      PRICE 9
 *     "median_income" → median, income   MEASURE 9, AMOUNT 4: an average of incomes is not summed
 */
#include "words.h"

#include <string.h>

typedef struct known_word {
    const char *word;
    column_role role;
    int         weight;
} known_word;

static const known_word known[] = {
#define WORD(role, word, weight) { #word, ROLE_##role, weight },
#include "words.def.h"
#undef WORD
};

static bool is_small(char c) { return c >= 'a' && c <= 'z'; }
static bool is_big(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool in_word(char c) { return is_small(c) || is_big(c) || is_digit(c) || (unsigned char)c >= 0x80; }
static char small(char c) { return is_big(c) ? (char)(c - 'A' + 'a') : c; }

enum { WORD_BYTES = 32 };

/* The next word of *at in small letters; false at the end. Words longer than any known one are cut. */
static bool next_word(const char **at, char word[WORD_BYTES])
{
    const char *c = *at;
    size_t n = 0;
    while (*c && !in_word(*c)) c++;
    for (const char *begin = c; in_word(*c); c++) {
        if (c > begin && is_big(*c) && is_small(c[-1])) break;
        if (n + 1 < WORD_BYTES) word[n++] = small(*c);
    }
    word[n] = 0;
    *at = c;
    return n > 0;
}

name_weights weigh_name(const char *name)
{
    name_weights out = { { 0 } };
    char word[WORD_BYTES];
    while (next_word(&name, word))
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            if (!strcmp(known[i].word, word)) out.of[known[i].role] += known[i].weight;
    return out;
}

bool name_has_word(const char *name, const char *wanted)
{
    char word[WORD_BYTES];
    while (next_word(&name, word))
        if (!strcmp(word, wanted)) return true;
    return false;
}

const char *currency_in_name(const char *name)
{
    static const struct { const char *word, *sign; } words[] = {
        { "usd", "$" }, { "dollars", "$" }, { "eur", "€" }, { "euro", "€" }, { "euros", "€" }, { "gbp", "£" },
            { "jpy", "¥" },
        { "chf", "CHF " },
    };
    static const char *const signs[] = { "$", "€", "£", "¥" };
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strstr(name, signs[i])) return signs[i];
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (name_has_word(name, words[i].word)) return words[i].sign;
    return NULL;
}

int calendar_order(const char *text)
{
    static const char *const names[] = { "january", "february", "march", "april", "may", "june", "july", "august",
        "september", "october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
        "sunday" };
    const size_t n = strlen(text);
    for (int i = 0; n >= 3 && i < 19; i++) {
        size_t same = 0;
        while (same < n && names[i][same] == (char)((unsigned char)text[same] | 0x20)) same++;
        if (same == n) return i < 12 ? i + 1 : i + 9;
    }
    return 0;
}

const char *pretty_name(store *s, const char *name)
{
    char *out = store_array(s, strlen(name) + 1, 1);
    size_t n = 0;
    if (!out) return "";
    for (const char *c = name; *c; c++) {
        if (*c == '$' || (*c == '(' && c[1] == '$') || (*c == ')' && c > name && c[-1] == '$')) continue;
        out[n++] = *c == '_' ? ' ' : *c;
    }
    while (n && out[n - 1] == ' ') n--;
    out[n] = 0;
    if (!n) return keep(s, name);
    if (is_small(out[0])) out[0] = (char)(out[0] - 'a' + 'A');
    return out;
}
