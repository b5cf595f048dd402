"""MNIST from IDX files, split as the paper's code has it, and the batches of one training step."""
import os

import numpy as np


def read_idx(path):
    with open(path, 'rb') as file:
        content = file.read()
    dimensions = content[3]
    shape = [int.from_bytes(content[4 + 4 * i:8 + 4 * i], 'big') for i in range(dimensions)]
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


class Mnist:
    """Images in [0, 1] as float32 [count, 28, 28, 1], labels as int32 [count]."""

    def __init__(self, folder, train=55000, validation=5000):
        images = read_idx(os.path.join(folder, 'train-images-idx3-ubyte'))[..., None]
        labels = read_idx(os.path.join(folder, 'train-labels-idx1-ubyte')).astype(np.int32)
        images = images.astype(np.float32) / 255
        self.train = images[:train], labels[:train]
        self.validation = images[train:train + validation], labels[train:train + validation]


class Batches:
    """Latents from U(-1, 1) and, for each network of the noise batch, its own images; an epoch shows every image once."""

    def __init__(self, images, labels, latent, noise_batch, image_batch, seed):
        self.random = np.random.default_rng(seed)
        self.images, self.labels = images, labels
        self.latent, self.noise_batch, self.image_batch = latent, noise_batch, image_batch
        self.order, self.at = self.random.permutation(len(labels)), 0

    def latents(self, n):
        return self.random.uniform(-1, 1, (n, self.latent)).astype(np.float32)

    def next(self):
        """z [n, latent], x [n, batch, height, width, channels], y [n, batch]"""
        n, b = self.noise_batch, self.image_batch
        if self.at + n * b > len(self.order):
            self.order, self.at = self.random.permutation(len(self.labels)), 0
        chosen = self.order[self.at:self.at + n * b]
        self.at += n * b
        return self.latents(n), self.images[chosen].reshape(n, b, *self.images.shape[1:]), self.labels[chosen].reshape(n, b)
