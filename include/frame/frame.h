/* frame.h — all of libframe's core.
 *
 *     fr_auto(frame) sales = fr_read_csv("sales.csv");
 *     fr_auto(frame) top   = fr_pipe(sales,
 *         fr_filter("quantity > 0"),
 *         fr_group("region", .agg = "revenue = sum(quantity * unit_price)"),
 *         fr_sort("revenue", .descending = true));
 *     if (!fr_ok(top)) return fr_print_error(top);
 *     fr_print(top);
 */
#ifndef FRAME_FRAME_H
#define FRAME_FRAME_H

#include <frame/arrow.h>
#include <frame/base.h>
#include <frame/context.h>
#include <frame/csv.h>
#include <frame/error.h>
#include <frame/expr.h>
#include <frame/file.h>
#include <frame/print.h>
#include <frame/steps.h>
#include <frame/table.h>
#include <frame/type.h>
#include <frame/verb_info.h>
#include <frame/verbs.h>
#include <frame/version.h>

#endif
