/* functions.h — prototypes of every check and run that functions.def.h names. */
#ifndef FR_EXPR_FUNCTIONS_H
#define FR_EXPR_FUNCTIONS_H

#include "base/span.h"
#include "expr/fn.h"

/* operators */
fr_check_fn fr_check_and, fr_check_or, fr_check_not, fr_check_xor, fr_check_is_null, fr_check_is_not_null,
    fr_check_when, fr_check_coalesce, fr_check_nullif, fr_check_between, fr_check_in, fr_check_list, fr_check_add,
    fr_check_sub, fr_check_mul, fr_check_div, fr_check_floor_div, fr_check_mod, fr_check_pow, fr_check_neg,
    fr_check_wrap_add, fr_check_wrap_sub, fr_check_wrap_mul,
    fr_check_compare;
/* Argument i, an integer or a float, as i64, u64 or f64: nothing is lost. */
bool fr_check_widest(fr_checker *c, fr_term *term, size_t i);

/* casts */
fr_check_fn fr_check_cast, fr_check_try_cast;

/* numbers */
double fr_f64_sign(double x), fr_f64_cbrt(double x), fr_f64_degrees(double x), fr_f64_radians(double x);
fr_check_fn fr_check_abs, fr_check_sign, fr_check_round, fr_check_floor, fr_check_ceil, fr_check_trunc, fr_check_least,
    fr_check_greatest, fr_check_clip, fr_check_hash, fr_check_bits, fr_check_shift_bits;
fr_run_fn fr_loop_atan2, fr_loop_hypot, fr_loop_log, fr_loop_is_nan, fr_loop_is_finite, fr_loop_is_infinite,
    fr_loop_nan_to_null, fr_loop_bits, fr_loop_shift_bits, fr_loop_hash;
/* round, floor, ceil of a date or datetime to a unit; how: 0 nearest, 1 floor, 2 ceil, 3 towards 1970 (an error) */
bool fr_check_round_time(fr_checker *c, fr_term *term, int how);

/* text */
fr_check_fn fr_check_concat, fr_check_pattern, fr_check_extract, fr_check_text_scan;
fr_run_fn fr_loop_lower, fr_loop_upper, fr_loop_title, fr_loop_capitalize, fr_loop_swapcase, fr_loop_len, fr_loop_bytes,
    fr_loop_strip, fr_loop_lstrip, fr_loop_rstrip, fr_loop_starts, fr_loop_ends, fr_loop_contains, fr_loop_find,
    fr_loop_rfind, fr_loop_count, fr_loop_replace, fr_loop_replace_first, fr_loop_remove_prefix, fr_loop_remove_suffix,
    fr_loop_slice, fr_loop_char_at, fr_loop_left, fr_loop_right, fr_loop_split_part, fr_loop_concat, fr_loop_repeat,
    fr_loop_reverse, fr_loop_ljust, fr_loop_rjust, fr_loop_center, fr_loop_zfill, fr_loop_isdigit, fr_loop_isdecimal,
    fr_loop_isnumeric, fr_loop_isalpha, fr_loop_isalnum, fr_loop_isspace, fr_loop_isupper, fr_loop_islower,
    fr_loop_isascii, fr_loop_ord, fr_loop_chr, fr_loop_matches, fr_loop_fullmatch, fr_loop_extract, fr_loop_count_regex,
    fr_loop_replace_regex;
fr_views_fn fr_views_lower, fr_views_upper, fr_views_slice, fr_views_left, fr_views_right;

/* dates and times */
fr_check_fn fr_check_date_part, fr_check_time_part, fr_check_date_of, fr_check_time_of, fr_check_add_days,
    fr_check_add_months, fr_check_month_edge, fr_check_strftime, fr_check_strptime, fr_check_epoch, fr_check_from_epoch,
    fr_check_localize, fr_check_to_zone, fr_check_wall_time, fr_check_make_date, fr_check_duration, fr_check_total;

/* A clock time moved from that of `was`, a datetime with a zone, as an instant of the zone; span: the hands went to one
 * of its rungs, up: to the next one. */
fr_term *fr_check_hands(fr_checker *c, fr_term *moved, fr_term *was, const fr_span *span, bool up) FR_MUST_USE;

/* Fields of structs (fn_field.c). */
fr_check_fn fr_check_field;

/* Where the values of a choice (if, when; coalesce) are lists or structs, they are chosen by whole columns; every
 * argument is then computed for every row. */
void fr_choose_whole(fr_term *term, bool coalesce);

/* whole columns */
fr_check_fn fr_check_shift, fr_check_diff, fr_check_cumulative, fr_check_rolling, fr_check_row_index, fr_check_rank,
    fr_check_split, fr_check_join;
fr_whole_fn fr_whole_category;

#endif
