"""Classification by the nearest neighbours."""

import csv

DISTANCES = {
    "euclidean": lambda a, b: sum((x - y) ** 2 for x, y in zip(a, b)) ** 0.5,
    "manhattan": lambda a, b: sum(abs(x - y) for x, y in zip(a, b)),
    "chebyshev": lambda a, b: max(abs(x - y) for x, y in zip(a, b)),
}


def read(path):
    """The flowers of a table: (measures, species)."""
    with open(path, newline="") as file:
        rows = [dict(row) for row in csv.DictReader(file)]
    return [([float(value) for name, value in row.items() if name != "species"], row["species"]) for row in rows]


def classify(known, asked, neighbours, metric):
    """The species of each flower that is asked about: the most frequent among its nearest; of equals the nearer."""
    distance = DISTANCES[metric]
    guesses = []
    for measures, _ in asked:
        nearest = sorted(known, key=lambda flower: distance(flower[0], measures))[:neighbours]
        votes = [species for _, species in nearest]
        guesses.append(max(votes, key=votes.count))
    return guesses
