/* xml_check.h — is a text well-formed XML, as far as an SVG of ours goes? For C tests and the fuzzer; pytest asks
 * expat too. */
#ifndef FR_TEST_PLOT_XML_CHECK_H
#define FR_TEST_PLOT_XML_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/* Elements nest and end, attributes are quoted and occur once an element, ids once a document, & begins a known
 * entity, and every character is one that XML 1.0 allows. Sets *why to what is wrong and *at to the byte. */
bool xml_well_formed(const char *text, size_t n, const char **why, size_t *at);

#endif
