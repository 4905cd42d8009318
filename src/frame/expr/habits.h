/* habits.h — hints for what other languages write (habits.c). */
#ifndef FR_EXPR_HABITS_H
#define FR_EXPR_HABITS_H

#include "base/suggest.h"
#include "expr/lex.h"

/* Where the token stands that cannot. */
typedef enum fr_habits { FR_HABITS_ANYWHERE, FR_HABITS_OF_VALUES, FR_HABITS_BEHIND_IS, FR_HABITS_OF_WINDOWS } fr_habits;

/* What the lexer's token was meant to be, perhaps in room; NULL: nobody knows. */
const char *fr_habit_hint(const fr_lexer *lexer, fr_habits where, char room[FR_HINT_ROOM]);
/* What a name before a text was meant to be: interval '1 day'. */
const char *fr_text_habit(const fr_token *name);
/* Is it this word, in whatever case? */
bool fr_token_says(const fr_token *token, const char *word);

#endif
