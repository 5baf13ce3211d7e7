#include "draw.h"

#include "label.h"
#include "mem.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Okabe and Ito's colours, which people tell apart whatever their colour vision; then those of
 * Tol's muted scheme that differ from them. With more classes they come again: every leaf has its
 * class's name on it. */
static const uint32_t palette[] = {
    0xe69f00, 0x56b4e9, 0x009e73, 0xf0e442, 0x0072b2, 0xd55e00, 0xcc79a7,
    0x999999, 0x882255, 0x999933, 0x44aa99, 0x332288, 0xddcc77, 0x88ccee,
};

enum {
    BAR_WIDTH = 110, /* points */
    BAR_HEIGHT = 7,
    LEGEND_CLASSES = 14,
};

/* Part of a tree: a node and the leaves below it, which follow each other. */
struct part {
    uint32_t node;
    size_t first, end; /* leaves */
    size_t depth;
};

struct drawing {
    const struct model *m;
    const struct tree *t;
    size_t max_depth;
    struct out *o;
    uint64_t *rows; /* of the part at hand, a class each */
    uint64_t all;   /* their sum */
    double weight;  /* the same, weighted */
};

static uint32_t colour(uint32_t class)
{
    return palette[class % (sizeof palette / sizeof *palette)];
}

/* A colour thinned with white: strength 0 is white, 1 the colour. */
static uint32_t tint(uint32_t rgb, double strength)
{
    uint32_t mixed = 0;

    for (int shift = 0; shift < 24; shift += 8) {
        const double c = (double)(rgb >> shift & 0xff);
        mixed |= (uint32_t)lround(255 - strength * (255 - c)) << shift;
    }
    return mixed;
}

static void count_rows(struct drawing *d, const struct part *p)
{
    memset(d->rows, 0, d->m->n_classes * sizeof *d->rows);
    d->all = 0;
    for (size_t i = p->first; i < p->end; i++) {
        const struct tree_leaf *const leaf = &d->t->leaves[i];
        for (size_t k = 0; k < leaf->n; k++)
            d->rows[d->t->rows[leaf->first + k].class_index] += d->t->rows[leaf->first + k].rows;
    }
    d->weight = 0;
    for (size_t c = 0; c < d->m->n_classes; c++) {
        d->all += d->rows[c];
        d->weight += (double)d->rows[c] * d->m->classes[c].weight;
    }
}

static double share(const struct drawing *d, uint32_t class)
{
    return (double)d->rows[class] * d->m->classes[class].weight / d->weight;
}

static uint32_t verdict(const struct drawing *d)
{
    uint32_t best = 0;

    for (uint32_t c = 1; c < d->m->n_classes; c++)
        if (share(d, c) > share(d, best))
            best = c;
    return best;
}

/* The shares of the classes as one coloured bar. */
static void put_bar(struct drawing *d)
{
    double sum = 0;
    long drawn = 0;

    /* Without a fixed size a wide condition above would pull the pieces apart. */
    out_printf(d->o,
               "<TR><TD><TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" "
               "CELLPADDING=\"0\" FIXEDSIZE=\"TRUE\" WIDTH=\"%d\" HEIGHT=\"%d\"><TR>",
               BAR_WIDTH, BAR_HEIGHT);
    for (uint32_t c = 0; c < d->m->n_classes; c++) {
        sum += share(d, c);
        const long end = lround(sum * BAR_WIDTH);
        if (end == drawn)
            continue;
        out_printf(d->o,
                   "<TD FIXEDSIZE=\"TRUE\" WIDTH=\"%ld\" HEIGHT=\"%d\" BGCOLOR=\"#%06" PRIx32
                   "\"></TD>",
                   end - drawn, BAR_HEIGHT, colour(c));
        drawn = end;
    }
    out_text(d->o, "</TR></TABLE></TD></TR>");
}

static void open_label(struct drawing *d, const struct part *p)
{
    out_printf(d->o,
               "  n%" PRIu32 " [label=<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" "
               "CELLPADDING=\"2\">",
               p->node);
}

static void close_label(struct drawing *d, uint32_t fill, const char *style)
{
    out_printf(d->o, "</TABLE>>, fillcolor=\"#%06" PRIx32 "\", style=\"%s\"];\n", fill, style);
}

static const char *class_name(const struct drawing *d, uint32_t class)
{
    return d->m->classes[class].name;
}

static void put_rows(struct drawing *d)
{
    out_text(d->o, "<TR><TD>");
    label_count(d->o, d->all);
    out_printf(d->o, " %s%s</TD></TR>", d->m->votes ? "vote" : "row", d->all == 1 ? "" : "s");
}

/* "380 of 382 rows" */
static void put_hits(struct drawing *d, uint32_t class)
{
    out_text(d->o, "<TR><TD>");
    label_count(d->o, d->rows[class]);
    if (d->rows[class] < d->all) {
        out_text(d->o, " of ");
        label_count(d->o, d->all);
    }
    out_printf(d->o, " %s%s</TD></TR>", d->m->votes ? "vote" : "row", d->all == 1 ? "" : "s");
}

