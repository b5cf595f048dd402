"""The method as a TensorFlow 1 graph, built the way the paper's code builds its own.

Written from the papers (arXiv 1905.02898, 1801.01952); the arrangement that decides its speed is the
authors': one static graph run by a session, one tf.map_fn over networks a convolution layer, dense
layers as a broadcast product and a sum, the gauge inside the graph, all pairwise distances in one
tensor, and tf.compat.v1's Adam.
"""
import numpy as np
import tensorflow.compat.v1 as tf

from method import TINY, initial_weights, kernel_shapes, mlp_widths, pooled_target

tf.disable_v2_behavior()


class Mlp:
    """Affine without bias, leaky ReLU, batch norm; the last layer affine only."""

    def __init__(self, widths, spec, random, count):
        """count: training steps so far, for averages that are debiased"""
        self.leak, self.norm, self.count = spec['leak'], spec['batchNorm'], count
        self.weights, self.offsets, self.scales, self.averages = [], [], [], []
        for fan_in, width in zip(widths, widths[1:]):
            self.weights.append(tf.Variable(initial_weights(random, fan_in, width, spec['initialScale'])))
        for width in widths[1:-1]:
            self.offsets.append(tf.Variable(np.zeros(width, np.float32)))
            self.scales.append(tf.Variable(np.ones(width, np.float32)))
            # zero at first, as tf.train.ExponentialMovingAverage keeps averages of tensors
            self.averages.append([tf.Variable(np.zeros(width, np.float32), trainable=False) for _ in range(2)])

    def __call__(self, x, training, updates):
        """x [rows, in] -> [rows, out]; when training, statistics of the batch, and updates of the averages are added to `updates`."""
        for i, weights in enumerate(self.weights):
            x = tf.matmul(x, weights)
            if i < len(self.scales):
                x = tf.maximum(self.leak * x, x)
                if training:
                    mean, variance = tf.nn.moments(x, [0])
                    for average, value in zip(self.averages[i], (mean, variance)):
                        updates.append(average.assign_sub((1 - self.norm['decay']) * (average - value)))
                else:
                    share = 1 - self.norm['decay'] ** self.count if self.norm['debias'] else 1
                    mean, variance = [average / share for average in self.averages[i]]
                x = tf.nn.batch_normalization(x, mean, variance, self.offsets[i], self.scales[i], self.norm['epsilon'])
        return x

    def parameters(self):
        """In the order layer 1 weights, offset, scale, layer 2 ..."""
        out = []
        for i, weights in enumerate(self.weights):
            out.append(weights)
            if i < len(self.scales):
                out += [self.offsets[i], self.scales[i]]
        return out


