/* text_form.h — a column of texts of one length as numbers of the bits in which they differ (kernel/text_forms.h).
 *
 *     2022-10-04 22:15:25        19 bytes of text and 16 of its view: a number of 4 bytes, since only 32 bits differ
 *
 * A formed column has the type str, numbers of 4 or 8 bytes for values (phys U32 or U64; zero under nulls) and a form, which
 * other columns may share. Only late columns are made of such (data/late_column.h), and whoever wants the texts gets views;
 * a window of them is made in the cache by who reads columns in pieces (data/pieced_column.h). Rows are cut, kept and put
 * together as integers. Nothing else meets one.
 */
#ifndef FR_DATA_TEXT_FORM_H
#define FR_DATA_TEXT_FORM_H

#include "data/column.h"
#include "kernel/text_forms.h"
#include "kernel/text_search.h"

typedef struct fr_form {
    _Atomic(int64_t) refs;
    fr_context      *context;           /* owned reference */
    fr_text_form     bits;
} fr_form;

fr_form *fr_form_ref(fr_form *form);                    /* NULL stays NULL */
void     fr_form_unref(fr_form *form);                  /* NULL does nothing */
void     fr_drop_form(fr_form **slot);                  /* FR_CLEANUP(fr_drop_form) */
bool     fr_form_same(const fr_form *a, const fr_form *b);      /* do numbers mean the same? both may be NULL */

/* ---- finding one ------------------------------------------------------------------------------------------------- */
typedef struct fr_form_survey {         /* of texts; begins zeroed */
    size_t        n, length;
    bool          odd;                  /* of several lengths, or of one that no form has */
    unsigned char low[FR_FORM_BYTES], high[FR_FORM_BYTES], any[FR_FORM_BYTES], all[FR_FORM_BYTES];
} fr_form_survey;

void fr_form_look_at(fr_form_survey *survey, const char *text, size_t n);
/* A form for texts like those: where all have digits, or letters of one case, others are expected as well, as far as there
 * is room. Owned; NULL with *fine: there is none. */
fr_form *fr_form_of_survey(fr_call *call, const fr_form_survey *survey, bool *fine) FR_MUST_USE;
/* For the numbers of that form whose bits were `any` in some, `all` in every one: one of four bytes; NULL with *fine: they
 * need more. */
fr_form *fr_form_narrowed(fr_call *call, const fr_form *form, uint64_t any, uint64_t all, bool *fine) FR_MUST_USE;
/* n numbers of 8 bytes as those of the narrowed form; `to` may be `from`. */
void     fr_form_narrow(uint64_t any, uint64_t all, const uint64_t *from, size_t n, uint32_t *to);

/* ---- texts and numbers ------------------------------------------------------------------------------------------- */
/* Text i of those for `numbers`; up to seven bytes behind it may be read. */
static inline void fr_form_put(const fr_text_form *form, fr_form_words *words, size_t i, const char *text)
{
    for (uint32_t w = 0; w < form->n_words; w++) __builtin_memcpy(&words->at[w][i], text + 8 * w, 8);
}
/* How numbers of the form lie in a column, and n of them put there. */
static inline fr_phys fr_form_phys(const fr_text_form *form) { return form->width == 4 ? FR_PHYS_U32 : FR_PHYS_U64; }
static inline void fr_form_put_numbers(const fr_text_form *form, const uint64_t *numbers, size_t n, void *out)
{
    if (form->width == 8) __builtin_memcpy(out, numbers, n * 8);
    else for (size_t i = 0; i < n; i++) ((uint32_t *)out)[i] = (uint32_t)numbers[i];
}
/* Bytes between texts that a form's loops write. */
static inline size_t fr_form_stride(const fr_text_form *form) { return 8 * (size_t)form->n_words; }
/* n texts, fr_form_stride apart, and where they lie. */
void fr_form_pieces(const fr_text_form *form, const void *numbers, size_t n, char *room, fr_piece *out);

/* Views of n texts of at most FR_VIEW_INLINE bytes; those whose bit of `valid` (NULL: none is null) is not set are empty. */
void fr_form_short_views(const fr_text_form *form, const void *numbers, const uint64_t *valid, size_t n, fr_view *out);

/* ---- columns ----------------------------------------------------------------------------------------------------- */
/* The same texts, formed where they have a form, else the column itself. Owned. parallel: none. */
fr_column *fr_column_formed(fr_call *call, const fr_column *column) FR_MUST_USE;
/* The same texts as views; a column that is not formed: itself. Owned. parallel: blocks. */
fr_column *fr_column_unformed(fr_call *call, const fr_column *column) FR_MUST_USE;
/* A cell that is not null; its text is lent by the column. It is made together with its neighbours, by the default context,
 * so that no budget stands in the way; without memory even for that the value is none, of the kind FR_NULL. */
typedef struct fr_lent_texts fr_lent_texts;
fr_value fr_form_value(const fr_column *column, int64_t row);
void     fr_lent_texts_free(fr_lent_texts *texts);      /* NULL does nothing */
/* Views of rows first … first + n - 1 of a formed column; long ones lie at `texts`, which is byte `offset` of that buffer.
 * Writes no more than the texts' bytes. */
void fr_form_views(const fr_column *column, int64_t first, int64_t n, fr_view *out, char *texts, uint32_t buffer,
                   uint32_t offset);

#endif
