/* text_forms.h — texts of one length that differ in few bits, as numbers of those bits (text_forms.isa.c).
 *
 *     S64-306444-H    a form says which bits differ: those of a letter, the low half of each digit, …
 *     D00-574433-A    and what the others are; 42 of 96 differ here, so a text is a number of 8 bytes
 *
 * Bits keep their order, first the first byte's, so bits that lie side by side (a run) are moved together: a shift, a mask
 * and a shift for each run, of eight texts at a time. No pext, which is microcode on some processors and one of 64 bits at
 * a time on the others.
 */
#ifndef FR_KERNEL_TEXT_FORMS_H
#define FR_KERNEL_TEXT_FORMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/isa.h"

enum { FR_FORM_BYTES = 32, FR_FORM_WORDS = FR_FORM_BYTES / 8, FR_FORM_BITS = 64, FR_FORM_ROWS = 64 };

typedef struct fr_form_run { uint8_t word, from, to, n; } fr_form_run;    /* n bits, from that bit of the word to the number's */

typedef struct fr_text_form {
    uint32_t    length;                     /* bytes of each text, 1 … FR_FORM_BYTES                  */
    uint32_t    width;                      /* bytes of a number: 4 or 8                              */
    uint32_t    n_words, n_runs;
    uint64_t    base[FR_FORM_WORDS];        /* what all agree in, zero elsewhere                      */
    uint64_t    mask[FR_FORM_WORDS];        /* where they may differ; never behind the text           */
    uint64_t    within[FR_FORM_WORDS];      /* all bits of the text                                   */
    fr_form_run runs[FR_FORM_BITS];         /* by words, and in each from the lowest bit on           */
} fr_text_form;

/* Texts by words of eight bytes, the first one's lowest; what lies behind a text in its last word is nobody's. */
typedef struct fr_form_words { uint64_t at[FR_FORM_WORDS][FR_FORM_ROWS]; } fr_form_words;

typedef struct fr_text_form_kernels {
    /* The numbers of n ≤ FR_FORM_ROWS texts; false: some have not this form. Writes FR_FORM_ROWS numbers. */
    bool (*numbers)(const fr_text_form *form, const fr_form_words *words, size_t n, uint64_t *numbers);
    /* The texts of n ≤ FR_FORM_ROWS numbers of form->width bytes; what lies behind a text is zero. */
    void (*words)(const fr_text_form *form, const void *numbers, size_t n, fr_form_words *words);
} fr_text_form_kernels;

FR_ISA_DECLARE(fr_text_form_kernels, fr_text_form_kernels);

#endif
