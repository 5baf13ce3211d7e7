/* The wire format of Protocol Buffers, and the numbers of the fields in onnx.proto. */
#include "onnx.h"

#include "cli.h"
#include "escape.h"
#include "mem.h"

#include <endian.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IR_VERSION = 7, OPERATOR_SET = 13 };

enum model {
    MODEL_IR = 1,
    MODEL_PRODUCER,
    MODEL_PRODUCER_VERSION,
    MODEL_GRAPH = 7,
    MODEL_SETS,
    MODEL_NOTES = 14
};
enum set { SET_VERSION = 2 };
enum note { NOTE_KEY = 1, NOTE_VALUE };
enum graph {
    GRAPH_NODES = 1,
    GRAPH_NAME,
    GRAPH_CONSTANTS = 5,
    GRAPH_DOC = 10,
    GRAPH_INPUTS,
    GRAPH_OUTPUTS
};
enum node { NODE_INPUTS = 1, NODE_OUTPUTS, NODE_NAME, NODE_OPERATOR, NODE_ATTRIBUTES };
enum attribute { ATTRIBUTE_NAME = 1, ATTRIBUTE_INT = 3, ATTRIBUTE_INTS = 8, ATTRIBUTE_TYPE = 20 };
enum attribute_type { TYPE_INT = 2, TYPE_INTS = 7 };
enum tensor { TENSOR_SIDES = 1, TENSOR_TYPE, TENSOR_TEXTS = 6, TENSOR_NAME = 8, TENSOR_RAW };
enum value { VALUE_NAME = 1, VALUE_TYPE, VALUE_DOC };
enum type { TYPE_TENSOR = 1 };
enum tensor_type { ELEMENT = 1, SHAPE };
enum shape { SHAPE_SIDES = 1 };
enum side { SIDE_LENGTH = 1, SIDE_NAME };

struct onnx {
    char *name, *doc;
    struct textbuf nodes, constants, inputs, outputs, notes; /* fields of the graph, the model */
    struct textbuf node;                                     /* the one in the making */
    char *operator;                                          /* its own; NULL: there is none */
    char **values;                                           /* names */
    size_t n_values, cap;
};

static void put_varint(struct textbuf *t, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        textbuf_char(t, (char)(v | 0x80));
    textbuf_char(t, (char)v);
}

static void put_head(struct textbuf *t, unsigned field, bool bytes)
{
    put_varint(t, field << 3 | (bytes ? 2 : 0));
}

static void put_int(struct textbuf *t, unsigned field, int64_t v)
{
    put_head(t, field, false);
    put_varint(t, (uint64_t)v);
}

static void put_bytes(struct textbuf *t, unsigned field, const void *p, size_t n)
{
    put_head(t, field, true);
    put_varint(t, n);
    textbuf_bytes(t, p, n);
}

/* A message within another; what it was built in is freed. */
static void put_message(struct textbuf *t, unsigned field, struct textbuf *m)
{
    put_bytes(t, field, m->p, m->n);
    free(m->p);
    *m = (struct textbuf){0};
}

static void put_text(struct textbuf *t, unsigned field, const char *text)
{
    static const char replacement[] = "\xef\xbf\xbd";
    const uint8_t *p = (const uint8_t *)text;
    struct textbuf clean = {0};

    for (size_t left = strlen(text), n; left > 0; p += n, left -= n) {
        n = escape_character(p, left);
        textbuf_put(&clean, n == 0 ? replacement : "");
        textbuf_bytes(&clean, p, n);
        n += n == 0;
    }
    put_message(t, field, &clean);
}

struct onnx *onnx_new(const char *name, const char *doc)
{
    struct onnx *const x = mem_zero(1, sizeof *x);

    x->name = mem_string(name, strlen(name));
    x->doc = mem_string(doc, strlen(doc));
    return x;
}

void onnx_free(struct onnx *x)
{
    for (size_t i = 0; i < x->n_values; i++)
        free(x->values[i]);
    free(x->values);
    free(x->name);
    free(x->doc);
    free(x->nodes.p);
    free(x->constants.p);
    free(x->inputs.p);
    free(x->outputs.p);
    free(x->notes.p);
    free(x->node.p);
    free(x->operator);
    free(x);
}

void onnx_note(struct onnx *x, const char *key, const char *text)
{
    struct textbuf note = {0};

    put_text(&note, NOTE_KEY, key);
    put_text(&note, NOTE_VALUE, text);
    put_message(&x->notes, MODEL_NOTES, &note);
}

void onnx_list_add(struct textbuf *list, const char *text)
{
    textbuf_put(list, list->n == 0 ? "[\"" : ",\"");
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\')
            textbuf_char(list, '\\');
        textbuf_char(list, *p);
    }
    textbuf_char(list, '"');
}

