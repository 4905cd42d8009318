/* job.h — job files: steps as text and back; what the two halves share.
 *
 *     # frame run job.toml
 *     format = "libframe job"
 *     version = 1                     written by this version of the format
 *     reader = 1                      the oldest reader that understands it
 *     input = 'read_csv("sales.csv", sep = ";")'
 *
 *     [[step]]
 *     verb = "filter"
 *     where = "quantity > $1 and region == $2"
 *     bind = [10, "EU"]                                for ":lo" and ":region": { lo = 10, region = "EU" }
 *
 *     [[step]]
 *     verb = "join"
 *     right = { names = ["region", "country"], types = ["str", "str"], rows = """
 *     EU,Germany
 *     """ }
 *     on = "region"
 *     how = "left"
 *
 * Options at their default are left out. A frame that is a scan is written as the call that reads it, any other one
 * with its rows. A value that TOML cannot say is a table: { type = "date", value = 19723 }, { type = "u64", value = "7"
 * }.
 */
#ifndef FR_PLAN_JOB_H
#define FR_PLAN_JOB_H

#include "plan/job_tree.h"
#include "plan/steps.h"

#define FR_JOB_FORMAT  "libframe job"
#define FR_JOB_VERSION 1
#define FR_JOB_READER  1

/* One value, and back. */
bool fr_job_write_real(fr_call *call, fr_text *out, double x) FR_MUST_USE;
bool fr_job_write_value(fr_call *call, fr_text *out, const fr_value *value) FR_MUST_USE;
bool fr_job_read_value(fr_call *call, const char *text, const fr_job_node *node, fr_value *out) FR_MUST_USE;

/* One frame, and back (an owned reference). */
bool      fr_job_write_frame(fr_call *call, fr_text *out, const fr_frame *frame) FR_MUST_USE;
fr_frame *fr_job_read_frame(fr_call *call, const char *text, const fr_job_node *node) FR_MUST_USE;

/* read_csv("sales.csv", sep = ";") → a scan (owned). */
fr_frame *fr_scan_described(fr_call *call, const char *description) FR_MUST_USE;

/* One option of a step. */
bool fr_job_write_option(fr_call *call, fr_text *out, const fr_step *step, const fr_option_info *option) FR_MUST_USE;

/* The whole job, and back. */
bool      fr_job_write(fr_call *call, fr_text *out, const fr_steps *steps) FR_MUST_USE;
fr_steps *fr_job_parse(fr_call *call, const char *text) FR_MUST_USE;

#endif