class Graph:
    """The whole of it for one experiment document."""

    def __init__(self, experiment, seed=0):
        self.spec, self.target = experiment['method'], pooled_target(experiment['target'])
        training = experiment['training']
        random = np.random.default_rng(seed)
        self.shapes = kernel_shapes(self.target)
        filters = [shape[-1] for shape in self.shapes]
        self.codes, widths = mlp_widths(self.spec, self.shapes)
        count = tf.Variable(np.float32(0), trainable=False)
        self.extractor, *self.generators = [Mlp(w, self.spec, random, count) for w in widths]

        image = [self.target['input'][side] for side in ('height', 'width', 'channels')]
        self.z = tf.placeholder(tf.float32, [None, self.spec['latent']])
        self.x = tf.placeholder(tf.float32, [None, None, *image])
        self.y = tf.placeholder(tf.int32, [None, None])

        updates = []
        weights = self.gauge(self.generate(self.z, True, updates))
        self.logits = self.classify(weights, self.x)
        self.flat = flatten(weights)
        self.cross_entropy = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(
            labels=tf.one_hot(self.y, filters[-1]), logits=self.logits))
        self.entropy = self.entropy_of(self.flat)
        self.loss = experiment['method']['lambda'] * self.cross_entropy - self.entropy
        self.parameters = [p for mlp in (self.extractor, *self.generators) for p in mlp.parameters()]

        rate = training['learningRate'] * training['learningRateDecay'] ** count
        if training['warmup'] > 0:
            rate *= tf.minimum(1.0, (count + 1) / training['warmup'])
        if training['cooldown'] > 0:
            rate *= tf.clip_by_value((training['steps'] - count) / training['cooldown'], 0.0, 1.0)
        with tf.control_dependencies(updates):
            adam = tf.train.AdamOptimizer(rate, training['beta1'], training['beta2'], training['epsilon'])
            trained = adam.minimize(self.loss, var_list=self.parameters)
        with tf.control_dependencies([trained]):
            self.train = count.assign_add(1)

        # Sampling and evaluation: batch norm by its moving averages.
        sampled = self.gauge(self.generate(self.z, False, []))
        self.sampled = flatten(sampled)
        self.probabilities = tf.nn.softmax(self.classify(sampled, self.x))
        self.initialise = tf.global_variables_initializer()

    def generate(self, z, training, updates):
        """z [n, latent] -> raw (kernel [n, height, width, in, out], bias [n, out]) a layer."""
        n = tf.shape(z)[0]
        codes = tf.split(self.extractor(z, training, updates), self.codes, axis=1)
        layers = []
        for i, (shape, code, generator) in enumerate(zip(self.shapes, codes, self.generators)):
            raw = generator(tf.reshape(code, [-1, self.spec['code']]), training, updates)
            if i == len(self.shapes) - 1:
                count = int(np.prod(shape))
                layers.append((tf.reshape(raw[:, :count], [n, *shape]), raw[:, count:]))
            else:
                raw = tf.reshape(raw, [n, shape[-1], raw.shape[-1]])
                kernel = tf.reshape(raw[:, :, :-1], [n, shape[-1], *shape[:-1]])
                layers.append((tf.transpose(kernel, [0, 2, 3, 4, 1]), raw[:, :, -1]))
        return layers

    def gauge(self, layers):
        """Filters to mean square 1, the factor pushed into the next layer; softmax biases to sum 0."""
        out, push = [], None
        for i, (kernel, bias) in enumerate(layers):
            if push is not None:
                kernel = kernel * push[:, None, None, :, None]
            if i < len(layers) - 1:
                fan_in = int(np.prod(self.shapes[i][:-1]))
                push = tf.sqrt((tf.reduce_sum(tf.square(kernel), [1, 2, 3]) + tf.square(bias)) / (fan_in + 1) + TINY)
                kernel = kernel / (push[:, None, None, None, :] + TINY)
                bias = bias / (push + TINY)
            else:
                bias = bias - tf.reduce_mean(bias, 1, keepdims=True)
            out.append((kernel, bias))
        return out

    def classify(self, weights, x):
        """x [n, batch, height, width, channels] -> logits [n, batch, classes]; each network on its own images."""
        for layer, (kernel, bias) in zip(self.target['layers'], weights):
            relu = tf.nn.relu if layer['activation'] == 'relu' else tf.identity
            if layer['kind'] == 'convolution':
                x = tf.map_fn(one_convolution(layer['pool'], relu), [x, kernel, bias], dtype=tf.float32)
            else:
                # x [n, batch, height, width, in, 1] * kernel [n, 1, height, width, in, out]
                x = relu(tf.reduce_sum(x[..., None] * kernel[:, None], [2, 3, 4]) + bias[:, None])
                x = x[:, :, None, None, :]
        return x[:, :, 0, 0, :]

    def entropy_of(self, flat):
        """Kozachenko-Leonenko with L1 distances; the nearest neighbour other than the point itself."""
        distances = tf.reduce_sum(tf.abs(flat[None] - flat[:, None]), 2)  # [n, n]
        nearest = -tf.nn.top_k(-distances, 2)[0][:, 1]
        n = tf.cast(tf.shape(flat)[0], tf.float32)
        return self.spec['latent'] * tf.reduce_mean(tf.log(nearest + TINY)) + tf.digamma(n)


def one_convolution(pool, activation):
    side = [1, pool, pool, 1]

    def run(network):
        x, kernel, bias = network
        x = activation(tf.nn.conv2d(x, kernel, strides=[1, 1, 1, 1], padding='SAME') + bias)
        return tf.nn.max_pool(x, side, side, 'SAME') if pool > 1 else x
    return run


def flatten(weights):
    """[n, weights]: layer by layer, kernel then bias."""
    parts = [part for layer in weights for part in layer]
    return tf.concat([tf.reshape(part, [tf.shape(part)[0], -1]) for part in parts], 1)
