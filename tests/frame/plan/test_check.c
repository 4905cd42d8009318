/* Taking in steps of older and newer callers, and of careless ones. */
#include "plan/check.h"

#include <string.h>

#include "base/call.h"
#include "base/problem.h"
#include "support/test.h"

static fr_code code_of(const fr_step *raw, size_t stride, fr_step *out)
{
    fr_call call;
    fr_call_begin(&call, NULL, "user.c", 7);
    bool ok = fr_step_read(&call, raw, stride, out);
    const fr_problem *problem = atomic_load(&call.problem);
    fr_code code = problem ? problem->info.code : FR_ERR_OK;
    CHECK(ok == (code == FR_ERR_OK));
    fr_call_end(&call);
    return code;
}

TEST(an_older_caller_gets_the_defaults_of_what_it_does_not_know)
{
    fr_step out, raw = fr_sample(3, .seed = 9);
    raw.args.sample.size_ = offsetof(fr_sample_args, fraction);
    raw.args.sample.fraction = 0.5;                      /* beyond size_: not the caller's */
    CHECK_INT(code_of(&raw, sizeof raw, &out), FR_ERR_OK);
    CHECK_INT(out.args.sample.n, 3);
    CHECK_F64(out.args.sample.fraction, -1);
    CHECK_INT(out.args.sample.seed, -1);
    CHECK_INT(out.args.sample.size_, sizeof(fr_sample_args));
}

TEST(a_newer_caller_may_not_ask_for_what_is_not_known_here)
{
    fr_step out, raw = fr_head(3);
    raw.args.head.size_ = sizeof(fr_head_args) + 8;
    memset((char *)&raw.args + sizeof(fr_head_args), 0, 8);
    CHECK_INT(code_of(&raw, sizeof raw, &out), FR_ERR_OK);
    CHECK_INT(out.args.head.n, 3);
    ((char *)&raw.args)[sizeof(fr_head_args)] = 1;
    CHECK_INT(code_of(&raw, sizeof raw, &out), FR_ERR_UNSUPPORTED);
}

TEST(sizes_that_cannot_be_are_refused)
{
    fr_step out, raw = fr_head(3);
    raw.args.head.size_ = 0;
    CHECK_INT(code_of(&raw, sizeof raw, &out), FR_ERR_ARGUMENT);
    raw.args.head.size_ = 4096;
    CHECK_INT(code_of(&raw, sizeof raw, &out), FR_ERR_ARGUMENT);
    raw = fr_head(3);
    raw.verb = 77;
    CHECK_INT(code_of(&raw, sizeof raw, &out), FR_ERR_ARGUMENT);
}

TEST(words_booleans_and_values_out_of_range_are_refused)
{
    fr_step out, raw = fr_join(NULL, .on = "a");
    raw.args.join.how = (fr_join_how)17;
    CHECK_INT(code_of(&raw, sizeof raw, &out), FR_ERR_ARGUMENT);
    raw = fr_sort("a");
    memset(&raw.args.sort.descending, 3, 1);
    CHECK_INT(code_of(&raw, sizeof raw, &out), FR_ERR_ARGUMENT);
    raw = fr_filter("x > $1");
    raw.args.filter.bind[0].kind = 200;
    CHECK_INT(code_of(&raw, sizeof raw, &out), FR_ERR_ARGUMENT);
}
