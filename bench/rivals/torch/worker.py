"""The rival `torch`: see model.py for the method, methods.py for the others, common/worker.py for how it is spoken to."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'common'))

import numpy as np
import torch

from methods import methods
from mnist import Batches, Mnist
from model import Method, flatten
from scoring import votes
from worker import serve


class Worker:
    def setup(self, experiment, mnist, seed=0, rates=None):
        training, spec = experiment['training'], experiment['method']
        other = methods.get(spec['kind'])
        self.data = Mnist(mnist)
        self.batches = Batches(*self.data.train, spec.get('latent', 0), spec[other.networks_key if other else 'noiseBatch'], training['imageBatch'], seed)
        self.method = (other or Method)(experiment, seed)
        self.adam = torch.optim.Adam(self.method.parameters(), training['learningRate'], (training['beta1'], training['beta2']),
                                     training['epsilon'], fused=True)
        relative = [rate / training['learningRate'] for rate in rates or ()]
        self.rate = torch.optim.lr_scheduler.LambdaLR(
            self.adam, lambda step: relative[min(step, len(relative) - 1)] if relative else training['learningRateDecay'] ** step)
        return {'version': f'PyTorch {torch.__version__}, {torch.get_num_threads()} threads'}

    def step(self, n):
        self.method.train()
        times = []
        for _ in range(n):
            start = time.perf_counter()
            z, x, y = (torch.from_numpy(array) for array in self.batches.next())
            self.adam.zero_grad()
            loss = self.method.parts(z, x, y.long())['loss']
            loss.backward()
            self.adam.step()
            self.rate.step()
            times.append(1e3 * (time.perf_counter() - start))
        return {'ms': times, 'loss': loss.item()}

    def sample(self, n, networks):
        self.method.eval()
        times = []
        for _ in range(n):
            start = time.perf_counter()
            with torch.inference_mode():
                weights = flatten(self.method.generate(torch.from_numpy(self.batches.latents(networks)))).numpy()
            times.append(1e3 * (time.perf_counter() - start))
        return {'ms': times, 'checksum': float(weights[0, 0])}

    def evaluate(self, n, networks, images, at_once=5):
        self.method.eval()
        x = torch.from_numpy(self.data.validation[0][:images])
        times = []
        for _ in range(n):
            start = time.perf_counter()
            with torch.inference_mode():
                z = torch.from_numpy(self.batches.latents(networks))
                for i in range(0, networks, at_once):
                    some = z[i:i + at_once]
                    self.method.logits(self.method.generate(some), x.expand(len(some), *x.shape)).softmax(-1).numpy()
            times.append(1e3 * (time.perf_counter() - start))
        return {'ms': times}

    def score(self, networks, images):
        x, y = (array[:images] for array in self.data.validation)
        return votes(self.method.probabilities(networks, torch.from_numpy(x)).numpy(), y)

    def golden(self, experiment, parameters, z, x, labels):
        method = Method(experiment, 0)
        with torch.no_grad():
            for parameter, value in zip(method.ordered(), parameters, strict=True):
                parameter.copy_(torch.tensor(value))
        parts = method.parts(torch.tensor(z), torch.tensor(x), torch.tensor(labels))
        found = {name: part.detach().numpy().tolist() for name, part in parts.items()}
        found['gradients'] = {
            name: [gradient.numpy().tolist() for gradient in torch.autograd.grad(parts[name], method.ordered(), retain_graph=True)]
            for name in ('loss', 'crossEntropy', 'entropy')}
        return found


worker = Worker()
serve({name: getattr(worker, name) for name in ('setup', 'step', 'sample', 'evaluate', 'score', 'golden')})