void onnx_note_list(struct onnx *x, const char *key, struct textbuf *list)
{
    textbuf_put(list, list->n == 0 ? "[]" : "]");
    onnx_note(x, key, list->p);
    free(list->p);
}

/* A name that no other value has: a word and a number. Inputs and outputs have words alone. */
static const char *new_name(struct onnx *x, const char *word, bool numbered)
{
    struct textbuf name = {0};

    textbuf_put(&name, word);
    if (numbered)
        textbuf_printf(&name, "_%zu", x->n_values + 1);
    x->values = mem_grow(x->values, &x->cap, x->n_values + 1, sizeof(char *));
    return x->values[x->n_values++] = name.p;
}

static void put_value(struct textbuf *t, unsigned field, const char *name, enum onnx_type type,
                      size_t n_sides, const struct onnx_side *sides, const char *doc)
{
    struct textbuf shape = {0}, tensor = {0}, outer = {0}, value = {0};

    for (size_t i = 0; i < n_sides; i++) {
        struct textbuf side = {0};
        if (sides[i].any)
            put_text(&side, SIDE_NAME, sides[i].any);
        else
            put_int(&side, SIDE_LENGTH, (int64_t)sides[i].n);
        put_message(&shape, SHAPE_SIDES, &side);
    }
    put_int(&tensor, ELEMENT, type);
    put_message(&tensor, SHAPE, &shape);
    put_message(&outer, TYPE_TENSOR, &tensor);
    put_text(&value, VALUE_NAME, name);
    put_message(&value, VALUE_TYPE, &outer);
    put_text(&value, VALUE_DOC, doc);
    put_message(t, field, &value);
}

const char *onnx_input(struct onnx *x, const char *name, enum onnx_type type, size_t n_sides,
                       const struct onnx_side *sides, const char *doc)
{
    put_value(&x->inputs, GRAPH_INPUTS, name, type, n_sides, sides, doc);
    return new_name(x, name, false);
}

/* A node that does nothing gives the value its name. */
void onnx_output(struct onnx *x, const char *value, const char *name, enum onnx_type type,
                 size_t n_sides, const struct onnx_side *sides, const char *doc)
{
    put_value(&x->outputs, GRAPH_OUTPUTS, name, type, n_sides, sides, doc);
    onnx_begin(x, "Identity");
    onnx_take(x, value);
    put_text(&x->node, NODE_OUTPUTS, name);
}

static size_t put_sides(struct textbuf *t, size_t n_sides, const size_t *sides)
{
    size_t n = 1;

    for (size_t i = 0; i < n_sides; i++) {
        put_int(t, TENSOR_SIDES, (int64_t)sides[i]);
        n *= sides[i];
    }
    return n;
}

/* The beginning of a constant of numbers, each of `size` bytes, which the caller appends; *n: how
 * many they are. */
static const char *begin_constant(struct onnx *x, enum onnx_type type, size_t n_sides,
                                  const size_t *sides, size_t size, size_t *n)
{
    const char *const name = new_name(x, "constant", true);
    struct textbuf head = {0};

    *n = put_sides(&head, n_sides, sides);
    put_int(&head, TENSOR_TYPE, type);
    put_text(&head, TENSOR_NAME, name);
    put_head(&head, TENSOR_RAW, true);
    put_varint(&head, *n * size);
    put_head(&x->constants, GRAPH_CONSTANTS, true);
    put_varint(&x->constants, head.n + *n * size);
    textbuf_bytes(&x->constants, head.p, head.n);
    free(head.p);
    return name;
}

const char *onnx_floats(struct onnx *x, size_t n_sides, const size_t *sides, const float *p)
{
    size_t n;
    const char *const name = begin_constant(x, ONNX_FLOAT, n_sides, sides, sizeof *p, &n);

    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &p[i], sizeof bits);
        bits = htole32(bits);
        textbuf_bytes(&x->constants, &bits, sizeof bits);
    }
    return name;
}

/* Numbers of 8 bytes, whatever they mean. */
static const char *put_wide(struct onnx *x, enum onnx_type type, size_t n_sides,
                            const size_t *sides, const void *p)
{
    uint64_t bits;
    size_t n;
    const char *const name = begin_constant(x, type, n_sides, sides, sizeof bits, &n);

    for (size_t i = 0; i < n; i++) {
        memcpy(&bits, (const char *)p + i * sizeof bits, sizeof bits);
        bits = htole64(bits);
        textbuf_bytes(&x->constants, &bits, sizeof bits);
    }
    return name;
}

const char *onnx_doubles(struct onnx *x, size_t n_sides, const size_t *sides, const double *p)
{
    return put_wide(x, ONNX_DOUBLE, n_sides, sides, p);
}

const char *onnx_ints(struct onnx *x, size_t n_sides, const size_t *sides, const int64_t *p)
{
    return put_wide(x, ONNX_INT64, n_sides, sides, p);
}

