"""What SciPy and NumPy say about the figures of trafcmp.

usage: trafcmp_peers.py REAL SYNTH [IAT]     REAL and SYNTH: CSV files; exits 1 where figures differ

Every figure that has a definition outside trafcmp is computed here from the tables alone, for the
comparison and for both of its floors.
"""
import subprocess
import sys

import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial.distance import jensenshannon

DIRECTIONS = {"forward": 1, "backward": 0}
LEN_BIN, IAT_BINS, SMOOTHING, BLOCKS, LAGS = 16, 10, 0.5, 20, 20


def load(path, iat):
    """A series is a list of flows: arrays of (dir, len, ns)."""
    table = pd.read_csv(path).dropna(subset=[iat])
    if "flow" not in table:
        table["flow"] = 0
    flows = [t[["dir", "len", iat]].to_numpy(dtype=np.int64)
             for _, t in table.groupby("flow", sort=False)]
    return flows


def cut(flows, edges, wanted):
    """The blocks [edges[i], edges[i + 1]) of the packets whose number is wanted."""
    parts, before = [], 0
    for flow in flows:
        for i, (begin, end) in enumerate(zip(edges, edges[1:])):
            piece = flow[max(begin - before, 0):max(end - before, 0)]
            if i % 2 == wanted and len(piece):
                parts.append(piece)
        before += len(flow)
    return parts


