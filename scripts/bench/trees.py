"""Tables to learn from, dt-train and a reader of its models: what the benchmarks and the tests of trees
share."""

import glob
import os
import subprocess
import tempfile

import numpy as np
import pandas as pd

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("WEIR_BIN", os.path.join(ROOT, "bin"))
DATA = os.path.join(ROOT, "..", "shared", "data", "dev")


class Table:
    """Integer features, a class and a group for every row."""

    def __init__(self, name, frame, groups, labels):
        self.name = name
        self.X = frame.astype(np.int64)
        self.groups = np.asarray(groups)
        self.y = np.asarray(labels)


def p4_reference():
    captures = sorted(glob.glob(os.path.join(DATA, "p4-reference", "*.pcap")))
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(
            [os.path.join(BIN, "pcap2feat"), "-q", "--scope=capture", "--label-from=filename",
             "--fields=file,cap_iat,len,cap_diffLen,class", *captures], stdout=out, check=True)
        d = pd.read_csv(out.name)
    return Table("p4-reference", d[["cap_iat", "len", "cap_diffLen"]], d["file"], d["class"])


def nims():
    d = pd.read_csv(os.path.join(DATA, "tables", "NIMS_IMA_sample_data.csv"))
    conversation = [" ".join(sorted(w.rstrip(",") for w in words.split()))
                    for words in d.pop("Flow ID")]
    labels = d.pop("Label")
    # Time that runs backwards counts as 0, as in Weir's own features.
    return Table("NIMS", np.floor(d.clip(lower=0) + 0.5), conversation, labels)


def quic():
    d = pd.read_csv(os.path.join(DATA, "tables", "ucdavis19_quic.tsv"), sep="\t")
    before = d.groupby("flow")
    iat = (before["time"].diff() * 1e9).round()
    change = before["size"].diff()
    keep = change.notna()
    frame = pd.DataFrame({"iat": iat[keep].clip(lower=0), "len": d["size"][keep],
                          "diffLen": change[keep] + 65535})
    return Table("QUIC", frame, d["flow"][keep], d["label"][keep])


def botnet():
    d = pd.read_csv(os.path.join(DATA, "p4-reference", "botnet.csv"))
    labels = d.pop("class").astype(str)
    return Table("botnet", d, np.arange(len(d)), labels)


def train(X, y, options):
    """The text of the model that dt-train learns."""
    frame = X.copy()
    frame["class"] = y
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as f:
        frame.to_csv(f, index=False)
        f.flush()
        r = subprocess.run([os.path.join(BIN, "dt-train"), "-q", *options, f.name],
                           stdout=subprocess.PIPE, check=True, text=True)
    return r.stdout


class Model:
    """An independent reader of model files (weir-formats(5)), for prediction in bulk."""

    def __init__(self, text):
        self.features, self.classes, self.weights, self.trees = [], [], [], []
        lines = iter(text.splitlines())
        for line in lines:
            word, _, rest = line.lstrip().partition(" ")
            if word == "feature":
                self.features.append(rest.split(" ", 1)[1])
            elif word == "class":
                _, weight, name = rest.split(" ", 2)
                self.classes.append(name)
                self.weights.append(float(weight))
            elif word == "tree":
                self.trees.append([next(lines).lstrip() for _ in range(int(rest))])

    def leaves(self):
        return sum(node.startswith("leaf") for tree in self.trees for node in tree)

    def votes(self, tree, X):
        votes = np.zeros((len(X), len(self.classes)))
        stack = [np.arange(len(X))]
        for node in tree:
            rows = stack.pop()
            word, _, rest = node.partition(" ")
            if word == "split":
                threshold, name = rest.split(" ", 1)
                yes = X[name].values[rows] <= int(threshold)
                stack += [rows[~yes], rows[yes]]
                continue
            counts = np.zeros(len(self.classes))
            for item in rest.split():
                number, n = item.split(":")
                counts[int(number) - 1] = int(n) * self.weights[int(number) - 1]
            votes[rows] = counts if len(self.trees) == 1 else np.floor(
                255 * counts / counts.sum() + 0.5)
        return votes

    def predict(self, X):
        sums = sum(self.votes(tree, X) for tree in self.trees)
        return np.asarray(self.classes, object)[sums.argmax(axis=1)]
