/* trouble.h — what went wrong in making a report: a code and a text for people, kept where the caller put it.
 *
 * Reports see public headers only, so they cannot make error objects of the library; they carry this instead. The first
 * trouble is kept. Functions return false (or NULL) exactly when there is one.
 */
#ifndef FR_REPORT_TROUBLE_H
#define FR_REPORT_TROUBLE_H

#include <frame/error.h>

typedef struct fr_trouble {
    fr_code code;                 /* FR_ERR_OK: none                       */
    char    text[1020];           /* one line, or several with a caret     */
} fr_trouble;

/* Each returns false, so that it can end a function. A second trouble changes nothing. */
bool fr_troubled(fr_trouble *trouble, fr_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool fr_troubled_by(fr_trouble *trouble, const void *object);      /* an errored object of the library */
bool fr_out_of_memory(fr_trouble *trouble);

#endif
