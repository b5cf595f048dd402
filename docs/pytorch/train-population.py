"""Trains a small population of networks in PyTorch, each from its own initial weights, and saves it for the lab.

    python docs/pytorch/train-population.py --networks 8 --epochs 2 --out population.safetensors
    npm run lab -- networks import population.safetensors --layout pytorch

They are of the target of MNIST (20,018 weights), the default of `networks import`. Images come from a data set in the lab's
data folder, which `npm run lab -- data list` names, or from an NPZ file of yours with x_train and y_train (--npz). They go in
as the lab has them, from 0 to 1: whoever scales them otherwise gives the target a first layer of the kind pixel-scaling.
It needs torch, numpy and safetensors.
"""

import argparse
import json
import os
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.functional import cross_entropy, max_pool2d


class Target(nn.Module):
    def __init__(self, channels, side, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 5, padding="same")
        self.conv2 = nn.Conv2d(32, 16, 5, padding="same")
        for _ in range(2):
            side = (side + 1) // 2
        self.dense1 = nn.Linear(16 * side * side, 8)
        self.dense2 = nn.Linear(8, classes)

    def forward(self, x):  # [n, channels, height, width]
        for conv in (self.conv1, self.conv2):
            x = max_pool2d(torch.relu(conv(x)), 2, ceil_mode=True)  # as the lab pools: what is left over at the edge counts
        return self.dense2(torch.relu(self.dense1(x.flatten(1))))


def images_of_lab(folder, name):
    """Images that train and that validate, of a data set in the lab's data folder."""
    for path in Path(folder).glob("datasets/*/manifest.json"):
        manifest = json.loads(path.read_text())
        if manifest.get("name") != name and manifest.get("hash") != name:
            continue
        n, h, w, c = (manifest[key] for key in ("count", "height", "width", "channels"))
        images = np.fromfile(path.parent / "images.u8", np.uint8, n * h * w * c).reshape(n, h, w, c)
        labels = np.fromfile(path.parent / "labels.u8", np.uint8, n)
        split = manifest["suggestedSplit"]
        end = split["train"] + split["validation"]
        return (images[: split["train"]], labels[: split["train"]]), (images[split["train"] : end], labels[split["train"] : end])
    raise SystemExit(f"{folder} holds no data set {name}")


def as_tensors(images, labels):
    x = torch.from_numpy(images.astype(np.float32) / 255).reshape(len(images), *images.shape[1:3], -1)
    return x.permute(0, 3, 1, 2).contiguous(), torch.from_numpy(np.asarray(labels).astype(np.int64).ravel())


def train(seed, x, y, classes, epochs, batch):
    torch.manual_seed(seed)
    model = Target(x.shape[1], x.shape[2], classes)
    steps = epochs * (len(x) // batch)
    optimiser = torch.optim.Adam(model.parameters(), 2e-3)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1, 0.01, steps)
    for _ in range(epochs):
        for places in torch.randperm(len(x)).split(batch)[: len(x) // batch]:
            optimiser.zero_grad()
            cross_entropy(model(x[places]), y[places]).backward()
            optimiser.step()
            schedule.step()
    return model.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", type=int, default=8)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--images", type=int, help="the first so many training images (default: all)")
    parser.add_argument("--data-dir", default=os.environ.get("WEIGHTSCAPE_DATA", Path.home() / ".local/share/weightscape"))
    parser.add_argument("--data", default="mnist", help="name of a data set there")
    parser.add_argument("--npz", help="a file with x_train and y_train, in its place")
    parser.add_argument("--out", default="population.safetensors")
    options = parser.parse_args()
    if options.npz is None:
        training, validation = images_of_lab(options.data_dir, options.data)
    else:
        file = np.load(options.npz)
        training = validation = (file["x_train"], file["y_train"])
    x, y = as_tensors(*(part[: options.images] for part in training))
    x_validation, y_validation = (part[:1000] for part in as_tensors(*validation))
    population = {}
    for i in range(options.networks):
        model = train(i, x, y, int(y.max()) + 1, options.epochs, options.batch)
        with torch.no_grad():
            right = (model(x_validation).argmax(1) == y_validation).float().mean().item()
        print(f"network {i}: right on {100 * right:.2f} % of the first {len(y_validation)} validation images", flush=True)
        population |= {f"{i}.{name}": array.contiguous() for name, array in model.state_dict().items()}
    save_file(population, options.out)
    print(f"{options.networks} networks: {options.out}")


if __name__ == "__main__":
    main()
