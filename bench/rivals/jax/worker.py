"""The rival `jax`: see model.py for the method, common/worker.py for how it is spoken to."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'common'))

import jax
import jax.numpy as jnp
import numpy as np
import optax

from mnist import Batches, Mnist
from model import Method, flatten
from worker import serve


class Worker:
    def setup(self, experiment, mnist, seed=0):
        training = experiment['training']
        self.latent = experiment['method']['latent']
        self.data = Mnist(mnist)
        self.batches = Batches(*self.data.train, self.latent, experiment['method']['noiseBatch'], training['imageBatch'], seed)
        self.method = method = Method(experiment)
        self.parameters, self.averages = method.initial(seed)
        rate = optax.exponential_decay(training['learningRate'], 1, training['learningRateDecay'])
        adam = optax.adam(rate, training['beta1'], training['beta2'], training['epsilon'])
        self.slots = adam.init(self.parameters)

        def step(parameters, averages, slots, z, x, y):
            (loss, averages), gradients = jax.value_and_grad(method.loss, has_aux=True)(parameters, averages, z, x, y)
            updates, slots = adam.update(gradients, slots)
            return optax.apply_updates(parameters, updates), averages, slots, loss

        def probabilities(parameters, averages, z, x):
            networks, _ = method.generate(parameters, averages, z, False)
            return jax.nn.softmax(method.logits(networks, jnp.broadcast_to(x, (len(z), *x.shape))))

        self.train = jax.jit(step, donate_argnums=(0, 1, 2))
        def signs(network, x, y):
            """Towards the class y of each image."""
            said = lambda pixels: jnp.take_along_axis(jax.nn.log_softmax(method.classify(network, pixels)), y[:, None], -1).sum()
            return jnp.sign(jax.grad(said)(x))

        def answers(network, x, signs, k):
            return method.classify(network, jnp.clip(x + k / 255 * signs, 0, 1)).argmax(-1)

        self.signs, self.answers = jax.jit(signs), jax.jit(answers)
        self.generate = jax.jit(lambda p, a, z: method.generate(p, a, z, False)[0])
        self.weights = jax.jit(lambda p, a, z: flatten(method.generate(p, a, z, False)[0]))
        self.probabilities = jax.jit(probabilities)
        return {'version': f'JAX {jax.__version__}'}

    def step(self, n):
        times = []
        for _ in range(n):
            start = time.perf_counter()
            self.parameters, self.averages, self.slots, loss = self.train(self.parameters, self.averages, self.slots, *self.batches.next())
            loss.block_until_ready()
            times.append(1e3 * (time.perf_counter() - start))
        return {'ms': times, 'loss': float(loss)}

    def sample(self, n, networks):
        times = []
        for _ in range(n):
            start = time.perf_counter()
            weights = np.asarray(self.weights(self.parameters, self.averages, self.batches.latents(networks)))
            times.append(1e3 * (time.perf_counter() - start))
        return {'ms': times, 'checksum': float(weights[0, 0])}

    def evaluate(self, n, networks, images, at_once=5):
        x = self.data.validation[0][:images]
        times = []
        for _ in range(n):
            start = time.perf_counter()
            z = self.batches.latents(networks)
            for i in range(0, networks, at_once):
                np.asarray(self.probabilities(self.parameters, self.averages, z[i:i + at_once], x))
            times.append(1e3 * (time.perf_counter() - start))
        return {'ms': times}

    def attack(self, n, images, perturbations):
        """Fast gradient sign on one network: images made to be taken for the next class, its answers at each perturbation."""
        network = jax.tree.map(lambda part: part[0], self.generate(self.parameters, self.averages, self.batches.latents(1)))
        x, labels = (part[:images] for part in self.data.validation)
        times = []
        for _ in range(n):
            start = time.perf_counter()
            signs = self.signs(network, x, (labels + 1) % 10)
            told = [np.asarray(self.answers(network, x, signs, 2. * k)) for k in range(perturbations)]
            times.append(1e3 * (time.perf_counter() - start))
        return {'ms': times, 'fooled': [int((answer != labels).sum()) for answer in told]}

    def golden(self, experiment, parameters, z, x, labels):
        method = Method(experiment)
        start, averages = method.initial(0)
        values = iter(jnp.array(value, jnp.float32) for value in parameters)
        # A dict flattens by sorted keys; the file's order is weights, offset, scale.
        given = [[{name: next(values) for name in ('weights', 'offset', 'scale') if name in layer} for layer in layers] for layers in start]
        data = [jnp.array(z, jnp.float32), jnp.array(x, jnp.float32), jnp.array(labels, jnp.int32)]
        parts = method.parts(given, averages, *data)
        found = {name: np.asarray(parts[name]).tolist() for name in ('crossEntropy', 'entropy', 'weights', 'logits')}
        functions = {'loss': lambda p: method.loss(p, averages, *data)[0]}
        for name in ('crossEntropy', 'entropy'):
            functions[name] = lambda p, name=name: method.parts(p, averages, *data)[name]
        found['loss'] = float(functions['loss'](given))
        found['gradients'] = {
            name: [np.asarray(layer[part]).tolist() for layers in jax.grad(function)(given) for layer in layers
                   for part in ('weights', 'offset', 'scale') if part in layer]
            for name, function in functions.items()}
        return found


worker = Worker()
serve({name: getattr(worker, name) for name in ('setup', 'step', 'sample', 'evaluate', 'attack', 'golden')})
