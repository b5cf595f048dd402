"""What every Python rival shares of the method: shapes and initial weights."""
import numpy as np

TINY = 1e-8  # inside the gauge's root and division, and in the entropy's logarithm


def pooled_target(target):
    """The target with each max-pooling as `pool` of the convolution before it, which the rivals do in one go; 1 means none."""
    layers = []
    for layer in target['layers']:
        if layer['kind'] == 'max-pool':
            layers[-1]['pool'] = layer['size']
        else:
            layers.append({**layer, 'pool': 1})
    return {**target, 'layers': layers}


def kernel_shapes(target):
    """[height, width, in, out] a layer; a dense layer's kernel spans the whole of its input."""
    height, width, channels = (target['input'][side] for side in ('height', 'width', 'channels'))
    shapes = []
    for layer in target['layers']:
        if layer['kind'] == 'convolution':
            shapes.append([layer['kernel'], layer['kernel'], channels, layer['filters']])
            height, width, channels = -(-height // layer['pool']), -(-width // layer['pool']), layer['filters']
        else:
            shapes.append([height, width, channels, layer['units']])
            height, width, channels = 1, 1, layer['units']
    return shapes


def mlp_widths(spec, shapes):
    """Numbers of code a layer, and the widths of the extractor and of each weight generator."""
    code = spec['code']
    codes = [code * shape[-1] for shape in shapes[:-1]] + [code]
    widths = [[spec['latent'], *spec['extractor'], sum(codes)]]
    for i, (shape, hidden) in enumerate(zip(shapes, spec['generators'], strict=True)):
        numbers = int(np.prod(shape[:-1])) + 1  # of one filter
        whole = i == len(shapes) - 1  # the last layer is generated whole, from one code
        widths.append([code, *hidden, numbers * shape[-1] if whole else numbers])
    return codes, widths


def initial_weights(random, fan_in, width, scale):
    """Truncated normal (redrawn beyond two sigma), variance scale / fan_in."""
    x = random.standard_normal((fan_in, width))
    while (far := np.abs(x) > 2).any():
        x[far] = random.standard_normal(far.sum())
    return (x * np.sqrt(scale / fan_in)).astype(np.float32)