static void draw_leaf(struct drawing *d, const struct part *p)
{
    const uint32_t class = d->t->leaves[p->first].verdict;

    open_label(d, p);
    out_text(d->o, "<TR><TD><B>");
    label_name(d->o, class_name(d, class));
    out_text(d->o, "</B></TD></TR>");
    put_hits(d, class);
    if (d->rows[class] < d->all)
        put_bar(d);
    close_label(d, tint(colour(class), 0.25 + 0.35 * share(d, class)), "filled,rounded");
}

static void draw_folded(struct drawing *d, const struct part *p)
{
    const uint32_t class = verdict(d);

    open_label(d, p);
    out_text(d->o, "<TR><TD><B>… ");
    label_count(d->o, p->end - p->first);
    out_text(d->o, " leaves</B></TD></TR><TR><TD>mostly ");
    label_name(d->o, class_name(d, class));
    out_text(d->o, "</TD></TR>");
    put_rows(d);
    put_bar(d);
    close_label(d, 0xffffff, "filled,rounded,dashed");
}

static void draw_split(struct drawing *d, const struct part *p)
{
    const struct tree_node *const node = &d->t->nodes[p->node];
    const char *const feature = d->m->features[node->feature].name;

    open_label(d, p);
    out_text(d->o, "<TR><TD><B>");
    label_name(d->o, feature);
    out_text(d->o, " ≤ ");
    label_value(d->o, feature, node->threshold);
    out_text(d->o, "</B></TD></TR>");
    put_rows(d);
    put_bar(d);
    close_label(d, 0xf7f7f7, "filled,rounded");
}

static void draw_part(struct drawing *d, const struct part *p)
{
    const struct tree_node *const node = &d->t->nodes[p->node];

    count_rows(d, p);
    if (node->feature == TREE_LEAF) {
        draw_leaf(d, p);
        return;
    }
    if (p->depth >= d->max_depth) {
        draw_folded(d, p);
        return;
    }
    draw_split(d, p);
    /* A whole tree of n nodes has (n + 1) / 2 leaves. */
    const size_t middle = p->first + (node->next - p->node) / 2;
    const struct part yes = {p->node + 1, p->first, middle, p->depth + 1};
    const struct part no = {node->next, middle, p->end, p->depth + 1};
    draw_part(d, &yes);
    draw_part(d, &no);
    out_printf(d->o, "  n%" PRIu32 " -> n%" PRIu32 " [label=\" yes\"];\n", p->node, yes.node);
    out_printf(d->o, "  n%" PRIu32 " -> n%" PRIu32 " [label=\" no\"];\n", p->node, no.node);
}

static void put_legend(struct drawing *d)
{
    if (d->m->n_classes > LEGEND_CLASSES)
        return;
    out_text(d->o, "  legend [shape=plain, label=<<TABLE BORDER=\"0\" CELLBORDER=\"0\" "
                   "CELLSPACING=\"2\" CELLPADDING=\"1\">");
    for (uint32_t c = 0; c < d->m->n_classes; c++) {
        out_printf(d->o,
                   "<TR><TD FIXEDSIZE=\"TRUE\" WIDTH=\"14\" HEIGHT=\"10\" BGCOLOR=\"#%06" PRIx32
                   "\"></TD><TD ALIGN=\"LEFT\">",
                   colour(c));
        label_name(d->o, class_name(d, c));
        out_text(d->o, "</TD></TR>");
    }
    out_text(d->o, "</TABLE>>];\n");
}

static void put_title(struct drawing *d, size_t place)
{
    const struct model *const m = d->m;

    out_text(d->o, "  label=<");
    label_name(d->o, m->made);
    out_text(d->o, "<BR/>");
    if (m->n_trees > 1)
        out_printf(d->o, "tree %zu of %zu: ", place + 1, m->n_trees);
    label_count(d->o, d->t->n_leaves);
    out_printf(d->o, " lea%s, trained on ", d->t->n_leaves == 1 ? "f" : "ves");
    label_count(d->o, m->rows);
    out_printf(d->o, " row%s", m->rows == 1 ? "" : "s");
    if (strcmp(m->weights, "none") != 0) {
        out_text(d->o, "; bars and verdicts are weighted: ");
        label_name(d->o, m->weights);
    }
    out_text(d->o, ">;\n");
}

void draw_tree(const struct model *m, size_t place, size_t max_depth, struct out *o)
{
    const struct tree *const t = &m->trees[place];
    struct drawing d = {.m = m,
                        .t = t,
                        .max_depth = max_depth,
                        .o = o,
                        .rows = mem_alloc(m->n_classes, sizeof(uint64_t))};
    const struct part whole = {.node = 0, .first = 0, .end = t->n_leaves};

    out_text(o, "digraph tree {\n"
                "  graph [charset=\"UTF-8\", fontname=\"Helvetica\", fontsize=11, labelloc=\"t\",\n"
                "         nodesep=0.2, ranksep=0.35];\n"
                "  node [shape=box, fontname=\"Helvetica\", fontsize=10, margin=\"0.06,0.03\",\n"
                "        color=\"#555555\", penwidth=0.8];\n"
                "  edge [fontname=\"Helvetica\", fontsize=9, color=\"#555555\", arrowsize=0.6];\n");
    put_title(&d, place);
    put_legend(&d);
    draw_part(&d, &whole);
    out_text(o, "}\n");
    free(d.rows);
}
