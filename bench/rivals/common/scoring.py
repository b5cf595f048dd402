"""What 200 sampled networks are worth: accuracy, the three votes, and the entropy of their weights."""
import math

import numpy as np


def votes(probabilities, labels):
    """probabilities [networks, images, classes], labels [images]"""
    classes = probabilities.shape[2]
    chosen = probabilities.argmax(2)  # [networks, images]
    accuracy = (chosen == labels).mean(1)
    counts = np.stack([(chosen == c).sum(0) for c in range(classes)], 1)  # [images, classes]
    return {
        'mean': float(accuracy.mean()), 'min': float(accuracy.min()), 'max': float(accuracy.max()),
        'majority': float((counts.argmax(1) == labels).mean()),
        'meanProbability': float((probabilities.mean(0).argmax(1) == labels).mean()),
        'mostConfident': float((probabilities.max(0).argmax(1) == labels).mean()),
    }


def nearest_neighbour_entropy(weights, dimension):
    """Kozachenko-Leonenko estimate in L1, up to the method's constants; one row at a time, as all pairs would need gigabytes."""
    nearest = []
    for i, row in enumerate(weights):
        distances = np.abs(weights - row).sum(1, dtype=np.float64)
        distances[i] = np.inf
        nearest.append(distances.min())
    return float(dimension * np.log(np.array(nearest) + 1e-8).mean() + digamma(len(weights)))


def digamma(n):
    """Of a positive whole number."""
    return -0.57721566490153286 + sum(1 / k for k in range(1, n)) if n < 1000 else math.log(n) - 1 / (2 * n)
