"""scikit-learn's EM beside gmm-train's, from the same start.

usage: sklearn_gmm.py TABLE DIRECTORY [TOLERANCE [MAX_ITERATIONS [FLOOR]]]

TABLE has dir, len and dir_iat. DIRECTORY has models of gmm-train, in pairs: K.start made with
--max-iterations=0, and K.fit with the tolerance, iterations and floor given here. Prints a line for
each pair and direction: its name, components, nats a packet of ours and of scikit-learn, and ours
less scikit-learn's.
"""
import pathlib
import sys
import warnings

import numpy as np
import pandas as pd
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture


def read_model(path):
    """The mixtures of a file: {direction: (log-likelihood, weights, means, covariances)}."""
    mixtures, rows = {}, None
    for line in open(path):
        word, *rest = line.split()
        if word == "mixture":
            rows = []
            mixtures[rest[0]] = (float(rest[5]), rows)
        elif word == "component":
            rows.append([float(x) for x in rest])
    result = {}
    for direction, (log_likelihood, parameters) in mixtures.items():
        p = np.array(parameters)
        covariances = p[:, [3, 4, 4, 5]].reshape(-1, 2, 2)
        result[direction] = (log_likelihood, p[:, 0], p[:, 1:3], covariances)
    return result


def plane(table, direction):
    rows = pd.read_csv(table)
    rows = rows[(rows["dir"] == (direction == "forward")) & rows["dir_iat"].notna()]
    return np.column_stack([rows["len"] / 1500, np.log10(1 + rows["dir_iat"] / 1000)])


def fit(x, start, tolerance, iterations, floor):
    _, weights, means, covariances = start
    mixture = GaussianMixture(
        len(weights), tol=tolerance, max_iter=iterations, reg_covar=floor,
        weights_init=weights / weights.sum(), means_init=means,
        precisions_init=np.linalg.inv(covariances), random_state=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        mixture.fit(x)
    return mixture.score(x)


def main():
    table, directory = sys.argv[1:3]
    numbers = [float(x) for x in sys.argv[3:]]
    tolerance, iterations, floor = numbers + [1e-5, 500, 1e-9][len(numbers):]
    for path in sorted(pathlib.Path(directory).glob("*.fit"), key=lambda p: int(p.stem)):
        starts = read_model(path.with_suffix(".start"))
        for direction, ours in read_model(path).items():
            peer = fit(plane(table, direction), starts[direction], tolerance, int(iterations), floor)
            k = len(starts[direction][1])
            print(f"{direction}\t{k}\t{ours[0]:.6f}\t{peer:.6f}\t{ours[0] - peer:.6f}", flush=True)


main()
