/* How the program computes each feature: C expressions. */
#ifndef DT2XDP_FIELDS_H
#define DT2XDP_FIELDS_H

#include "field.h"

extern const struct fields fields;

#endif
