#include "plan.h"
#include "prefix.h"

static bool is_forest(const struct plan *p)
{
    return p->m->n_trees > 1;
}

static void put_set_class(const struct plan *p, const struct entry_table *t)
{
    out_printf(p->out,
               "    @name(\".%s\") action %s(bit<%u> %s) {\n        meta.class = %s;\n    }\n",
               t->action, t->action, t->params[0].bits, t->params[0].name, t->params[0].name);
}

static void put_add_votes(const struct plan *p, const struct entry_table *t)
{
    out_printf(p->out, "    @name(\".%s\") action %s(", t->action, t->action);
    for (size_t i = 0; i < t->n_params; i++)
        out_printf(p->out, "%sbit<%u> %s", i ? (i % 4 ? ", " : ",\n            ") : "",
                   t->params[i].bits, t->params[i].name);
    out_text(p->out, ") {\n        meta.any_votes = true;\n");
    for (size_t i = 0; i < t->n_params; i++)
        out_printf(p->out, "        meta.sums.%s = meta.sums.%s + (bit<32>)%s;\n",
                   t->params[i].name, t->params[i].name, t->params[i].name);
    out_text(p->out, "    }\n");
}

/* What a slot of the entries is called here: a code stands under the name of the key it makes. */
static const char *code_name(const struct plan *p, size_t slot)
{
    const struct entry_table *const last = &p->tables->tables[p->tables->n_tables - 1];

    for (size_t i = 0; i < last->n_fields; i++)
        if (last->fields[i].slot == slot)
            return last->fields[i].name;
    return "";
}

static void put_set_code(const struct plan *p, const struct entry_table *t)
{
    out_printf(p->out, "    @name(\".%s\") action %s(", t->action, t->action);
    for (size_t i = 0; i < t->n_params; i++)
        out_printf(p->out, "%sbit<%u> %s", i ? ", " : "", t->params[i].bits, t->params[i].name);
    out_text(p->out, ") {\n");
    for (size_t i = 0; i < t->n_params; i++)
        out_printf(p->out, "        meta.codes.%s = %s;\n", code_name(p, t->params[i].slot),
                   t->params[i].name);
    out_text(p->out, "    }\n");
}

static void put_key(const struct plan *p, const struct entry_field *f)
{
    const char *const match = f->match == MATCH_RANGE ? "range" : "ternary";

    if (f->slot < p->m->n_features)
        out_printf(p->out, "            meta.keys.%s : %s @name(\"%s\");\n", p->names[f->slot],
                   match, f->name);
    else
        out_printf(p->out, "            meta.codes.%s : %s @name(\"%s\");\n", f->name, match,
                   f->name);
}

static void put_table(const struct plan *p, const struct entry_table *t)
{
    const size_t size = t->n > p->o->size ? t->n : p->o->size;

    out_printf(p->out, "    @name(\".%s\") table %s {\n        key = {\n", t->name, t->name);
    for (size_t i = 0; i < t->n_fields; i++)
        put_key(p, &t->fields[i]);
    out_printf(p->out,
               "        }\n        actions = {\n            %s;\n            NoAction;\n        }\n"
               "        default_action = NoAction();\n        size = %zu;\n    }\n",
               t->action, size ? size : 1);
}

static void put_verdict(const struct plan *p)
{
    const struct entry_table *const t = &p->tables->tables[p->tables->n_tables - 1];

    out_text(p->out, "        // The class with the most votes; the lowest of equals.\n"
                     "        if (meta.any_votes) {\n            meta.class = 1;\n");
    out_printf(p->out, "            bit<32> most = meta.sums.%s;\n", t->params[0].name);
    for (size_t i = 1; i < t->n_params; i++)
        out_printf(p->out,
                   "            if (meta.sums.%s > most) {\n                most = meta.sums.%s;\n"
                   "                meta.class = %zu;\n            }\n",
                   t->params[i].name, t->params[i].name, i + 1);
    out_text(p->out, "        }\n");
}

/* A key's greatest value stands for all above it. */
static void put_keys(const struct plan *p)
{
    for (size_t i = 0; i < p->m->n_features; i++) {
        const unsigned bits = p->m->features[i].bits;
        const char *const name = p->names[i];
        if (bits == plan_bits(p, i))
            out_printf(p->out, "        meta.keys.%s = meta.features.%s;\n", name, name);
        else
            out_printf(p->out,
                       "        meta.keys.%s = (bit<%u>)(meta.features.%s > %llu ? %llu : "
                       "meta.features.%s);\n",
                       name, bits, name, (unsigned long long)prefix_top(bits),
                       (unsigned long long)prefix_top(bits), name);
    }
}

void tables_write(const struct plan *p)
{
    const struct entries *const x = p->tables;

    out_text(p->out,
             "\n// Sets the class. dt2p4entries(1) makes the entries; what matches none has "
             "no verdict.\ncontrol Classify(inout metadata_t meta) {\n");
    for (size_t i = 0; i < x->n_tables; i++) {
        const struct entry_table *const t = &x->tables[i];
        if (t->role == TABLE_CODE)
            put_set_code(p, t);
        else if (!is_forest(p))
            put_set_class(p, t);
        else if (t->index == 0)
            put_add_votes(p, t);
        put_table(p, t);
    }
    out_text(p->out, "\n    apply {\n");
    put_keys(p);
    for (size_t i = 0; i < x->n_tables; i++)
        out_printf(p->out, "        %s.apply();\n", x->tables[i].name);
    if (is_forest(p))
        put_verdict(p);
    out_text(p->out, "    }\n}\n");
}
