"""The rival `tensorflow`: see graph.py for the method, common/worker.py for how it is spoken to."""
import os
import sys
import time

os.environ.setdefault('TF_ENABLE_ONEDNN_OPTS', '1')
os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '2')
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'common'))

import numpy as np
import tensorflow.compat.v1 as tf

from graph import Graph
from mnist import Batches, Mnist
from scoring import nearest_neighbour_entropy, votes
from worker import serve


class Worker:
    def setup(self, experiment, mnist, seed=0):
        self.experiment, self.seed = experiment, seed
        self.latent = experiment['method']['latent']
        self.data = Mnist(mnist)
        self.graph = Graph(experiment, seed)
        self.session = tf.Session()
        self.restart()
        return {'version': f'TensorFlow {tf.__version__}', 'oneDNN': os.environ['TF_ENABLE_ONEDNN_OPTS'] == '1'}

    def restart(self):
        """Back to the initial weights, averages and moments, and the first batch."""
        training = self.experiment['training']
        self.batches = Batches(*self.data.train, self.latent, self.experiment['method']['noiseBatch'], training['imageBatch'], self.seed)
        self.session.run(self.graph.initialise)

    def step(self, n):
        """Trains n steps; milliseconds of each, the drawing of its batch included."""
        times = []
        for _ in range(n):
            start = time.perf_counter()
            z, x, y = self.batches.next()
            _, loss = self.session.run([self.graph.train, self.graph.loss], {self.graph.z: z, self.graph.x: x, self.graph.y: y})
            times.append(1e3 * (time.perf_counter() - start))
        return {'ms': times, 'loss': float(loss)}

    def sample(self, n, networks):
        """n times the weights of `networks` networks; milliseconds of each."""
        times = []
        for _ in range(n):
            start = time.perf_counter()
            weights = self.session.run(self.graph.sampled, {self.graph.z: self.batches.latents(networks)})
            times.append(1e3 * (time.perf_counter() - start))
        return {'ms': times, 'checksum': float(weights[0, 0])}

    def probabilities(self, z, images, at_once=5):
        """[networks, images, classes], five networks at a time as the paper's code evaluates."""
        parts = []
        for start in range(0, len(z), at_once):
            some = z[start:start + at_once]
            x = np.broadcast_to(images, (len(some), *images.shape))
            parts.append(self.session.run(self.graph.probabilities, {self.graph.z: some, self.graph.x: x}))
        return np.concatenate(parts)

    def evaluate(self, n, networks, images):
        x = self.data.validation[0][:images]
        times = []
        for _ in range(n):
            start = time.perf_counter()
            self.probabilities(self.batches.latents(networks), x)
            times.append(1e3 * (time.perf_counter() - start))
        return {'ms': times}

    def score(self, networks, images):
        """Accuracy, votes and entropy of freshly sampled networks on the first validation images."""
        z = np.random.default_rng(1).uniform(-1, 1, (networks, self.latent)).astype(np.float32)
        x, y = self.data.validation[0][:images], self.data.validation[1][:images]
        weights = self.session.run(self.graph.sampled, {self.graph.z: z})
        return {**votes(self.probabilities(z, x), y), 'entropy': nearest_neighbour_entropy(weights, self.latent)}

    def golden(self, experiment, parameters, z, x, labels):
        """The loss's parts and gradients for given parameters, training-mode batch norm."""
        with tf.Graph().as_default(), tf.Session() as session:
            graph = Graph(experiment)
            session.run(graph.initialise)
            for variable, value in zip(graph.parameters, parameters, strict=True):
                variable.load(np.array(value, np.float32), session)
            parts = {'loss': graph.loss, 'crossEntropy': graph.cross_entropy, 'entropy': graph.entropy}
            wanted = {**parts, 'weights': graph.flat, 'logits': graph.logits,
                      'gradients': {name: tf.gradients(part, graph.parameters) for name, part in parts.items()}}
            found = session.run(wanted, {graph.z: z, graph.x: x, graph.y: labels})
        found['gradients'] = {name: [g.tolist() for g in gradients] for name, gradients in found['gradients'].items()}
        return {name: value.tolist() if hasattr(value, 'tolist') else value for name, value in found.items()}


worker = Worker()
serve({name: getattr(worker, name) for name in ('setup', 'restart', 'step', 'sample', 'evaluate', 'score', 'golden')})
