"""Trains models of scikit-learn and XGBoost on integers, as dt-import's peers.
import_models.py DIR SKLEARN_EXPORT    writes rows.csv (10,000 rows that no model saw), and for each model
                                       DIR/NAME.json and DIR/NAME.says (what its origin says of each row)"""
import importlib.machinery
import importlib.util
import pathlib
import sys

import numpy
import xgboost
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

folder = pathlib.Path(sys.argv[1])
loader = importlib.machinery.SourceFileLoader("sklearn_export", sys.argv[2])
exporter = importlib.util.module_from_spec(importlib.util.spec_from_loader("sklearn_export", loader))
loader.exec_module(exporter)

NAMES = ["iat", "len", "ttl", "payload_len"]
CLASSES = numpy.array(["chat", "video", "voice"])
random = numpy.random.default_rng(7)


def draw(n):
    """Classes that overlap; iat is far above 2^24, where float32 no longer holds every integer."""
    y = random.choice(3, n, p=[0.2, 0.3, 0.5])
    iat = numpy.exp(random.normal([18, 20, 21], 2.0, (n, 3))[numpy.arange(n), y])
    length = random.normal([300, 1100, 200], 250, (n, 3))[numpy.arange(n), y]
    ttl = random.integers(30, 120 + 40 * (y == 1))
    columns = [iat.clip(0, 2**48 - 1), length.clip(40, 1500), ttl, (length - 40 - random.integers(0, 20, n)).clip(0)]
    return numpy.stack([c.astype(numpy.int64) for c in columns], 1), y


X, y = draw(6000)
rows, _ = draw(10000)
numpy.savetxt(folder / "rows.csv", rows, fmt="%d", delimiter=",", header=",".join(NAMES), comments="")


def write(name, text, says):
    (folder / f"{name}.json").write_text(text)
    (folder / f"{name}.says").write_text("".join(f"{s}\n" for s in says))


for name, model in {
    "tree": DecisionTreeClassifier(random_state=1),
    "weighted": DecisionTreeClassifier(class_weight="balanced", min_samples_leaf=5, random_state=1),
    "forest": RandomForestClassifier(30, max_depth=9, min_samples_leaf=3, random_state=1),
    "pure": RandomForestClassifier(10, random_state=2),
    "extra": ExtraTreesClassifier(15, max_depth=10, random_state=1),
}.items():
    model.fit(X, CLASSES[y])
    write(name, exporter.export(model, NAMES), model.predict(rows))


def booster(name, labels, classes, **options):
    model = xgboost.XGBClassifier(random_state=1, n_jobs=1, **options)
    stops = "early_stopping_rounds" in options
    model.fit(X, labels, eval_set=[(rows[:500], labels[:500])] if stops else None, verbose=False)
    says = [classes[i] for i in model.predict(rows)]
    model.get_booster().feature_names = NAMES
    model.save_model(folder / f"{name}.json")
    write(name, (folder / f"{name}.json").read_text(), says)
    model.get_booster().dump_model(folder / f"{name}_dump.json", dump_format="json")
    write(f"{name}_dump", (folder / f"{name}_dump.json").read_text(), says)


booster("multi", y, CLASSES, n_estimators=25, max_depth=5)
booster("binary", (y == 2).astype(int), ["other", "voice"], n_estimators=40, max_depth=4, base_score=0.3)
booster("single", (y == 2).astype(int), ["other", "voice"], n_estimators=1, max_depth=6)
stop = {"early_stopping_rounds": 3, "eval_metric": "mlogloss", "num_parallel_tree": 2}
booster("stopped", y, CLASSES, n_estimators=25, max_depth=3, **stop)
booster("stopped_binary", (y == 2).astype(int), ["other", "voice"], n_estimators=25, max_depth=3,
        early_stopping_rounds=3, eval_metric="logloss")
