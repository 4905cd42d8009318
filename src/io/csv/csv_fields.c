/* csv_fields.c — places become fields, the first time only. */
#include "io/csv/csv_fields.h"

const fr_csv_field *fr_csv_fields_cut(fr_csv_fields *fields)
{
    if (!fields->cut) FR_ISA_PICK(fr_csv_unquote_kernels)->fields(&fields->places, fields->items);
    fields->cut = true;
    return fields->items;
}
