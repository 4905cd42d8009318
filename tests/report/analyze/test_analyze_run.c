/* A whole analysis of a small table while every allocation and every file operation of the library fails in turn. */
#include "report/analyze/analysis.h"
#include "report/analyze/json.h"

#include <string.h>

#include "support/test.h"
#include "support/torture.h"

static fr_outcome analyse(fr_context *context, void *path)
{
    fr_outcome outcome = { .code = FR_ERR_OK };
    analysis a = { .asked = { .path = path }, .context = context };
    growing json = { .bytes = NULL };
    fr_csv_args_init(&a.read);
    if (analyze_all(&a)) {
        write_json(&a, &json);
        outcome.digest = fr_digest(0, json.bytes, json.n);
    } else {
        outcome.code = a.failure ? fr_error_code(a.failure) : a.failed_code;
        snprintf(outcome.message, sizeof outcome.message, "%s", a.failed_text ? a.failed_text : fr_error(a.failure)->message);
    }
    growing_clear(&json);
    analysis_clear(&a);
    return outcome;
}

TEST(an_analysis_survives_every_failure)
{
    TORTURE(analyse, (void *)(uintptr_t)fr_test_path("tests/report/analyze/orders.csv"));
}

TEST(an_analysis_forgets_nothing_between_runs)
{
    const fr_outcome one = analyse(NULL, (void *)(uintptr_t)fr_test_path("tests/report/analyze/orders.csv"));
    const fr_outcome other = analyse(NULL, (void *)(uintptr_t)fr_test_path("tests/report/analyze/orders.csv"));
    CHECK_INT(one.code, FR_ERR_OK);
    CHECK(one.digest == other.digest && one.digest != 0);
}
