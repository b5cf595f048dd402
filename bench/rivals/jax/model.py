"""The method in JAX: pure functions of (parameters, averages, z), networks unrolled in one jitted step.

Unrolled convolutions of single networks were the fastest of what was tried on CPUs: vmap turns them
into a grouped convolution that does not finish compiling, lax.map costs the threads between networks.
"""
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from method import TINY, initial_weights, kernel_shapes, mlp_widths, pooled_target


class Method:
    """What is fixed by the experiment document."""

    def __init__(self, experiment):
        self.spec, self.target = experiment['method'], pooled_target(experiment['target'])
        self.weight = experiment['method']['lambda']
        self.shapes = kernel_shapes(self.target)
        self.codes, self.widths = mlp_widths(self.spec, self.shapes)

    def initial(self, seed):
        """Parameters and moving averages: for each MLP a list of layers."""
        random = np.random.default_rng(seed)
        parameters, averages = [], []
        for widths in self.widths:
            layers = [{'weights': jnp.array(initial_weights(random, a, b, self.spec['initialScale']))} for a, b in zip(widths, widths[1:])]
            for layer, width in zip(layers, widths[1:-1]):
                layer.update(offset=jnp.zeros(width), scale=jnp.ones(width))
            parameters.append(layers)
            averages.append([(jnp.zeros(width), jnp.zeros(width)) for width in widths[1:-1]])
        return parameters, averages

    def mlp(self, layers, averages, x, training):
        """x [rows, in] -> [rows, out] and the averages after it."""
        norm, moved = self.spec['batchNorm'], []
        for i, layer in enumerate(layers):
            x = x @ layer['weights']
            if 'scale' in layer:
                x = jnp.maximum(self.spec['leak'] * x, x)
                mean, variance = (x.mean(0), x.var(0)) if training else averages[i]
                moved.append(tuple(lax.stop_gradient(norm['decay'] * old + (1 - norm['decay']) * new)
                                   for old, new in zip(averages[i], (mean, variance))))
                x = (x - mean) * lax.rsqrt(variance + norm['epsilon']) * layer['scale'] + layer['offset']
        return x, moved

    def generate(self, parameters, averages, z, training):
        """z [n, latent] -> gauged (kernel, bias) a layer, and the averages after it."""
        n = len(z)
        codes, moved = self.mlp(parameters[0], averages[0], z, training)
        averages_out, layers = [moved], []
        for i, (shape, code) in enumerate(zip(self.shapes, jnp.split(codes, np.cumsum(self.codes)[:-1], 1))):
            raw, moved = self.mlp(parameters[i + 1], averages[i + 1], code.reshape(-1, self.spec['code']), training)
            averages_out.append(moved)
            if i == len(self.shapes) - 1:
                count = int(np.prod(shape))
                layers.append((raw[:, :count].reshape(n, *shape), raw[:, count:]))
            else:
                raw = raw.reshape(n, shape[-1], -1)
                kernel = raw[:, :, :-1].reshape(n, shape[-1], *shape[:-1])
                layers.append((kernel.transpose(0, 2, 3, 4, 1), raw[:, :, -1]))
        return self.gauge(layers), averages_out

    def gauge(self, layers):
        out, push = [], None
        for i, (kernel, bias) in enumerate(layers):
            if push is not None:
                kernel = kernel * push[:, None, None, :, None]
            if i < len(layers) - 1:
                fan_in = int(np.prod(self.shapes[i][:-1]))
                push = jnp.sqrt(((kernel ** 2).sum((1, 2, 3)) + bias ** 2) / (fan_in + 1) + TINY)
                kernel, bias = kernel / (push[:, None, None, None, :] + TINY), bias / (push + TINY)
            else:
                bias = bias - bias.mean(1, keepdims=True)
            out.append((kernel, bias))
        return out

    def classify(self, network, x):
        """One network; x [batch, height, width, channels] -> logits [batch, classes]."""
        for layer, (kernel, bias) in zip(self.target['layers'], network):
            if layer['kind'] == 'convolution':
                x = lax.conv_general_dilated(x, kernel, (1, 1), 'SAME', dimension_numbers=('NHWC', 'HWIO', 'NHWC'))
                x = pool(x, layer['pool']) + bias  # pooling commutes with bias and ReLU
            else:
                x = x.reshape(len(x), -1) @ kernel.reshape(-1, kernel.shape[-1]) + bias
            if layer['activation'] == 'relu':
                x = jax.nn.relu(x)
        return x

    def logits(self, networks, x):
        """x [n, batch, ...], each network on its own images -> [n, batch, classes]"""
        return jnp.stack([self.classify(jax.tree.map(lambda part: part[i], networks), x[i]) for i in range(len(x))])

    def parts(self, parameters, averages, z, x, y):
        """Cross-entropy, entropy, and what else a step or a check needs."""
        networks, averages = self.generate(parameters, averages, z, True)
        logits = self.logits(networks, x)
        chosen = jnp.take_along_axis(jax.nn.log_softmax(logits), y[..., None], -1)
        flat = flatten(networks)
        return {'crossEntropy': -chosen.mean(), 'entropy': self.entropy(flat), 'averages': averages, 'weights': flat, 'logits': logits}

    def loss(self, *arguments):
        parts = self.parts(*arguments)
        return self.weight * parts['crossEntropy'] - parts['entropy'], parts['averages']

    def entropy(self, flat):
        """Nearest neighbours are found without gradient; it then flows through those pairs alone."""
        fixed, n = lax.stop_gradient(flat), len(flat)
        distances = jnp.where(jnp.eye(n, dtype=bool), jnp.inf, jnp.abs(fixed[:, None] - fixed).sum(-1))
        nearest = jnp.abs(flat - flat[distances.argmin(1)]).sum(1)
        return self.spec['latent'] * jnp.log(nearest + TINY).mean() + jax.scipy.special.digamma(float(n))


def pool(x, side):
    batch, height, width, channels = x.shape
    if height % side or width % side:
        return lax.reduce_window(x, -jnp.inf, lax.max, (1, side, side, 1), (1, side, side, 1), 'SAME')
    return x.reshape(batch, height // side, side, width // side, side, channels).max((2, 4))


def flatten(networks):
    """[n, weights]: layer by layer, kernel then bias."""
    return jnp.concatenate([part.reshape(len(part), -1) for layer in networks for part in layer], 1)
