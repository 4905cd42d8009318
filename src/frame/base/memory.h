/* memory.h — the one door to memory: checked sizes, the context's allocator, the budget.
 *
 * Small blocks come from the context's allocator. Column data live in buffers (base/buffer.h). A size is never computed
 * with a bare `*`: fr_new_array multiplies with a check. The caller of fr_free passes the size back (no headers).
 */
#ifndef FR_BASE_MEMORY_H
#define FR_BASE_MEMORY_H

#include "base/call.h"

/* false on overflow; *out is then unchanged */
static inline bool fr_size_mul(size_t a, size_t b, size_t *out) { return !__builtin_mul_overflow(a, b, out); }
static inline bool fr_size_add(size_t a, size_t b, size_t *out) { return !__builtin_add_overflow(a, b, out); }

/* Zeroed memory, 16-byte aligned (64 for ≥ 4096 bytes); NULL with MEMORY or LIMIT recorded. n = 0 gives a valid
 * block. */
FR_PRIVATE void *fr_new(fr_call *call, size_t size) FR_MUST_USE;
FR_PRIVATE void *fr_new_array(fr_call *call, size_t n, size_t size) FR_MUST_USE;
/* The same not zeroed, for what is written before it is read. */
void *fr_new_undefined(fr_call *call, size_t size) FR_MUST_USE;
/* Grow or shrink; the new part is not zeroed. NULL leaves the old block in place. */
FR_PRIVATE void *fr_resize_array(fr_call *call, void *block, size_t old_n, size_t new_n, size_t size) FR_MUST_USE;
/* NULL is fine. The context is the one the block was made under (call->context). */
FR_PRIVATE void fr_free(fr_context *context, void *block, size_t size);
FR_PRIVATE void fr_free_array(fr_context *context, void *block, size_t n, size_t size);

/* Copies of texts, terminated; freed by fr_free_text (its length is measured). NULL stays NULL (and is no failure). */
char *fr_copy_text(fr_call *call, const char *text) FR_MUST_USE;
/* adds a terminating 0; must hold no 0 */
char *fr_copy_bytes(fr_call *call, const char *text, size_t n) FR_MUST_USE;
void fr_free_text(fr_context *context, char *text);

/* ---- arena: many small blocks freed together --------------------------------------------------------------------- */
typedef struct fr_arena {
    fr_context *context;
    struct fr_arena_block *last;
    size_t used, capacity;
} fr_arena;
FR_PRIVATE void fr_arena_init(fr_arena *arena, fr_context *context);
FR_PRIVATE void fr_arena_clear(fr_arena *arena);                               /* works as FR_CLEANUP(fr_arena_clear) */
FR_PRIVATE void *fr_arena_new(fr_call *call, fr_arena *arena, size_t size) FR_MUST_USE;  /* zeroed, 16-byte aligned */
FR_PRIVATE void *fr_arena_array(fr_call *call, fr_arena *arena, size_t n, size_t size) FR_MUST_USE;
FR_PRIVATE char *fr_arena_text(fr_call *call, fr_arena *arena, const char *text, size_t n) FR_MUST_USE;
FR_PRIVATE char *fr_arena_format(fr_call *call, fr_arena *arena, const char *format, ...) FR_PRINTF(3, 4) FR_MUST_USE;

/* ---- growing text ------------------------------------------------------------------------------------------------ */
typedef struct fr_text {
    fr_context *context;
    char  *bytes;          /* always terminated once something was appended; NULL before */
    size_t length, capacity;
} fr_text;
#define FR_TEXT_INIT(call) { .context = (call)->context }
FR_PRIVATE bool fr_text_append(fr_call *call, fr_text *text, const char *bytes, size_t n) FR_MUST_USE;
/* Room for so many bytes more behind the text and its terminator, for callers that write them themselves. */
bool fr_text_reserve(fr_call *call, fr_text *text, size_t more) FR_MUST_USE;
FR_PRIVATE bool fr_text_add(fr_call *call, fr_text *text, const char *terminated) FR_MUST_USE;
FR_PRIVATE bool fr_text_format(fr_call *call, fr_text *text, const char *format, ...) FR_PRINTF(3, 4) FR_MUST_USE;
FR_PRIVATE void fr_text_clear(fr_text *text);                                   /* works as FR_CLEANUP(fr_text_clear) */

#endif