const char *onnx_bools(struct onnx *x, size_t n_sides, const size_t *sides, const uint8_t *p)
{
    size_t n;
    const char *const name = begin_constant(x, ONNX_BOOL, n_sides, sides, 1, &n);

    textbuf_bytes(&x->constants, p, n);
    return name;
}

const char *onnx_texts(struct onnx *x, size_t n, const char *const *texts)
{
    const char *const name = new_name(x, "constant", true);
    struct textbuf tensor = {0};

    (void)put_sides(&tensor, 1, &n);
    put_int(&tensor, TENSOR_TYPE, ONNX_STRING);
    put_text(&tensor, TENSOR_NAME, name);
    for (size_t i = 0; i < n; i++)
        put_text(&tensor, TENSOR_TEXTS, texts[i]);
    put_message(&x->constants, GRAPH_CONSTANTS, &tensor);
    return name;
}

static void end_node(struct onnx *x)
{
    if (!x->operator)
        return;
    put_message(&x->nodes, GRAPH_NODES, &x->node);
    free(x->operator);
    x->operator= NULL;
}

void onnx_begin(struct onnx *x, const char *operator)
{
    end_node(x);
    x->operator= mem_string(operator, strlen(operator));
    put_text(&x->node, NODE_OPERATOR, operator);
}

void onnx_take(struct onnx *x, const char *value)
{
    put_text(&x->node, NODE_INPUTS, value);
}

void onnx_set(struct onnx *x, const char *attribute, int64_t v)
{
    struct textbuf a = {0};

    put_text(&a, ATTRIBUTE_NAME, attribute);
    put_int(&a, ATTRIBUTE_INT, v);
    put_int(&a, ATTRIBUTE_TYPE, TYPE_INT);
    put_message(&x->node, NODE_ATTRIBUTES, &a);
}

void onnx_set_list(struct onnx *x, const char *attribute, size_t n, const int64_t *v)
{
    struct textbuf a = {0};

    put_text(&a, ATTRIBUTE_NAME, attribute);
    for (size_t i = 0; i < n; i++)
        put_int(&a, ATTRIBUTE_INTS, v[i]);
    put_int(&a, ATTRIBUTE_TYPE, TYPE_INTS);
    put_message(&x->node, NODE_ATTRIBUTES, &a);
}

const char *onnx_give(struct onnx *x)
{
    const char *const name = new_name(x, x->operator, true);

    put_text(&x->node, NODE_OUTPUTS, name);
    return name;
}

const char *onnx_op(struct onnx *x, const char *operator, const char * a, const char *b,
                    const char *c)
{
    onnx_begin(x, operator);
    onnx_take(x, a);
    if (b)
        onnx_take(x, b);
    if (c)
        onnx_take(x, c);
    return onnx_give(x);
}

const char *onnx_op_set(struct onnx *x, const char *operator, const char * a, const char *attribute,
                        int64_t v)
{
    onnx_begin(x, operator);
    onnx_take(x, a);
    onnx_set(x, attribute, v);
    return onnx_give(x);
}

const char *onnx_op_axis(struct onnx *x, const char *operator, const char * a, int64_t axis)
{
    const size_t one = 1;

    return onnx_op(x, operator, a, onnx_ints(x, 1, &one, &axis), NULL);
}

const char *onnx_turn(struct onnx *x, const char *a, int64_t first, int64_t second, int64_t third)
{
    const int64_t order[] = {first, second, third};

    onnx_begin(x, "Transpose");
    onnx_take(x, a);
    onnx_set_list(x, "perm", 3, order);
    return onnx_give(x);
}

/* The size of the graph stands before it, so that its parts are not copied into one. */
void onnx_write(struct onnx *x, struct out *o)
{
    struct textbuf head = {0}, set = {0}, names = {0};

    end_node(x);
    const struct textbuf *const parts[] = {&names, &x->constants, &x->inputs, &x->outputs,
                                           &x->nodes};
    size_t size = 0;
    put_text(&names, GRAPH_NAME, x->name);
    put_text(&names, GRAPH_DOC, x->doc);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        size += parts[i]->n;
    put_int(&head, MODEL_IR, IR_VERSION);
    put_text(&head, MODEL_PRODUCER, "Weir");
    put_text(&head, MODEL_PRODUCER_VERSION, WEIR_VERSION);
    put_int(&set, SET_VERSION, OPERATOR_SET);
    put_message(&head, MODEL_SETS, &set);
    textbuf_bytes(&head, x->notes.p, x->notes.n);
    put_head(&head, MODEL_GRAPH, true);
    put_varint(&head, size);
    out_bytes(o, head.p, head.n);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        out_bytes(o, parts[i]->p, parts[i]->n);
    free(head.p);
    free(names.p);
}
