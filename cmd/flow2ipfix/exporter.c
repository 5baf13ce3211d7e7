#include "exporter.h"

#include "fixbuf_err.h"
#include "layout.h"
#include "mem.h"
#include "values.h"

#include <fixbuf/public.h>
#include <stdlib.h>
#include <string.h>

enum {
    SET_HEAD = 4,
    TYPE_TEMPLATE = FB_TID_MIN_DATA, /* of RFC 5610; those of rows come after it */
    TYPE_RECORD = 37,                /* bytes without the two texts: at most */
};

struct exporter {
    const struct plan *plan;
    struct exporter_options o;
    struct exporter_sink sink;
    struct values *values;
    struct layouts *layouts;
    uint8_t *record;
    fbSession_t *session;
    fBuf_t *buf;
    fbExporter_t *into; /* a message in `bytes` */
    uint8_t *bytes;

    uint16_t set;           /* the template of the last record, 0: none */
    size_t used;            /* bytes of the message so far; 0: there is none */
    uint32_t rows, records; /* in it */
    uint32_t time;          /* the greatest end so far */
    struct exporter_counts counts;
};

/* Ends the message and takes it. False with *e. */
static bool finish_message(struct exporter *x, struct message *m, struct err *e)
{
    GError *g = NULL;

    if (!fBufEmit(x->buf, &g))
        return fixbuf_err(e, "ending a message", g);
    *m = (struct message){.p = x->bytes,
                          .n = fbExporterGetMsgLen(x->into),
                          .rows = x->rows,
                          .records = x->records,
                          .time = x->time};
    x->counts.messages++;
    x->counts.large += m->n > x->o.most_bytes;
    x->used = x->rows = x->records = x->set = 0;
    return true;
}

bool exporter_flush(struct exporter *x, struct err *e)
{
    struct message m;

    return x->used == 0 || (finish_message(x, &m, e) && x->sink.data(x->sink.context, &m, e));
}

static bool describe(struct exporter *x, struct err *e)
{
    struct message m;

    return finish_message(x, &m, e) && x->sink.describe(x->sink.context, &m, e);
}

/* A template in a message of its own: libfixbuf writes it as soon as the session has it. */
static bool add_template(struct exporter *x, fbTemplate_t *t, uint16_t id, struct err *e)
{
    GError *g = NULL;

    if (!fbSessionAddTemplate(x->session, TRUE, id, t, &g) ||
        !fbSessionAddTemplate(x->session, FALSE, id, t, &g))
        return fixbuf_err(e, "adding a template", g);
    return describe(x, e);
}

static bool add_types(struct exporter *x, struct err *e)
{
    GError *g = NULL;

    if (x->plan->n_own == 0)
        return true;
    fbTemplate_t *const t = fbInfoElementAllocTypeTemplate(x->plan->model, &g);
    if (!t)
        return fixbuf_err(e, "making the template of types", g);
    if (!add_template(x, t, TYPE_TEMPLATE, e))
        return false;
    for (size_t i = 0; i < x->plan->n_own; i++) {
        const fbInfoElement_t *const ie = x->plan->own[i];
        const size_t more = TYPE_RECORD + strlen(ie->ref.name) + strlen(ie->description);
        if (x->used && x->used + more > x->o.most_bytes && !describe(x, e))
            return false;
        if (!fbInfoElementWriteOptionsRecord(x->buf, ie, TYPE_TEMPLATE, TYPE_TEMPLATE, &g))
            return fixbuf_err(e, "describing an element", g);
        x->used = (x->used ? x->used : MESSAGE_HEAD + SET_HEAD) + more;
        x->records++;
    }
    return x->used == 0 || describe(x, e);
}

struct exporter *exporter_new(const struct plan *p, const struct exporter_options *o,
                              const struct exporter_sink *sink)
{
    struct exporter *const x = mem_zero(1, sizeof *x);

    x->plan = p;
    x->o = *o;
    x->sink = *sink;
    x->values = values_new(p);
    x->layouts = layouts_new(p);
    x->record = mem_alloc(layouts_room(x->layouts), 1);
    x->bytes = mem_alloc(MESSAGE_MOST, 1);
    x->session = fbSessionAlloc(p->model);
    fbSessionSetDomain(x->session, o->domain);
    x->into = fbExporterAllocBuffer(x->bytes, MESSAGE_MOST);
    x->buf = fBufAllocForExport(x->session, x->into);
    fBufSetAutomaticMode(x->buf, TRUE); /* between templates and records it begins a message */
    return x;
}

void exporter_free(struct exporter *x)
{
    if (!x)
        return;
    fBufFree(x->buf);
    free(x->bytes);
    free(x->record);
    layouts_free(x->layouts);
    values_free(x->values);
    free(x);
}

static struct layout *find_layout(struct exporter *x, const struct table *t, struct err *e)
{
    bool fresh;
    struct err why;
    struct layout *const at = layouts_find(x->layouts, x->values, &fresh, &why);

    if (!at)
        err_set(e, "%s:%llu: %s", table_path(t), (unsigned long long)table_line(t), why.text);
    if (!at || !fresh)
        return at;
    if (!exporter_flush(x, e) || (layouts_count(x->layouts) == 1 && !add_types(x, e)))
        return NULL;
    at->id = (uint16_t)(TYPE_TEMPLATE + layouts_count(x->layouts));
    fbTemplate_t *const made = layout_template(x->layouts, at, e);
    return made && add_template(x, made, at->id, e) ? at : NULL;
}

/* Bytes of the row in a message. */
static size_t wire_size(const struct exporter *x, const struct layout *at)
{
    size_t n = 0;

    for (size_t i = 0; i < at->n; i++)
        n += values_at(x->values, at->slots[i].field)->wire_size;
    return n;
}

static bool append(struct exporter *x, const struct layout *at, struct err *e)
{
    GError *g = NULL;
    const size_t n = layout_fill(at, x->values, x->record);

    if (!fBufSetInternalTemplate(x->buf, at->id, &g) ||
        !fBufSetExportTemplate(x->buf, at->id, &g) || !fBufAppend(x->buf, x->record, n, &g))
        return fixbuf_err(e, "adding a record", g);
    return true;
}

bool exporter_row(struct exporter *x, const struct table *t, struct err *e)
{
    uint32_t end;

    if (!values_read(x->values, t, e))
        return false;
    if (values_end(x->values, &end) && end > x->time)
        x->time = end;
    const struct layout *const at = find_layout(x, t, e);
    if (!at)
        return false;
    const size_t n = wire_size(x, at);
    if (n > MESSAGE_MOST - MESSAGE_HEAD - SET_HEAD)
        return err_set(e, "%s:%llu: a record of %zu bytes (a message holds %d)", table_path(t),
                       (unsigned long long)table_line(t), n,
                       MESSAGE_MOST - MESSAGE_HEAD - SET_HEAD);
    if (x->used && x->used + (x->set == at->id ? 0 : SET_HEAD) + n > x->o.most_bytes &&
        !exporter_flush(x, e))
        return false;
    if (!append(x, at, e))
        return false;
    x->used = (x->used ? x->used : MESSAGE_HEAD) + (x->set == at->id ? 0 : SET_HEAD) + n;
    x->set = at->id;
    x->records = ++x->rows;
    x->counts.rows++;
    return x->rows < x->o.most_rows || exporter_flush(x, e);
}

struct exporter_counts exporter_counts(const struct exporter *x)
{
    struct exporter_counts c = x->counts;

    c.templates = layouts_count(x->layouts);
    c.mended = values_mended(x->values);
    return c;
}
