/* Texts for graphviz' HTML-like labels: escaped names, thresholds with their units. */
#ifndef WEIR_DT_DOT_LABEL_H
#define WEIR_DT_DOT_LABEL_H

#include "out.h"

#include <stdint.h>

/* Writes a name from a model: markup escaped, what is not printable UTF-8 as '?'. */
void label_name(struct out *o, const char *name);

/* Writes a value of a feature with the unit that the registry gives it: 93500 of iat is "93.5 us",
 * exactly; 65600 of diffLen is "65600 (+65 bytes)". */
void label_value(struct out *o, const char *feature, uint64_t value);

/* Writes a number of rows with thousands set apart: "12,345". */
void label_count(struct out *o, uint64_t n);

#endif
