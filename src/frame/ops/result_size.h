/* result_size.h — is there memory for a result, before any of it is asked for? */
#ifndef FR_OPS_RESULT_SIZE_H
#define FR_OPS_RESULT_SIZE_H

#include "base/call.h"

/* 40000000000 as 40,000,000,000, where its length is what a message is about. */
typedef struct fr_digits_text { char text[32]; } fr_digits_text;
fr_digits_text fr_in_threes(uint64_t n);

/* Do so many bytes fit the memory limit beside what is in use? Else LIMIT: "the result would have WHAT, beyond the memory
 * limit …". `bytes` is to be less than what will be needed, so that nothing that fits is refused. */
bool fr_check_result_bytes(fr_call *call, double bytes, const char *what, const char *hint) FR_MUST_USE;

#endif
