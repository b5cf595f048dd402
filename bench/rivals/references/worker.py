"""Other people's implementations of what the methods of src/methods are made of, asked for the same numbers: see ../../README.md, and common/worker.py."""
import importlib.metadata
import os
import sys
from unittest import mock

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'common'))

import numpy as np
import torch
from torch import nn

from worker import serve


def laplace(inputs, labels, weights, bias, priorPrecision):
    """Last layer with Kronecker factors, by laplace-torch: covariance of its weights [inputs + 1, classes], the bias last, flattened."""
    from laplace import Laplace

    x = torch.tensor(inputs)
    # The lab has one pair of factors a layer, its bias within; the package has another pair for a bias: so here it is the weight of a 1.
    x = torch.cat([x, torch.ones(len(x), 1)], 1)
    layer = nn.Linear(x.shape[1], len(bias), bias=False)
    with torch.no_grad():
        layer.weight.copy_(torch.cat([torch.tensor(weights), torch.tensor(bias)[:, None]], 1))
    found = Laplace(nn.Sequential(layer), 'classification', subset_of_weights='all', hessian_structure='kron', prior_precision=priorPrecision)
    found.fit(torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, torch.tensor(labels)), batch_size=len(x)))
    precision = found.posterior_precision.to_matrix().double()
    rows, classes = x.shape[1], len(bias)
    covariance = torch.linalg.inv(precision).reshape(classes, rows, classes, rows).permute(1, 0, 3, 2)
    return {'covariance': covariance.reshape(rows * classes, -1).tolist()}


def swag(seen, rank):
    """By torch-uncertainty: mean, and covariance of what is drawn. Its scale of 0.5 is the paper's sampler."""
    from torch_uncertainty.methods.swag import SWAG

    holder = nn.Module()
    holder.weights = nn.Parameter(torch.zeros(len(seen[0])))
    found = SWAG(holder, cycle_start=0, cycle_length=1, scale=0.5, max_num_models=rank, var_clamp=1e-30, num_estimators=1)
    for epoch, weights in enumerate(seen, 1):
        with torch.no_grad():
            holder.weights.copy_(torch.tensor(weights))
        found.update_wrapper(epoch)
    size = len(seen[0])

    def drawn(noise):
        with mock.patch('torch.randn_like', lambda *_, **__: torch.tensor(noise[:size])), mock.patch('torch.randn', lambda *_: torch.tensor(noise[size:])):
            return next(found.sample(0.5).parameters()).detach().double()

    mean = drawn(np.zeros(size + rank, np.float32))
    root = torch.stack([drawn(unit) - mean for unit in np.eye(size + rank, dtype=np.float32)])
    return {'mean': mean.tolist(), 'covariance': (root.T @ root).tolist()}


def bayes(means, rhos, prior):
    """Divergence from the prior and its gradient, by Blitz, whose draws are put where a Gaussian quadrature wants them."""
    from blitz.modules.weight_sampler import PriorWeightDistribution, TrainableRandomDistribution

    posterior = TrainableRandomDistribution(torch.tensor(means).double(), torch.tensor(rhos).double())
    belief = PriorWeightDistribution(pi=1, sigma1=prior, sigma2=1)
    nodes, shares = np.polynomial.hermite_e.hermegauss(20)
    posterior.sample()
    divergence = 0
    for node, share in zip(nodes, shares / shares.sum()):
        weights = posterior.mu + posterior.sigma * node
        divergence = divergence + share * (posterior.log_posterior(weights) - belief.log_prior(weights))
    divergence.backward()
    return {'divergence': divergence.item(), 'gradient': [*posterior.mu.grad.tolist(), *posterior.rho.grad.tolist()]}


def sgld(weights, gradient, noise, rate, images, prior, temperature):
    """One step of stochastic gradient Langevin dynamics, by posteriors, with this gradient of the mean loss and this noise."""
    from posteriors.sgmcmc import sgld as langevin

    def log_posterior(at, _batch):
        return -(at * torch.tensor(gradient)).sum() - at.square().sum() / (2 * prior ** 2 * images), torch.tensor(0.0)

    with mock.patch('torch.randn_like', lambda *_: torch.tensor(noise)):
        chain = langevin.build(log_posterior, lr=rate, temperature=temperature / images)
        state, _ = chain.update(chain.init(torch.tensor(weights)), None)
    return {'weights': state.params.tolist()}


def setup():
    packages = ('laplace-torch', 'torch-uncertainty', 'blitz-bayesian-pytorch', 'posteriors', 'torch')
    return {'version': ', '.join(f'{name} {importlib.metadata.version(name)}' for name in packages)}


serve({'setup': setup, 'laplace': laplace, 'swag': swag, 'bayes-by-backprop': bayes, 'sgld': sgld})
