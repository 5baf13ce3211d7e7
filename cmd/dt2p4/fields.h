/* How the program computes each feature: P4 expressions. */
#ifndef DT2P4_FIELDS_H
#define DT2P4_FIELDS_H

#include "field.h"

extern const struct fields fields;

#endif
