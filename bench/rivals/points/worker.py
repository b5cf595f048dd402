"""t-SNE by openTSNE and scikit-learn, principal components by scikit-learn; see common/worker.py for how it is spoken to."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'common'))

import numpy as np
import openTSNE
import sklearn
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from worker import serve

cores = len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()
exaggerated = 250  # iterations of early exaggeration, in every method


def open_tsne(gradient):
    def embed(points, perplexity, iterations):
        early = min(exaggerated, iterations // 4)
        made = openTSNE.TSNE(perplexity=perplexity, early_exaggeration_iter=early, n_iter=iterations - early,
                             negative_gradient_method=gradient, n_jobs=cores, random_state=0).fit(points)
        return np.asarray(made), made.kl_divergence
    return embed


def scikit_learn(points, perplexity, iterations):
    made = TSNE(perplexity=perplexity, max_iter=max(iterations, 250), init='pca', n_jobs=cores, random_state=0)
    return made.fit_transform(points), made.kl_divergence_


methods = {
    'openTSNE-fft': (open_tsne('fft'), f'openTSNE {openTSNE.__version__} (FFT interpolation)'),
    'openTSNE-bh': (open_tsne('bh'), f'openTSNE {openTSNE.__version__} (Barnes-Hut)'),
    'scikit-learn': (scikit_learn, f'scikit-learn {sklearn.__version__} (Barnes-Hut)'),
}


solvers = {'PCA-auto': 'auto', 'PCA-arpack': 'arpack'}


def setup(method):
    return {'version': methods[method][1] if method in methods else f'scikit-learn {sklearn.__version__} ({solvers[method]})'}


def components(method, points, dimension, components):
    """Scores of the first components; arpack goes on until they are those of a whole decomposition."""
    data = np.fromfile(points, np.float32).reshape(-1, dimension)
    start = time.perf_counter()
    pca = PCA(components, svd_solver=solvers[method], random_state=0)
    pca.fit_transform(data)
    return {'ms': [1e3 * (time.perf_counter() - start)], 'explained': pca.explained_variance_ratio_.tolist()}


def embed(method, points, dimension, perplexity, iterations, out):
    """Writes the embedding as float32 to `out`; its time in ms, and the divergence the method itself reports."""
    data = np.fromfile(points, np.float32).reshape(-1, dimension)
    start = time.perf_counter()
    made, divergence = methods[method][0](data, perplexity, iterations)
    ms = 1e3 * (time.perf_counter() - start)
    made.astype(np.float32).tofile(out)
    return {'ms': [ms], 'kl': float(divergence)}


serve({'setup': setup, 'embed': embed, 'components': components})
