"""The method in PyTorch: networks one by one in a loop, which on CPUs beats one grouped convolution and torch.compile."""
import numpy as np
import torch
import torch.nn.functional as F

from method import TINY, initial_weights, kernel_shapes, mlp_widths, pooled_target


class Mlp(torch.nn.Module):
    """Affine without bias, leaky ReLU, batch norm; the last layer affine only."""

    def __init__(self, widths, spec, random):
        super().__init__()
        self.spec = spec
        self.weights = torch.nn.ParameterList([
            torch.from_numpy(initial_weights(random, a, b, spec['initialScale'])) for a, b in zip(widths, widths[1:])])
        self.offsets = torch.nn.ParameterList([torch.zeros(width) for width in widths[1:-1]])
        self.scales = torch.nn.ParameterList([torch.ones(width) for width in widths[1:-1]])
        self.averages = [[torch.zeros(width), torch.zeros(width)] for width in widths[1:-1]]

    def forward(self, x):
        norm = self.spec['batchNorm']
        for i, weights in enumerate(self.weights):
            x = x @ weights
            if i == len(self.scales):
                return x
            x = F.leaky_relu(x, self.spec['leak'])
            if self.training:
                variance, mean = torch.var_mean(x, 0, correction=0)
                for average, value in zip(self.averages[i], (mean, variance)):
                    average.lerp_(value.detach(), 1 - norm['decay'])
            else:
                mean, variance = self.averages[i]
            x = (x - mean) * torch.rsqrt(variance + norm['epsilon']) * self.scales[i] + self.offsets[i]

    def ordered(self):
        """Parameters in the order layer 1 weights, offset, scale, layer 2 ..."""
        out = []
        for i, weights in enumerate(self.weights):
            out.append(weights)
            if i < len(self.scales):
                out += [self.offsets[i], self.scales[i]]
        return out


class Method(torch.nn.Module):
    def __init__(self, experiment, seed):
        super().__init__()
        self.spec, self.target = experiment['method'], pooled_target(experiment['target'])
        self.weight = experiment['method']['lambda']
        self.shapes = kernel_shapes(self.target)
        self.codes, widths = mlp_widths(self.spec, self.shapes)
        random = np.random.default_rng(seed)
        self.mlps = torch.nn.ModuleList([Mlp(w, self.spec, random) for w in widths])

    def ordered(self):
        return [parameter for mlp in self.mlps for parameter in mlp.ordered()]

    def generate(self, z):
        """z [n, latent] -> gauged (kernel [n, in, height, width, out], bias [n, out]) a layer."""
        n, layers = len(z), []
        for i, (shape, code) in enumerate(zip(self.shapes, self.mlps[0](z).split(self.codes, 1))):
            raw = self.mlps[i + 1](code.reshape(-1, self.spec['code']))
            if i == len(self.shapes) - 1:
                count = int(np.prod(shape))
                layers.append((raw[:, :count].reshape(n, *shape), raw[:, count:]))
            else:
                raw = raw.reshape(n, shape[-1], -1)
                layers.append((raw[:, :, :-1].reshape(n, shape[-1], *shape[:-1]).permute(0, 2, 3, 4, 1), raw[:, :, -1]))
        return self.gauge(layers)

    def gauge(self, layers):
        out, push = [], None
        for i, (kernel, bias) in enumerate(layers):
            if push is not None:
                kernel = kernel * push[:, None, None, :, None]
            if i < len(layers) - 1:
                fan_in = int(np.prod(self.shapes[i][:-1]))
                push = torch.sqrt((kernel.square().sum((1, 2, 3)) + bias.square()) / (fan_in + 1) + TINY)
                kernel, bias = kernel / (push[:, None, None, None, :] + TINY), bias / (push + TINY)
            else:
                bias = bias - bias.mean(1, keepdim=True)
            out.append((kernel, bias))
        return out

    def classify(self, network, x):
        """One network; x [batch, channels, height, width] -> logits [batch, classes]."""
        for layer, (kernel, bias) in zip(self.target['layers'], network):
            if layer['kind'] == 'convolution':
                # Pooling commutes with bias and ReLU. SAME padding of an even kernel would be uneven: none is here.
                x = F.conv2d(x, kernel.permute(3, 2, 0, 1), padding=layer['kernel'] // 2)
                x = F.max_pool2d(x, layer['pool'], ceil_mode=True) + bias[:, None, None]
            else:
                if x.dim() == 4:
                    x = x.permute(0, 2, 3, 1)  # weights of a dense layer run over height, width, channels
                x = torch.addmm(bias, x.reshape(len(x), -1), kernel.reshape(-1, kernel.shape[-1]))
            if layer['activation'] == 'relu':
                x = F.relu(x)
        return x

    def logits(self, networks, x):
        """x [n, batch, height, width, channels], each network on its own images -> [n, batch, classes]"""
        x = x.permute(0, 1, 4, 2, 3)
        return torch.stack([self.classify([(kernel[i], bias[i]) for kernel, bias in networks], x[i]) for i in range(len(x))])

    def parts(self, z, x, y):
        networks = self.generate(z)
        logits, flat = self.logits(networks, x), flatten(networks)
        cross_entropy = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        entropy = self.entropy(flat)
        return {'loss': self.weight * cross_entropy - entropy, 'crossEntropy': cross_entropy, 'entropy': entropy, 'weights': flat, 'logits': logits}

    def entropy(self, flat):
        """Nearest neighbours are found without gradient; it then flows through those pairs alone."""
        fixed, n = flat.detach(), len(flat)
        distances = torch.cdist(fixed, fixed, p=1).fill_diagonal_(torch.inf)
        nearest = (flat - flat[distances.argmin(1)]).abs().sum(1)
        return self.spec['latent'] * torch.log(nearest + TINY).mean() + torch.digamma(torch.tensor(float(n)))


def flatten(networks):
    """[n, weights]: layer by layer, kernel then bias."""
    return torch.cat([part.flatten(1) for layer in networks for part in layer], 1)
