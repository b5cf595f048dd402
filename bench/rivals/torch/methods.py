"""The other methods in PyTorch, one class each, with its own way of making a step's loss out of x [n, batch, height, width, channels] and y."""
import numpy as np
import torch
import torch.nn.functional as F

from method import kernel_shapes, pooled_target


def classify(target, network, x, factors=None):
    """x [batch, channels, height, width] -> logits. network: kernel [out, in, height, width], bias [out] a layer; factors: of what a layer reads, [batch, channels]."""
    for i, layer in enumerate(target['layers']):
        kernel, bias = network[2 * i], network[2 * i + 1]
        if factors is not None and i > 0:
            x = x * (factors[i - 1][:, :, None, None] if x.dim() == 4 else factors[i - 1])
        if layer['kind'] == 'convolution':
            # Pooling commutes with bias and ReLU.
            x = F.max_pool2d(F.conv2d(x, kernel, padding=layer['kernel'] // 2), layer['pool'], ceil_mode=True) + bias[:, None, None]
        else:
            x = F.linear(x.flatten(1), kernel.flatten(1), bias)
        if layer['activation'] == 'relu':
            x = F.relu(x)
    return x


class Rival(torch.nn.Module):
    def __init__(self, experiment, seed):
        super().__init__()
        torch.manual_seed(seed)
        self.spec, self.target = experiment['method'], pooled_target(experiment['target'])
        self.train_images = experiment['data']['split']['train']
        self.shapes = [(out, channels, height, width) for height, width, channels, out in kernel_shapes(self.target)]

    def initial(self):
        """One network as He et al. have it."""
        for shape in self.shapes:
            yield torch.randn(shape) * np.sqrt(2 / np.prod(shape[1:]))
            yield torch.zeros(shape[0])

    def loss(self, x, y):
        """x [n, batch, channels, height, width], y [n, batch]"""
        raise NotImplementedError

    def draw(self, i):
        """Network i, and what each of its layers' inputs is multiplied by."""
        raise NotImplementedError

    def probabilities(self, networks, x):
        """x [images, height, width, channels] -> [networks, images, classes]"""
        with torch.inference_mode():
            x = x.permute(0, 3, 1, 2).contiguous()
            return torch.stack([classify(self.target, network, x, factors).softmax(-1) for network, factors in map(self.draw, range(networks))])

    def parts(self, _z, x, y):
        return {'loss': self.loss(x.permute(0, 1, 4, 2, 3).contiguous(), y)}


class Independent(Rival):
    networks_key = 'networks'

    def __init__(self, experiment, seed):
        super().__init__(experiment, seed)
        self.networks = torch.nn.ModuleList([torch.nn.ParameterList(self.initial()) for _ in range(self.spec['networks'])])

    def draw(self, i):
        return self.networks[i], None

    def loss(self, x, y):
        return sum(F.cross_entropy(classify(self.target, network, x[i]), y[i]) for i, network in enumerate(self.networks))


class McDropout(Rival):
    """All images in one batch; the images of one mask share their factors."""
    networks_key = 'masks'

    def __init__(self, experiment, seed):
        super().__init__(experiment, seed)
        self.network = torch.nn.ParameterList(self.initial())

    def factors(self, n):
        keep = 1 - self.spec['rate']
        return [(torch.rand(n, shape[0]) < keep).float().div_(keep) for shape in self.shapes[:-1]]

    def draw(self, i):
        return self.network, self.factors(1)

    def loss(self, x, y):
        n, batch = y.shape
        factors = [factor.repeat_interleave(batch, 0) for factor in self.factors(n)]
        cross_entropy = F.cross_entropy(classify(self.target, self.network, x.flatten(0, 1), factors), y.flatten())
        return cross_entropy + self.spec['weightDecay'] * sum(part.square().sum() for part in self.network)


class BayesByBackprop(Rival):
    networks_key = 'samples'

    def __init__(self, experiment, seed):
        super().__init__(experiment, seed)
        self.means = torch.nn.ParameterList(self.initial())
        self.rhos = torch.nn.ParameterList()
        for kernel, bias in zip(self.means[::2], self.means[1::2]):
            sigma = self.spec['initialSpread'] * np.sqrt(2 / kernel[0].numel())
            self.rhos.extend([torch.full_like(part, np.log(np.expm1(sigma))) for part in (kernel, bias)])

    def draw(self, i):
        return [mean + F.softplus(rho) * torch.randn_like(mean) for mean, rho in zip(self.means, self.rhos)], None

    def loss(self, x, y):
        sigmas = [F.softplus(rho) for rho in self.rhos]
        total = 0
        for i in range(len(y)):
            network = [mean + sigma * torch.randn_like(mean) for mean, sigma in zip(self.means, sigmas)]
            total = total + F.cross_entropy(classify(self.target, network, x[i]), y[i])
        prior = self.spec['prior']
        divergence = sum((torch.log(prior / sigma) + ((sigma.square() + mean.square()) / prior ** 2 - 1) / 2).sum()
                         for mean, sigma in zip(self.means, sigmas))
        return total / len(y) + self.spec['temperature'] / self.train_images * divergence


methods = {'independent': Independent, 'mc-dropout': McDropout, 'bayes-by-backprop': BayesByBackprop}