def parts(flows, blocks):
    n = sum(map(len, flows))
    edges = [i * n // blocks for i in range(blocks + 1)]
    return cut(flows, edges, 0), cut(flows, edges, 1)


def seconds(flows, code, shared):
    sums = []
    for flow in flows:
        mine = flow[:, 0] == code
        if not mine.any():
            continue
        clock = np.cumsum(np.where(mine | shared, flow[:, 2], 0)) // 10**9
        clock, size = clock[mine], flow[mine, 1]
        sums.append(np.bincount(clock - clock[0], weights=size))
    return np.concatenate(sums) if sums else np.array([])


def runs(flows, code):
    lengths = []
    for flow in flows:
        ends = np.flatnonzero(np.diff(flow[:, 0])) + 1
        for run in np.split(flow[:, 0], ends):
            if code is None or run[0] == code:
                lengths.append(len(run))
    return np.array(lengths)


def histograms(x, y, kind):
    if kind == "len":
        edges = np.arange(0, 65536 + LEN_BIN, LEN_BIN)
    elif kind == "iat":
        edges = np.ceil((10 ** (np.arange(0, 116) / IAT_BINS) - 1) * 1000)
    else:
        edges = np.ceil(10 ** (np.arange(0, 151) / IAT_BINS) - 1)
    return np.histogram(x, edges)[0], np.histogram(y, edges)[0]


def distances(x, y, kind, unit):
    if not len(x) or not len(y):
        return {}
    hx, hy = histograms(x, y, kind)
    used = (hx > 0) | (hy > 0)
    return {
        "mean": abs(np.mean(x) - np.mean(y)) / unit,
        "ks": stats.ks_2samp(x, y, method="asymp").statistic,
        "js": jensenshannon(hx, hy, base=2) ** 2,
        "kl": stats.entropy(hx[used] + SMOOTHING, hy[used] + SMOOTHING, base=2),
        "emd": stats.wasserstein_distance(x, y) / unit,
    }


def log_time(ns):
    return np.log10(1 + ns / 1000)


def autocorrelation(lane, column):
    """At lags 1 to LAGS: pairs of one flow, the mean and the variance of all flows."""
    columns = [column(flow) for flow in lane]
    everything = np.concatenate(columns)
    if np.all(everything == everything[0]):
        return np.full(LAGS, np.nan)
    columns = [c - everything.mean() for c in columns]
    square = sum((c ** 2).sum() for c in columns)
    return np.array([
        sum((c[k:] * c[:-k]).sum() for c in columns) / square
        if any(len(c) > k for c in columns) else np.nan for k in range(1, LAGS + 1)])


def both_coefficients(x, y):
    """Pearson's and Spearman's, NaN where they are undefined."""
    if len(x) < 2 or np.all(x == x[0]) or np.all(y == y[0]):
        return np.nan, np.nan
    return stats.pearsonr(x, y).statistic, stats.spearmanr(x, y).statistic


def copied(real, synth, length=10):
    """The share of synth's runs that real has, too."""
    def tokens(flow):
        edges = np.ceil((10 ** (np.arange(0, 116) / IAT_BINS) - 1) * 1000)
        bins = np.searchsorted(edges, flow[:, 2], side="right")
        return list(zip(flow[:, 0].tolist(), flow[:, 1].tolist(), bins.tolist()))

    def all_runs(flows):
        for flow in map(tokens, flows):
            for i in range(len(flow) - length + 1):
                yield tuple(flow[i:i + length])

    known = set(all_runs(real))
    found = [run in known for run in all_runs(synth)]
    return np.mean(found) if known and found else np.nan


def figures(real, synth, iat):
    found = {}

    def put(name, direction, value):
        found[name, direction] = value

    for direction, code in DIRECTIONS.items():
        lanes = [[f[f[:, 0] == code] for f in side] for side in (real, synth)]
        columns = [np.concatenate(lane) if lane else np.zeros((0, 3)) for lane in lanes]
        for kind, place, unit in (("len", 1, 1), ("iat", 2, 1e6)):
            x, y = columns[0][:, place], columns[1][:, place]
            for name, value in distances(x, y, kind, unit).items():
                put(f"{kind}.{name}", direction, value)
        if all(map(len, columns)):
            for kind, column in (("len", lambda f: f[:, 1].astype(float)),
                                 ("iat", lambda f: log_time(f[:, 2]))):
                a, b = (autocorrelation(lane, column) for lane in lanes)
                gap = np.abs(a - b)
                put(f"{kind}.acf", direction,
                    gap[~np.isnan(gap)].mean() if not np.isnan(gap).all() else np.nan)
                put(f"{kind}.acf1", direction, gap[0])
            n = min(map(len, columns))
            for kind, place in (("len", 1), ("iat", 2)):
                x, y = columns[0][:n, place], columns[1][:n, place]
                for name, value in zip(("pearson", "spearman"), both_coefficients(x, y)):
                    put(f"{kind}.position_{name}", direction, value)
            x, y = (both_coefficients(c[:, 1], log_time(c[:, 2])) for c in columns)
            put("len_iat.pearson", direction, abs(x[0] - y[0]))
            put("len_iat.spearman", direction, abs(x[1] - y[1]))
        put("copied", direction, copied(*lanes))
        x, y = (seconds(side, code, not iat.startswith("dir_")) for side in (real, synth))
        for name, value in distances(x, y, "throughput", 1).items():
            put(f"throughput.{name}", direction, value)
    for direction, code in (DIRECTIONS | {"both": None}).items():
        x, y = runs(real, code), runs(synth, code)
        if len(x) and len(y):
            put("burst.mean", direction, abs(x.mean() - y.mean()))
            put("burst.ks", direction, stats.ks_2samp(x, y, method="asymp").statistic)
    put("copied", "both", copied(real, synth))
    return found


def main():
    real_path, synth_path = sys.argv[1:3]
    iat = sys.argv[3] if len(sys.argv) > 3 else "dir_iat"
    real, synth = load(real_path, iat), load(synth_path, iat)
    text = subprocess.run(["trafcmp", "-q", "--tsv", f"--iat={iat}", real_path, synth_path],
                          check=True, capture_output=True, text=True).stdout
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    ours = {(r[0], r[1]): r[2:5] for r in rows}
    checked = bad = 0
    for column, pair in enumerate(((real, synth), parts(real, 2), parts(real, BLOCKS))):
        theirs = figures(*pair, iat)
        for key, texts in ours.items():
            if key not in theirs:
                continue
            want, text = theirs[key], texts[column]
            got = float(text) if text else float("nan")
            checked += 1
            if not (np.isnan(want) and not text) and not abs(got - want) <= 1e-9 * max(1, abs(want)):
                bad += 1
                print(f"{key} column {column}: {text}, not {want}")
        missing = set(theirs) - set(ours)
        assert not missing, missing
    print(f"{checked} figures" + (f", {bad} wrong" if bad else ""))
    sys.exit(bad > 0 or checked < 60)


if __name__ == "__main__":
    main()
