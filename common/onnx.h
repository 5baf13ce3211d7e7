/* Networks for other programs: models in the format of ONNX (IR version 7, operators of set 13).
 *
 * A graph is built from front to back: a value is an input, a constant, or what a node gives, and
 * only then can a node take it. Values are called by names, which stay until onnx_free(). Texts of
 * any bytes are taken; what is no UTF-8 becomes U+FFFD. */
#ifndef WEIR_ONNX_H
#define WEIR_ONNX_H

#include "out.h"
#include "textbuf.h"

#include <stddef.h>
#include <stdint.h>

enum onnx_type { ONNX_FLOAT = 1, ONNX_INT64 = 7, ONNX_BOOL = 9, ONNX_DOUBLE = 11, ONNX_STRING = 8 };

/* A side of a tensor: n long; of any length, which has this name, unless that is NULL. */
struct onnx_side {
    const char *any;
    size_t n;
};

struct onnx;

/* Freed with onnx_free(). */
struct onnx *onnx_new(const char *name, const char *doc);
void onnx_free(struct onnx *x);

/* The model as it stands. */
void onnx_write(struct onnx *x, struct out *o);

/* What else there is to know, a text for each key; and a list of texts for one, as JSON. A list
 * starts as a zeroed buffer; onnx_note_list() frees it. */
void onnx_note(struct onnx *x, const char *key, const char *text);
void onnx_list_add(struct textbuf *list, const char *text);
void onnx_note_list(struct onnx *x, const char *key, struct textbuf *list);

/* What goes into the graph, and a value that comes out of it under a name. */
const char *onnx_input(struct onnx *x, const char *name, enum onnx_type type, size_t n_sides,
                       const struct onnx_side *sides, const char *doc);
void onnx_output(struct onnx *x, const char *value, const char *name, enum onnx_type type,
                 size_t n_sides, const struct onnx_side *sides, const char *doc);

/* Constants: of floats, of doubles, of integers, of 0 and 1 (bytes), of texts (a list). Without
 * sides it is a single number. */
const char *onnx_floats(struct onnx *x, size_t n_sides, const size_t *sides, const float *p);
const char *onnx_doubles(struct onnx *x, size_t n_sides, const size_t *sides, const double *p);
const char *onnx_ints(struct onnx *x, size_t n_sides, const size_t *sides, const int64_t *p);
const char *onnx_bools(struct onnx *x, size_t n_sides, const size_t *sides, const uint8_t *p);
const char *onnx_texts(struct onnx *x, size_t n, const char *const *texts);

/* A node: its operator, then, in any number, what it takes ("" for an input left out), its
 * attributes, and what it gives, each in order. */
void onnx_begin(struct onnx *x, const char *operator);
void onnx_take(struct onnx *x, const char *value);
void onnx_set(struct onnx *x, const char *attribute, int64_t v);
void onnx_set_list(struct onnx *x, const char *attribute, size_t n, const int64_t *v);
const char *onnx_give(struct onnx *x);

/* The common nodes whole, with what they give: of up to three values (NULL: no more); of a value
 * and an attribute; of a value and the numbers of axes. */
const char *onnx_op(struct onnx *x, const char *operator, const char * a, const char *b,
                    const char *c);
const char *onnx_op_set(struct onnx *x, const char *operator, const char * a, const char *attribute,
                        int64_t v);
const char *onnx_op_axis(struct onnx *x, const char *operator, const char * a, int64_t axis);
const char *onnx_turn(struct onnx *x, const char *a, int64_t first, int64_t second, int64_t third);

#endif
