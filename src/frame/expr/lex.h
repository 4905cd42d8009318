/* lex.h — tokens of expressions and column lists. */
#ifndef FR_EXPR_LEX_H
#define FR_EXPR_LEX_H

#include "base/memory.h"

typedef enum fr_token_kind {
    FR_TOKEN_END,
    FR_TOKEN_NAME,           /* region */
    FR_TOKEN_QUOTED,         /* `odd name`: text is without the backticks */
    FR_TOKEN_INTEGER,        /* 42: `integer` holds it */
    FR_TOKEN_FLOAT,          /* 1.5, .5, 2e3: `number` holds it */
    FR_TOKEN_STRING,         /* 'EU', "EU", r'\d': text is what it stands for */
    FR_TOKEN_PARAMETER,      /* $1: `integer` holds the number */
    FR_TOKEN_NAMED,          /* :name */
    FR_TOKEN_SYMBOL,         /* + ** ( … */
} fr_token_kind;

typedef struct fr_token {
    fr_token_kind kind;
    bool          after_newline;     /* a line ended between this token and the one before */
    size_t        start, end;        /* bytes of the source */
    const char   *text;              /* of names and strings, in the arena; otherwise points into the source */
    size_t        length;
    uint64_t      integer;
    double        number;
} fr_token;

typedef struct fr_lexer {
    fr_call    *call;
    fr_arena   *arena;               /* for texts that had to be unescaped */
    const char *source;              /* whole, terminated */
    size_t      at, end;             /* what is left to read */
    fr_token    token;               /* the current one */
} fr_lexer;

/* Start at source[start] and read the first token. */
bool fr_lex_begin(fr_lexer *lexer, fr_call *call, fr_arena *arena, const char *source, size_t start,
                  size_t end) FR_MUST_USE;
/* Read the next token; SYNTAX with the position when there is none. */
bool fr_lex_next(fr_lexer *lexer) FR_MUST_USE;
/* Is the current token this symbol, this (reserved or other unquoted) word? */
bool fr_lex_is(const fr_lexer *lexer, const char *symbol);
bool fr_lex_is_word(const fr_lexer *lexer, const char *word);
/* Record a SYNTAX error at a byte of the source; returns false. */
bool fr_lex_fail(fr_lexer *lexer, size_t position, const char *hint, const char *format, ...) FR_PRINTF(4, 5) FR_COLD;
/* The current token for a message: 'name', end of the expression … */
const char *fr_lex_found(const fr_lexer *lexer, char room[64]);

#endif
