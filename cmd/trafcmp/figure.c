#include "figure.h"

#include <math.h>

enum {
    EACH = 1 << SERIES_FORWARD | 1 << SERIES_BACKWARD,
    WHOLE = 1 << SERIES_BOTH,
};

static const struct metric_info infos[] = {
    [M_PACKETS] = {"packets", "packets", "number", EACH | WHOLE, SENSE_FACT, 0},
    [M_LEN_MEAN] = {"len.mean", "len", "mean (bytes)", EACH, SENSE_LOW, 1},
    [M_LEN_KS] = {"len.ks", "len", "KS", EACH, SENSE_LOW, 4},
    [M_LEN_JS] = {"len.js", "len", "Jensen-Shannon (bits)", EACH, SENSE_LOW, 4},
    [M_LEN_KL] = {"len.kl", "len", "Kullback-Leibler (bits)", EACH, SENSE_LOW, 4},
    [M_LEN_EMD] = {"len.emd", "len", "earth mover's (bytes)", EACH, SENSE_LOW, 2},
    [M_LEN_ACF] = {"len.acf", "len", "autocorrelation", EACH, SENSE_LOW, 4},
    [M_LEN_ACF1] = {"len.acf1", "len", "  at lag 1", EACH, SENSE_LOW, 4},
    [M_LEN_POSITION_PEARSON] = {"len.position_pearson", "len", "Pearson by position", EACH,
                                SENSE_NONE, 4},
    [M_LEN_POSITION_SPEARMAN] = {"len.position_spearman", "len", "Spearman by position", EACH,
                                 SENSE_NONE, 4},
    [M_IAT_MEAN] = {"iat.mean", "iat", "mean (ms)", EACH, SENSE_LOW, 3},
    [M_IAT_KS] = {"iat.ks", "iat", "KS", EACH, SENSE_LOW, 4},
    [M_IAT_JS] = {"iat.js", "iat", "Jensen-Shannon (bits)", EACH, SENSE_LOW, 4},
    [M_IAT_KL] = {"iat.kl", "iat", "Kullback-Leibler (bits)", EACH, SENSE_LOW, 4},
    [M_IAT_EMD] = {"iat.emd", "iat", "earth mover's (ms)", EACH, SENSE_LOW, 3},
    [M_IAT_ACF] = {"iat.acf", "iat", "autocorrelation", EACH, SENSE_LOW, 4},
    [M_IAT_ACF1] = {"iat.acf1", "iat", "  at lag 1", EACH, SENSE_LOW, 4},
    [M_IAT_POSITION_PEARSON] = {"iat.position_pearson", "iat", "Pearson by position", EACH,
                                SENSE_NONE, 4},
    [M_IAT_POSITION_SPEARMAN] = {"iat.position_spearman", "iat", "Spearman by position", EACH,
                                 SENSE_NONE, 4},
    [M_LEN_IAT_PEARSON] = {"len_iat.pearson", "len with iat", "Pearson", EACH, SENSE_LOW, 4},
    [M_LEN_IAT_SPEARMAN] = {"len_iat.spearman", "len with iat", "Spearman", EACH, SENSE_LOW, 4},
    [M_THROUGHPUT_MEAN] = {"throughput.mean", "throughput", "mean (bytes/s)", EACH, SENSE_LOW, 1},
    [M_THROUGHPUT_KS] = {"throughput.ks", "throughput", "KS", EACH, SENSE_LOW, 4},
    [M_THROUGHPUT_JS] = {"throughput.js", "throughput", "Jensen-Shannon (bits)", EACH, SENSE_LOW,
                         4},
    [M_THROUGHPUT_KL] = {"throughput.kl", "throughput", "Kullback-Leibler (bits)", EACH, SENSE_LOW,
                         4},
    [M_THROUGHPUT_EMD] = {"throughput.emd", "throughput", "earth mover's (bytes/s)", EACH,
                          SENSE_LOW, 1},
    [M_BURST_MEAN] = {"burst.mean", "burst", "mean (packets)", EACH | WHOLE, SENSE_LOW, 3},
    [M_BURST_KS] = {"burst.ks", "burst", "KS", EACH | WHOLE, SENSE_LOW, 4},
    [M_COPIED] = {"copied", "copied", "share of runs", EACH | WHOLE, SENSE_LOW, 4},
    [M_C2ST_TREE] = {"c2st.tree", "two-sample test", "tree", WHOLE, SENSE_CHANCE, 4},
    [M_C2ST_FOREST] = {"c2st.forest", "two-sample test", "forest", WHOLE, SENSE_CHANCE, 4},
    [M_C2ST_TREE_SHUFFLED] = {"c2st.tree_shuffled", "two-sample test", "tree, labels shuffled",
                              WHOLE, SENSE_FACT, 4},
    [M_C2ST_FOREST_SHUFFLED] = {"c2st.forest_shuffled", "two-sample test",
                                "forest, labels shuffled", WHOLE, SENSE_FACT, 4},
    [M_TSTR_ACCURACY] = {"tstr.accuracy", "learnt from synth, tested on real", "accuracy", WHOLE,
                         SENSE_HIGH, 4},
    [M_TSTR_MACRO_F1] = {"tstr.macro_f1", "learnt from synth, tested on real", "macro-F1", WHOLE,
                         SENSE_HIGH, 4},
    [M_TSTR_SHUFFLED_ACCURACY] = {"tstr.shuffled_accuracy", "learnt from synth, tested on real",
                                  "accuracy, shuffled", WHOLE, SENSE_FACT, 4},
    [M_TSTR_SHUFFLED_MACRO_F1] = {"tstr.shuffled_macro_f1", "learnt from synth, tested on real",
                                  "macro-F1, shuffled", WHOLE, SENSE_FACT, 4},
    [M_TSTR_MAJORITY_ACCURACY] = {"tstr.majority_accuracy", "learnt from synth, tested on real",
                                  "accuracy, majority", WHOLE, SENSE_FACT, 4},
    [M_TSTR_MAJORITY_MACRO_F1] = {"tstr.majority_macro_f1", "learnt from synth, tested on real",
                                  "macro-F1, majority", WHOLE, SENSE_FACT, 4},
};

const struct metric_info *metric_info(enum metric m)
{
    return &infos[m];
}

const enum series_dir figures_dirs[] = {SERIES_FORWARD, SERIES_BACKWARD, SERIES_BOTH};

void figures_clear(struct figures *f)
{
    for (size_t m = 0; m < METRICS; m++)
        for (size_t dir = 0; dir <= SERIES_BOTH; dir++)
            f->at[m][dir] = (struct figure){NAN, NAN, NAN, NAN};
}

void figures_set_two(struct figures *f, enum metric m, enum series_dir dir, double real,
                     double synth)
{
    f->at[m][dir] = (struct figure){fabs(real - synth), real, synth, NAN};
}

bool figure_at_floor(enum metric m, const struct figure *figure, double floor)
{
    switch (infos[m].sense) {
    case SENSE_LOW:
        return figure->value <= floor;
    case SENSE_HIGH:
        return figure->value >= floor;
    case SENSE_CHANCE:
        return figure->value <= floor || figure->value - 2 * figure->error <= 0.5;
    default:
        return false;
    }
}
