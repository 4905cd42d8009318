/* csv_text.h — text columns while they are read: views into a heap that all workers fill (csv_text.c). */
#ifndef FR_IO_CSV_TEXT_H
#define FR_IO_CSV_TEXT_H

#include "data/dictionary.h"

typedef struct fr_csv_text_block { fr_buffer *buffer; uint32_t number; size_t used; } fr_csv_text_block;

typedef struct fr_csv_text {
    fr_context        *context;          /* borrowed; NULL: not in use                                                  */
    size_t             n_workers;
    fr_csv_text_block *blocks;           /* owned: what each worker is filling                                          */
    atomic_flag        lock;             /* guards the list below                                                       */
    fr_buffer        **buffers;          /* owned                                                                       */
    size_t             n_buffers, capacity;
} fr_csv_text;

bool fr_csv_text_begin(fr_call *call, fr_csv_text *text, size_t n_workers) FR_MUST_USE;
/* A view of `n` bytes, copied when they are more than a view holds. */
bool fr_csv_text_long(fr_call *call, fr_csv_text *text, size_t worker, const char *bytes, size_t n, fr_view *out) FR_MUST_USE;
/* A block of n bytes for whoever writes texts himself, and its number; NULL: failed. */
char *fr_csv_text_block_of(fr_call *call, fr_csv_text *text, size_t n, uint32_t *number);
/* The heap of all that was copied (owned; NULL when nothing was, which is no failure). The text is empty afterwards. */
bool fr_csv_text_finish(fr_call *call, fr_csv_text *text, fr_heap **heap) FR_MUST_USE;
void fr_csv_text_clear(fr_csv_text *text);

#endif
