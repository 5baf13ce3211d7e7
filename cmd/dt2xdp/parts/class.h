/* A model says of a flow once what it is. */
static __always_inline bool has_class(const struct flow_state *s)
{
    return s->class && s->model == MODEL;
}

static __always_inline __u32 class_of(struct flow_state *s, const struct features *f)
{
    if (!has_class(s)) {
        s->class = classify(f);
        s->model = MODEL;
    }
    return s->class;
}
