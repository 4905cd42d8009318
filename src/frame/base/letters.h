/* letters.h — words compared whatever the case of their ASCII letters, in every locale. */
#ifndef FR_BASE_LETTERS_H
#define FR_BASE_LETTERS_H

#include <stdbool.h>
#include <string.h>

static inline char fr_small_letter(char c) { return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c; }

/* Are n bytes of text the word, which is terminated? */
static inline bool fr_same_word(const char *text, size_t n, const char *word)
{
    size_t i = 0;
    while (i < n && word[i] && fr_small_letter(text[i]) == fr_small_letter(word[i])) i++;
    return i == n && !word[i];
}

#endif
