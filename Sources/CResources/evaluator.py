#!/usr/bin/env python3
"""The reference evaluator of srprof's search: trains candidates with PyTorch and judges them.

srprof starts it and speaks JSON lines with it, protocol version 1:

    python3 evaluator.py --images DIV2K/train --validate Set5

By hand, it says what bicubic enlargement reaches on a folder of images:

    python3 evaluator.py --bicubic --validate Set5 --scale 2

It needs PyTorch 1.13 or later, NumPy and Pillow (on Debian: python3-torch, python3-numpy, python3-pil).
Images are PNG, BMP or JPEG files in one folder. Those to train with are cut into patches and never
judged; those to validate with are only judged: PSNR and SSIM of the brightness (BT.601), without `scale`
pixels at the edges. Small images are made by MATLAB's bicubic downscaling.

Weights are safetensors files: NODE.weight [outputs, inputs, K, K] and NODE.bias [outputs], float32, of the
convolutions as srprof's graphs name them. Pruned weights are zeros, pruned filters are not there.
"""

import argparse
import hashlib
import json
import math
import os
import queue
import re
import struct
import sys
import threading
import time
import traceback

try:
    import numpy as np
    from PIL import Image
except ImportError as error:
    text = f"Python lacks a package ({error}): apt-get install python3-numpy python3-pil, or pip install numpy Pillow"
    print(json.dumps({"type": "failed", "id": "hello", "kind": "invalid", "message": text, "retry": False}))
    sys.exit(f"evaluator: {text}")

try:
    import torch
    import torch.nn.functional as F
except ImportError as error:  # --bicubic does without.
    torch, torch_error = None, error

VERSION = "1"


class Refused(Exception):
    """Something that was asked for cannot be; its text is one line for whoever asked."""


class Diverged(Exception):
    pass


class Stopped(Exception):
    """A cancel."""


class Late(Stopped):
    """A deadline that has passed."""


# ---------------------------------------------------------------------------------------------------------
# Images

def image_files(folder, purpose):
    if not folder:
        raise Refused(f"no images to {purpose} with: give --{'images' if purpose == 'train' else 'validate'} FOLDER")
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise Refused(f"{folder}: {error.strerror}")
    names = [name for name in names if name.lower().endswith((".png", ".bmp", ".jpg", ".jpeg"))]
    if not names:
        raise Refused(f"{folder}: has no PNG, BMP or JPEG image to {purpose} with")
    return [os.path.join(folder, name) for name in names]


def image_size(file):
    """Width and height, without reading the pixels."""
    try:
        with Image.open(file) as image:
            return image.size
    except Exception as error:
        raise Refused(f"{file}: is no image that can be read ({error})")


def read_image(file):
    """[height, width, 3] of uint8: grey images get three channels, 16 bits become 8, opacity is dropped."""
    try:
        with Image.open(file) as image:
            if image.mode in ("I", "F") or image.mode.startswith("I;16"):
                values = np.asarray(image).astype(np.float64)
                if image.mode == "F" or values.min() < 0 or values.max() > 65535:
                    raise Refused(f"{file}: has pixels of mode {image.mode}; 8 or 16 bits a channel can be read")
                grey = np.floor(values / 257 + 0.5).astype(np.uint8)
                return np.repeat(grey[:, :, None], 3, axis=2)
            if image.mode in ("P", "PA") or "transparency" in image.info:
                image = image.convert("RGBA")
            return np.array(image.convert("RGB"))
    except Refused:
        raise
    except Exception as error:
        raise Refused(f"{file}: is no image that can be read ({error})")


def cubic(x):
    """The cubic convolution kernel with a = -0.5 (Keys 1981)."""
    x = np.abs(x)
    inner = 1.5 * x**3 - 2.5 * x**2 + 1
    outer = -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    return np.where(x <= 1, inner, np.where(x <= 2, outer, 0))


def bicubic_taps(length, new_length):
    """Which pixels make a new one, and their weights: [new_length, taps] twice, as MATLAB's imresize has
    them: the kernel is as wide as new pixels where these are larger, and edges are mirrored."""
    scale = new_length / length
    stretch = min(scale, 1)
    width = 4 / stretch
    centre = (np.arange(new_length) + 0.5) / scale - 0.5
    first = np.floor(centre + 1 - width / 2).astype(int) - 1
    taps = first[:, None] + np.arange(math.ceil(width) + 2)
    weights = cubic((centre[:, None] - taps) * stretch)
    weights /= weights.sum(axis=1, keepdims=True)
    taps %= 2 * length
    return np.where(taps < length, taps, 2 * length - 1 - taps), weights


def bicubic(image, height, width):
    """MATLAB's imresize of [height, width] numbers or [height, width, channels], in double precision."""
    for axis, length in ((0, height), (1, width)):
        image = np.moveaxis(np.asarray(image, np.float64), axis, 0)
        taps, weights = bicubic_taps(len(image), length)
        result = np.zeros((length,) + image.shape[1:])
        for tap in range(taps.shape[1]):
            result += weights[:, tap].reshape((-1,) + (1,) * (image.ndim - 1)) * image[taps[:, tap]]
        image = np.moveaxis(result, 0, axis)
    return image


def eight_bits(image):
    return np.clip(np.floor(image + 0.5), 0, 255).astype(np.uint8)


def small_and_large(file, scale):
    """An image cut to a multiple of `scale`, and what is to be enlarged to it."""
    image = read_image(file)
    height, width = image.shape[0] // scale, image.shape[1] // scale
    large = image[:height * scale, :width * scale]
    return eight_bits(bicubic(large, height, width)), large


# ---------------------------------------------------------------------------------------------------------
# Quality

def brightness(image):
    """Y of BT.601 in [16, 235], as MATLAB's rgb2ycbcr, of numbers in [0, 255]."""
    return np.asarray(image, np.float64) @ np.array([65.481, 128.553, 24.966]) / 255 + 16


def psnr(one, other):
    error = np.mean((one - other) ** 2)
    return 100.0 if error == 0 else min(100.0, 10 * math.log10(255**2 / error))


def ssim(one, other):
    """Structural similarity (Wang et al. 2004): 11x11 Gaussian of sigma 1.5, K1 = 0.01, K2 = 0.03."""
    window = np.exp(-((np.arange(11) - 5) ** 2) / (2 * 1.5**2))
    window /= window.sum()

    def blurred(x):
        x = sum(weight * x[i:len(x) - 10 + i] for i, weight in enumerate(window))
        return sum(weight * x[:, i:x.shape[1] - 10 + i] for i, weight in enumerate(window))

    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mean1, mean2 = blurred(one), blurred(other)
    variance1 = blurred(one * one) - mean1**2
    variance2 = blurred(other * other) - mean2**2
    covariance = blurred(one * other) - mean1 * mean2
    similarity = (2 * mean1 * mean2 + c1) * (2 * covariance + c2)
    return float(np.mean(similarity / ((mean1**2 + mean2**2 + c1) * (variance1 + variance2 + c2))))


def quality(pairs, scale):
    """Mean PSNR and SSIM of pairs of an enlarged image's brightness and the true one's."""
    psnrs, ssims = [], []
    for pair in pairs:
        one, other = (image[scale:-scale, scale:-scale] for image in pair)
        psnrs.append(psnr(one, other))
        ssims.append(ssim(one, other))
    return {"psnrY": float(np.mean(psnrs)), "ssimY": float(np.mean(ssims))}


def bicubic_quality(files, scale):
    """Of bicubic enlargement as it is published (Dong et al. 2014): of the rounded brightness alone."""

    def pairs():
        for file in files:
            image = read_image(file)
            height, width = image.shape[0] // scale, image.shape[1] // scale
            large = eight_bits(brightness(image[:height * scale, :width * scale])).astype(np.float64)
            yield eight_bits(bicubic(bicubic(large, height, width), *large.shape)).astype(np.float64), large

    return quality(pairs(), scale)


def validation_files(folder, scale):
    files = image_files(folder, "validate")
    for file in files:
        width, height = image_size(file)
        if min(width, height) // scale * scale < 11 + 2 * scale:
            raise Refused(f"{file}: {width}x{height} is too small to judge by; a side has at least {11 + 3 * scale} pixels")
    return files


# ---------------------------------------------------------------------------------------------------------
# Safetensors: 8 bytes of length, a JSON header, the numbers

TYPES = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2"), "U8": np.dtype("u1")}


def write_tensors(file, tensors, metadata=None):
    """Writes arrays by name; the file is whole or not there."""
    header, offset, words = {}, 0, {dtype: word for word, dtype in TYPES.items()}
    if metadata:
        header["__metadata__"] = {key: str(value) for key, value in metadata.items()}
    arrays = {name: np.ascontiguousarray(array) for name, array in sorted(tensors.items())}
    for name, array in arrays.items():
        header[name] = {"dtype": words[array.dtype], "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    os.makedirs(os.path.dirname(os.path.abspath(file)), exist_ok=True)
    partial = f"{file}.partial"
    with open(partial, "wb") as stream:
        stream.write(struct.pack("<Q", len(text)) + text)
        for array in arrays.values():
            stream.write(array.tobytes())
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(partial, file)


def read_tensors(file):
    """Arrays by name, and the metadata."""
    try:
        with open(file, "rb") as stream:
            data = stream.read()
        size = struct.unpack("<Q", data[:8])[0]
        header = json.loads(data[8:8 + size].decode())
        metadata = header.pop("__metadata__", {})
        tensors = {}
        for name, entry in header.items():
            first, last = entry["data_offsets"]
            array = np.frombuffer(data[8 + size + first:8 + size + last], TYPES[entry["dtype"]])
            tensors[name] = array.reshape(entry["shape"]).copy()
        return tensors, metadata
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}")
    except Exception as error:
        raise Refused(f"{file}: is no safetensors file of F32, F16 or U8 ({type(error).__name__}: {error})")


# ---------------------------------------------------------------------------------------------------------
# Pruning. Masks are arrays of the weights' shape [outputs, inputs, K, K]; what they keep is counted as
# srprof's tables count it.

# Four weights of a 3x3 kernel, row by row: the eight patterns of 7bvcxz/PatDNN.
PATTERNS = np.array([[int(digit) for digit in word] for word in (
    "000100111", "000001111", "111100000", "111001000", "110110000", "011011000", "000110110", "000011011")])
BLOCK_FILTERS, BLOCK_CHANNELS = 8, 4


def nearest(number):
    """The nearest whole number, halves away from zero."""
    return math.floor(number + 0.5)


def largest(scores, count):
    """Which scores are the `count` largest; the first of equal ones."""
    chosen = np.zeros(scores.size, bool)
    chosen[np.argsort(-scores.ravel(), kind="stable")[:count]] = True
    return chosen.reshape(scores.shape)


def blocks(outputs, inputs):
    """Slices of the blocks of 8 filters by 4 channels, along diagonals as srprof numbers them."""
    rows, columns = -(-outputs // BLOCK_FILTERS), -(-inputs // BLOCK_CHANNELS)
    for index in range(rows * columns):
        row = index % rows
        column = (index // rows + row) % columns
        top, left = row * BLOCK_FILTERS, column * BLOCK_CHANNELS
        yield slice(top, min(top + BLOCK_FILTERS, outputs)), slice(left, min(left + BLOCK_CHANNELS, inputs))


def positions_kept(outputs, inputs, target):
    """How many positions each block keeps, so that about `target` weights are kept."""
    sizes = [(o.stop - o.start) * (i.stop - i.start) for o, i in blocks(outputs, inputs)]
    each, kept, extra = target // (outputs * inputs), target // (outputs * inputs) * (outputs * inputs), 0
    while kept < target and abs(kept + sizes[extra] - target) < target - kept:
        kept, extra = kept + sizes[extra], extra + 1
    return [each + (index < extra) for index in range(len(sizes))]


def pattern_mask(weight, rate):
    outputs, inputs = weight.shape[:2]
    energy = (weight.reshape(outputs, inputs, 9) ** 2) @ PATTERNS.T
    kept = largest(energy.max(axis=2), nearest(outputs * inputs / rate))
    return (PATTERNS[energy.argmax(axis=2)] * kept[:, :, None]).reshape(weight.shape)


def block_mask(weight, rate):
    """Of the blocks of one size, the positions with the largest norms: as many as a table's masks keep."""
    outputs, inputs, kernel, _ = weight.shape
    squares = weight.reshape(outputs, inputs, kernel * kernel) ** 2
    mask = np.zeros(squares.shape, np.uint8)
    by_size = {}
    counts = positions_kept(outputs, inputs, nearest(weight.size / rate))
    for block, count in zip(blocks(outputs, inputs), counts):
        scores = squares[block].sum(axis=(0, 1))
        by_size.setdefault(squares[block].shape, []).append((block, scores, count))
    for same in by_size.values():
        kept = largest(np.array([scores for _, scores, _ in same]), sum(count for _, _, count in same))
        for (block, _, _), positions in zip(same, kept):
            mask[block] = positions
    return mask.reshape(weight.shape)


def unstructured_mask(weight, rate):
    return largest(np.abs(weight), nearest(weight.size / rate))


MASKS = {"pattern": pattern_mask, "block-punched": block_mask, "unstructured": unstructured_mask}


def mask_by(scheme, rate, weight, place):
    if nearest(weight.size / rate) < 1 or (scheme == "pattern" and nearest(weight.size / 9 / rate) < 1):
        raise Refused(f"{place}: rate {rate} leaves none of {weight.size} weights")
    return MASKS[scheme](weight, rate).astype(np.uint8)


def group_norms(scheme, weight):
    """Squared norms of what a scheme prunes together; works for tensors that gradients go through."""
    outputs, inputs, kernel, _ = weight.shape
    squares = weight * weight
    if scheme == "unstructured":
        return squares
    if scheme == "pattern":
        return squares.sum(dim=(2, 3))
    if scheme == "filter":
        return squares.sum(dim=(1, 2, 3))
    padded = F.pad(squares.reshape(outputs, inputs, -1).permute(2, 0, 1), (0, -inputs % BLOCK_CHANNELS, 0, -outputs % BLOCK_FILTERS))
    shape = (kernel * kernel, padded.shape[1] // BLOCK_FILTERS, BLOCK_FILTERS, padded.shape[2] // BLOCK_CHANNELS, BLOCK_CHANNELS)
    return padded.reshape(shape).sum(dim=(2, 4)).permute(1, 2, 0)


# ---------------------------------------------------------------------------------------------------------
# Candidates

# Sides of the kernels of a block's dense convolutions, conv0, conv1, ..., which can be pruned.
KERNELS = {"wdsr-a": [3, 3], "wdsr-b": [1, 1, 3], "inverted-residual": [1, 1], "ghost": [1, 1], "shuffle": [1, 1],
           "idle": [1, 1], "splitsr": [3]}
# Channels before the activation over those that a block convolves.
EXPANSIONS = {"wdsr-a": 4, "wdsr-b": 6, "inverted-residual": 6, "ghost": 2, "idle": 6}
# Convolutions behind which a depthwise one of the same number follows.
DEPTHWISE = {"inverted-residual": [0], "ghost": [0, 1], "shuffle": [0], "idle": [0]}
# Blocks whose result is added to their input, times 1 / sqrt(cells).
RESIDUAL = ("wdsr-a", "wdsr-b", "inverted-residual", "ghost")
SCHEMES = ("none", "filter") + tuple(MASKS)


def active_channels(block, channels):
    """Channels that a block convolves, of those between cells."""
    if block in ("shuffle", "idle"):
        return max(1, channels // 2)
    return max(1, nearest(channels / 4)) if block == "splitsr" else channels


def usual_widths(block, channels, expansion=None, linear=None):
    """Channels behind each convolution but the last."""
    if block == "splitsr":
        return []
    if block == "shuffle":
        return [active_channels(block, channels)]
    wide = active_channels(block, channels) * int(expansion or EXPANSIONS[block])
    return [wide, max(1, int((linear or 0.8) * channels))] if block == "wdsr-b" else [wide]


def shapes(block, channels, widths):
    """Channels into and out of each convolution; one of a ghost module makes half of what lies behind it."""
    ends = [active_channels(block, channels)]
    share = 2 if block == "ghost" else 1
    return list(zip(ends + widths, [width // share for width in widths + ends]))


def whole(value, place, low, high):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value) or not low <= value <= high:
        raise Refused(f"{place}: is {low} to {high}, not {value!r}")
    return int(value)


def number(value, place, low, high):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise Refused(f"{place}: is {low} to {high}, not {value!r}")
    return float(value)


def read_cells(candidate, channels):
    """(block, widths between layers, [(scheme, rate)]) of each cell."""
    cells = []
    if not isinstance(candidate.get("cells"), list) or not candidate["cells"]:
        raise Refused("cells: is a list of cells, of which there is at least one")
    for index, cell in enumerate(candidate["cells"]):
        place = f"cells[{index}]"
        if not isinstance(cell, dict):
            raise Refused(f"{place}: is an object, not {cell!r}")
        block = cell.get("block")
        if block not in KERNELS:
            raise Refused(f"{place}.block: is {', '.join(KERNELS)}, not {block!r}")
        kernels = KERNELS[block]
        if (block in ("ghost", "shuffle") and channels % 2) or (block in ("idle", "splitsr") and channels < 2):
            raise Refused(f"{place}.block: {block} parts channels, and there are {channels}")
        widths = cell.get("middle") or usual_widths(block, channels)
        layers = cell.get("layers") or [{"scheme": "none"}] * len(kernels)
        if len(widths) != len(kernels) - 1 or len(layers) != len(kernels):
            raise Refused(f"{place}: {block} has {len(kernels)} layers and {len(kernels) - 1} widths within")
        widths = [whole(width, f"{place}.middle[{i}]", 1, 8192) for i, width in enumerate(widths)]
        if block == "ghost" and widths[0] % 2:
            raise Refused(f"{place}.middle[0]: ghost halves widths, and this is {widths[0]}")
        pairs = []
        for i, layer in enumerate(layers):
            if not isinstance(layer, dict):
                raise Refused(f"{place}.layers[{i}]: is an object, not {layer!r}")
            scheme, rate = layer.get("scheme", "none"), layer.get("rate", 1)
            at = f"{place}.layers[{i}]"
            if scheme not in SCHEMES:
                raise Refused(f"{at}.scheme: is one of {', '.join(SCHEMES)}, not {scheme!r}")
            if scheme == "pattern" and kernels[i] != 3:
                raise Refused(f"{at}.scheme: pattern is for 3x3 kernels, this layer is {kernels[i]}x{kernels[i]}")
            if scheme == "filter" and (i == len(kernels) - 1 or block == "ghost"):
                raise Refused(f"{at}.scheme: filter is not for {'ghost' if block == 'ghost' else 'the last layer of a cell'}")
            pairs.append((scheme, number(rate, f"{at}.rate", 1, 1024)))
        cells.append((block, widths, pairs))
    return cells


def cells_left(cells, tensors):
    """Cells with the widths of a file, in which pruned filters are not there."""
    result = []
    for index, (block, widths, layers) in enumerate(cells):
        if block != "ghost":
            widths = [len(tensors.get(f"cell{index}.conv{i}.weight", range(width))) for i, width in enumerate(widths)]
        result.append((block, widths, layers))
    return result


# ---------------------------------------------------------------------------------------------------------
# Networks

if torch:
    class Convolution(torch.nn.Module):
        """A convolution with bias and same padding, and perhaps a mask on its weights."""

        def __init__(self, kernel, inputs, outputs, groups=1):
            super().__init__()
            self.groups = groups
            bound = 1 / math.sqrt(inputs // groups * kernel * kernel)
            self.weight = torch.nn.Parameter(torch.empty(outputs, inputs // groups, kernel, kernel).uniform_(-bound, bound))
            self.bias = torch.nn.Parameter(torch.empty(outputs).uniform_(-bound, bound))
            self.mask = self.bias_mask = None

        def numbers(self, gain=1):
            """Weights and bias as they act: pruned, and times the factor on the result."""
            weight = self.weight if self.mask is None else self.weight * self.mask
            bias = self.bias if self.bias_mask is None else self.bias * self.bias_mask
            return (weight, bias) if gain == 1 else (weight * gain, bias * gain)

        def forward(self, x, gain=1):
            weight, bias = self.numbers(gain)
            return F.conv2d(x, weight, bias, padding=weight.shape[2] // 2, groups=self.groups)

        def take(self, weight, bias):
            self.weight.copy_(weight)
            self.bias.copy_(bias)

        def set_mask(self, mask, takes_bias=False):
            self.mask = torch.as_tensor(np.asarray(mask, np.float32), device=self.weight.device)
            if takes_bias:  # A filter without weights is not there, nor is its bias.
                self.bias_mask = (self.mask.flatten(1).sum(dim=1) > 0).float()

    class Network(torch.nn.Module):
        """Convolutions by the names that srprof's graph gives them."""

        def __init__(self):
            super().__init__()
            self.convolutions, self.gains, self.list = {}, {}, torch.nn.ModuleList()

        def add(self, name, kernel, inputs, outputs, gain=1, groups=1):
            convolution = Convolution(kernel, inputs, outputs, groups)
            self.convolutions[name], self.gains[name] = convolution, gain
            self.list.append(convolution)
            return convolution

        def add_cell(self, name, block, channels, widths, gain=1):
            """The convolutions of a block by their names in it; `gain` is the factor on a residual."""
            convolutions = {}
            sizes = shapes(block, channels, widths)
            for i, (inputs, outputs) in enumerate(sizes):
                last = gain if block in RESIDUAL and i == len(sizes) - 1 else 1
                convolutions[f"conv{i}"] = self.add(f"{name}.conv{i}", KERNELS[block][i], inputs, outputs, last)
                if i in DEPTHWISE.get(block, []):
                    convolutions[f"depthwise{i}"] = self.add(f"{name}.depthwise{i}", 3, outputs, outputs, groups=outputs)
            return convolutions

        def apply_named(self, name, x):
            return self.convolutions[name](x, self.gains[name])

        def parameters_by_name(self):
            return {f"{name}.{kind}": getattr(convolution, kind)
                    for name, convolution in self.convolutions.items() for kind in ("weight", "bias")}

        def exported(self):
            """What goes into a file for srprof: the network without masks and factors."""
            tensors = {}
            for name, convolution in self.convolutions.items():
                for kind, tensor in zip(("weight", "bias"), convolution.numbers(self.gains[name])):
                    tensors[f"{name}.{kind}"] = tensor.detach().cpu().numpy()
            return tensors

        def load(self, tensors, file):
            """Takes the numbers of such a file."""
            for name, parameter in self.parameters_by_name().items():
                if name not in tensors:
                    raise Refused(f"{file}: has no tensor '{name}'")
                if tensors[name].shape != tuple(parameter.shape):
                    raise Refused(f"{file}: '{name}' has shape {list(tensors[name].shape)}, not {list(parameter.shape)}")
                gain = self.gains[name.rsplit(".", 1)[0]]
                with torch.no_grad():
                    parameter.copy_(torch.from_numpy(tensors[name].astype(np.float32)) / gain)

    def cell(block, at, x, gain):
        """A cell of convolutions by their names; `gain` is the factor on a residual."""
        if block in ("wdsr-a", "wdsr-b"):
            y = F.relu(at["conv0"](x))
            for i in range(1, len(at) - 1):
                y = at[f"conv{i}"](y)
            return x + at[f"conv{len(at) - 1}"](y, gain)
        if block == "inverted-residual":
            return x + at["conv1"](F.relu6(at["depthwise0"](F.relu6(at["conv0"](x)))), gain)
        if block == "ghost":
            y = F.relu(at["conv0"](x))
            y = torch.cat([y, F.relu(at["depthwise0"](y))], dim=1)
            y = at["conv1"](y, gain)
            return x + torch.cat([y, at["depthwise1"](y)], dim=1)
        active = active_channels(block, x.shape[1])
        if block == "splitsr":
            return torch.cat([x[:, active:], F.relu(at["conv0"](x[:, :active]))], dim=1)
        rest, y = x[:, :-active], x[:, -active:]
        if block == "idle":
            y = at["conv1"](F.relu6(at["depthwise0"](F.relu6(at["conv0"](y)))))
            return torch.cat([rest, y], dim=1)
        y = F.relu(at["conv1"](at["depthwise0"](F.relu(at["conv0"](y)))))
        return torch.stack([rest, y], dim=2).flatten(1, 2)  # Channels of the halves take turns.

    def wdsr(image, scale, head, cells, tail, skip):
        """WDSR (Yu et al. 2018): cells are blocks and their convolutions; residuals are times 1/sqrt(cells)."""
        image = image - 0.5
        x = head(image)
        for block, convolutions in cells:
            x = cell(block, convolutions, x, len(cells) ** -0.5)
        return F.pixel_shuffle(tail(x) + skip(image), scale) + 0.5

    class WDSR(Network):
        """A candidate with the widths that its cells say; `schemes` of its layers by name."""

        def __init__(self, scale, channels, cells):
            super().__init__()
            self.scale, self.cells = scale, cells
            self.head = self.add("head", 3, 3, channels)
            self.layers, self.schemes = [], {}
            for index, (block, widths, layers) in enumerate(cells):
                self.layers.append(self.add_cell(f"cell{index}", block, channels, widths, len(cells) ** -0.5))
                self.schemes.update((f"cell{index}.conv{i}", layer) for i, layer in enumerate(layers))
            self.tail = self.add("tail", 3, channels, 3 * scale * scale)
            self.skip = self.add("skip", 5, 3, 3 * scale * scale)

        def forward(self, image):
            blocks = [block for block, _, _ in self.cells]
            return wdsr(image, self.scale, self.head, list(zip(blocks, self.layers)), self.tail, self.skip)

        def pruned(self):
            """The network with the filters of largest norm, then with masks by magnitude."""
            cells = [(block, [nearest(width / rate) if scheme == "filter" else width
                              for width, (scheme, rate) in zip(widths, layers)], layers)
                     for block, widths, layers in self.cells]
            for index, (_, widths, _) in enumerate(cells):
                if widths and min(widths) < 1:
                    raise Refused(f"cells[{index}].layers: a rate leaves no filter")
            result = WDSR(self.scale, self.head.weight.shape[0], cells).to(self.head.weight.device)
            with torch.no_grad():
                for name in ("head", "tail", "skip"):
                    result.convolutions[name].load_state_dict(self.convolutions[name].state_dict())
                for index, ((_, widths, layers), convolutions) in enumerate(zip(cells, self.layers)):
                    inputs = None
                    for i in range(len(layers)):
                        weight, bias = convolutions[f"conv{i}"].weight, convolutions[f"conv{i}"].bias
                        if inputs is not None:
                            weight, inputs = weight[:, inputs], None
                        if layers[i][0] == "filter":
                            norms = group_norms("filter", weight).cpu().numpy()
                            inputs = torch.from_numpy(np.flatnonzero(largest(norms, widths[i]))).to(weight.device)
                            weight, bias = weight[inputs], bias[inputs]
                        result.layers[index][f"conv{i}"].take(weight, bias)
                        if f"depthwise{i}" in convolutions:
                            depthwise = convolutions[f"depthwise{i}"]
                            left = slice(None) if inputs is None else inputs
                            result.layers[index][f"depthwise{i}"].take(depthwise.weight[left], depthwise.bias[left])
            result.set_masks()
            return result

        def set_masks(self):
            for name, (scheme, rate) in self.schemes.items():
                if scheme in MASKS:
                    weight = self.convolutions[name].weight.detach().cpu().numpy()
                    self.convolutions[name].set_mask(mask_by(scheme, rate, weight, name))

        @property
        def is_pruned(self):
            return any(scheme == "pattern" or (scheme != "none" and rate > 1) for scheme, rate in self.schemes.values())

    class SplitSR(Network):
        """SplitSR (Liu et al. 2021), hybrid by groups, as srprof's family `splitsr` has it."""

        def __init__(self, scale, settings):
            super().__init__()
            self.scale = scale
            self.groups = whole(settings.get("groups", 6), "groups", 1, 64)
            self.blocks = whole(settings.get("blocks", 6), "blocks", 1, 64)
            channels = whole(settings.get("channels", 64), "channels", 2, 512)
            alpha = number(settings.get("alpha", 0.25), "alpha", 0.01, 1)
            hybrid = min(whole(settings.get("hybrid", 3), "hybrid", 0, 64), self.groups)
            mode, location = settings.get("mode", "front"), settings.get("location", "features")
            if mode not in ("front", "back"):
                raise Refused(f"mode: is front or back, not {mode!r}")
            if location not in ("features", "upsampler", "both"):
                raise Refused(f"location: is features, upsampler or both, not {location!r}")
            self.channels, self.active = channels, min(channels, max(1, nearest(alpha * channels)))
            hybrid = 0 if location == "upsampler" else hybrid
            is_split = [group < hybrid if mode == "front" else group >= self.groups - hybrid for group in range(self.groups)]
            self.is_split, self.splits_upsampler = is_split, location != "features" and self.active < channels
            self.factors = [2, 2] if scale == 4 else [scale]
            self.add("head", 3, 3, channels)
            for group in range(self.groups):
                for block in range(self.blocks):
                    if is_split[group]:
                        self.add(f"group{group}.block{block}.conv", 3, self.active, self.active)
                    else:
                        self.add(f"group{group}.block{block}.conv0", 3, channels, channels)
                        self.add(f"group{group}.block{block}.conv1", 3, channels, channels)
                self.add(f"group{group}.tail", 3, channels, channels)
            self.add("body.tail", 3, channels, channels)
            for index, factor in enumerate(self.factors):
                width = self.active if self.splits_upsampler else channels
                self.add(f"up{index}.conv" if self.splits_upsampler else f"up{index}", 3, width, width * factor * factor)
            self.add("tail", 3, channels, 3)
            self.register_buffer("mean", torch.tensor([0.4488, 0.4371, 0.4040]).view(1, 3, 1, 1), persistent=False)

        def forward(self, image):
            run = self.apply_named
            head = run("head", image - self.mean)
            x = head
            for group in range(self.groups):
                group_input = x
                for block in range(self.blocks):
                    name = f"group{group}.block{block}.conv"
                    if self.is_split[group]:
                        active, passive = x[:, :self.active], x[:, self.active:]
                        x = torch.cat([passive, F.relu(run(name, active))], dim=1)
                    else:
                        x = x + run(name + "1", F.relu(run(name + "0", x)))
                x = group_input + run(f"group{group}.tail", x)
            x = head + run("body.tail", x)
            for index, factor in enumerate(self.factors):
                if self.splits_upsampler:
                    active, passive = x[:, :self.active], x[:, self.active:]
                    passive = passive.repeat_interleave(factor * factor, dim=1)
                    x = torch.cat([passive, run(f"up{index}.conv", active)], dim=1)
                else:
                    x = run(f"up{index}", x)
                x = F.pixel_shuffle(x, factor)
            return run("tail", x) + self.mean

    class Supernet(Network):
        """Every block of the space in every cell, once for each number of channels; weights are shared by
        all candidates that have a block in a cell."""

        def __init__(self, scale, space):
            super().__init__()
            self.scale, self.depths, self.blocks = scale, space.depths, space.blocks
            self.channels, self.one_path, self.cells = space.channels, None, {}
            for channels in space.channels:
                self.add(f"channels{channels}.head", 3, 3, channels)
                for cell in range(max(space.depths)):
                    for block in space.blocks:
                        name = f"channels{channels}.cell{cell}.{block}"
                        self.cells[name] = self.add_cell(name, block, channels, space.widths(block, channels))
                self.add(f"channels{channels}.tail", 3, channels, 3 * scale * scale)
                self.add(f"channels{channels}.skip", 5, 3, 3 * scale * scale)

        def forward(self, image, channels=None, path=None):
            if path is None:
                channels, path = self.one_path
            prefix = f"channels{channels}."
            cells = [(block, self.cells[f"{prefix}cell{index}.{block}"]) for index, block in enumerate(path)]
            head, tail, skip = (self.convolutions[prefix + name] for name in ("head", "tail", "skip"))
            return wdsr(image, self.scale, head, cells, tail, skip)


class Space:
    """What the supernet has to hold, of a space file."""

    def __init__(self, space):
        def whole_numbers(value, otherwise):
            found = [int(text) for text in re.findall(r"\d+", json.dumps(value))] if value is not None else []
            return found or otherwise

        self.channels = sorted(set(whole_numbers(space.get("channels"), [16])))
        cells = whole_numbers(space.get("cells"), [4])
        self.depths = list(range(min(cells), max(cells) + 1)) if isinstance(space.get("cells"), (list, dict, str)) else cells
        blocks = space.get("blocks") or ["wdsr-a", "wdsr-b"]
        self.blocks = [block for block in KERNELS if block in ([blocks] if isinstance(blocks, str) else blocks)]
        self.expansion, self.linear = space.get("expansion"), space.get("linear")
        if not self.blocks or min(self.channels + self.depths) < 1:
            raise Refused(f"the space has no block that this evaluator knows; it knows {', '.join(KERNELS)}")

    def widths(self, block, channels):
        expansion = self.expansion.get(block) if isinstance(self.expansion, dict) else self.expansion
        return usual_widths(block, channels, expansion, self.linear)


def inherited(tensors, network, channels):
    """A candidate's numbers out of the supernet's: the filters of largest norm where it is narrower."""
    result = {}
    for name in ("head", "tail", "skip"):
        for kind in ("weight", "bias"):
            result[f"{name}.{kind}"] = tensors.get(f"channels{channels}.{name}.{kind}")
    for index, (block, _, layers) in enumerate(network.cells):
        inputs = None
        for i in range(len(layers)):
            source = f"channels{channels}.cell{index}.{block}."
            if f"{source}conv{i}.weight" not in tensors:
                raise Refused(f"the supernet has no {block} of {channels} channels in cell {index}")
            weight, bias = tensors[f"{source}conv{i}.weight"], tensors[f"{source}conv{i}.bias"]
            if inputs is not None:
                weight = weight[:, inputs]
            wanted = network.layers[index][f"conv{i}"].weight.shape[0]
            inputs = None
            if wanted < len(weight):
                inputs = np.flatnonzero(largest((weight**2).sum(axis=(1, 2, 3)), wanted))
                weight, bias = weight[inputs], bias[inputs]
            result[f"cell{index}.conv{i}.weight"], result[f"cell{index}.conv{i}.bias"] = weight, bias
            if f"depthwise{i}" in network.layers[index]:
                for kind in ("weight", "bias"):
                    tensor = tensors[f"{source}depthwise{i}.{kind}"]
                    result[f"cell{index}.depthwise{i}.{kind}"] = tensor if inputs is None else tensor[inputs]
    return result


# ---------------------------------------------------------------------------------------------------------
# Training

class Patches:
    """Random patches of the training images, flipped and turned; cut where the images lie."""

    def __init__(self, pairs, scale, device):
        self.scale, self.device = scale, device
        heights, widths = zip(*(small.shape[:2] for small, _ in pairs))
        self.heights, self.widths = np.array(heights), np.array(widths)
        self.offsets = np.cumsum([0] + [height * width for height, width in zip(heights, widths)])[:-1]
        flat = lambda images: torch.from_numpy(np.concatenate([image.reshape(-1, 3) for image in images])).to(device)
        self.small, self.large = flat([small for small, _ in pairs]), flat([large for _, large in pairs])

    def batch(self, random, count, patch):
        """Small patches and the large ones they come from, in [0, 1]."""
        fitting = np.flatnonzero((self.heights >= patch) & (self.widths >= patch))
        image = random.choice(fitting, count)
        y = random.integers(self.heights[image] - patch + 1)
        x = random.integers(self.widths[image] - patch + 1)
        turns = random.integers(2, size=(3, count))
        numbers = np.stack([self.offsets[image], self.widths[image], y, x, *turns])
        numbers = torch.from_numpy(numbers).to(self.device)[:, :, None, None]
        offset, width, y, x, turned, flipped, mirrored = numbers

        def cut(pixels, factor):
            size = patch * factor
            line = torch.arange(size, device=self.device)
            down, right = line.view(1, -1, 1), line.view(1, 1, -1)
            row = torch.where(turned == 1, right, down)
            column = torch.where(turned == 1, down, right)
            row = torch.where(flipped == 1, size - 1 - row, row) + y * factor
            column = torch.where(mirrored == 1, size - 1 - column, column) + x * factor
            index = offset * factor * factor + row * (width * factor) + column
            return pixels[index].permute(0, 3, 1, 2).float() / 255

        return cut(self.small, 1), cut(self.large, self.scale)


class Run:
    """One message being worked on: its heartbeat, its deadline, its checkpoint."""

    def __init__(self, message, evaluator):
        self.message, self.evaluator = message, evaluator
        self.id, self.seed = str(message["id"]), int(message.get("seed", 1))
        self.folder = message.get("checkpoint") or os.path.join(evaluator.directory, self.id)
        self.started = self.beaten = self.saved = time.monotonic()
        self.step, self.value = 0, None
        self.seconds = float(message.get("deadlineSeconds") or math.inf)
        # What makes this run another one; a checkpoint of another run is not taken up.
        parts = {key: message.get(key) for key in ("type", "seed", "steps", "fidelity", "lambda", "candidate", "supernet", "weights", "masks")}
        parts["options"] = [evaluator.options.batch, evaluator.options.patch, evaluator.options.learning_rate, evaluator.space_text]
        self.digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def checkpoint(self):
        return os.path.join(self.folder, "checkpoint.safetensors")

    def beat(self):
        """Says that it is alive, and stops where it was told to."""
        if self.id in self.evaluator.cancelled or self.evaluator.said_bye:
            raise Stopped("cancelled")
        now = time.monotonic()
        if now - self.started > self.seconds:
            raise Late(f"the deadline of {self.message['deadlineSeconds']} s passed at step {self.step}")
        if now - self.beaten >= 5:
            self.beaten = now
            value = {} if self.value is None else {"value": self.value}
            self.evaluator.say(type="progress", id=self.id, step=self.step, **value)

    def is_save_due(self):
        return time.monotonic() - self.saved >= self.evaluator.options.save_seconds

    def random(self, step):
        return np.random.default_rng((self.seed, step))


def save_training(run, network, optimizer, step, phase):
    tensors = {}
    for name, parameter in network.parameters_by_name().items():
        tensors[name] = parameter.detach().cpu().numpy()
        state = optimizer.state.get(parameter)
        if state:
            tensors[f"adam.mean.{name}"] = state["exp_avg"].cpu().numpy()
            tensors[f"adam.square.{name}"] = state["exp_avg_sq"].cpu().numpy()
            tensors[f"adam.step.{name}"] = np.array(float(state["step"]), np.float32)
    for name, convolution in network.convolutions.items():
        if convolution.mask is not None:
            tensors[f"{name}.mask"] = convolution.mask.cpu().numpy().astype(np.uint8)
    write_tensors(run.checkpoint, tensors, {"run": run.digest, "step": step, "phase": phase})
    run.saved = time.monotonic()


def saved_training(run):
    """Tensors, step and phase of this run's checkpoint; nothing without one."""
    if os.path.exists(run.checkpoint):
        try:
            tensors, metadata = read_tensors(run.checkpoint)
            if metadata.get("run") == run.digest:
                return tensors, int(metadata["step"]), metadata["phase"]
            log(f"{run.checkpoint}: is of another run, which is not carried on")
        except (Refused, KeyError, ValueError) as error:
            log(f"{run.checkpoint}: cannot be read, so the run starts anew: {error}")
    return None, 0, None


def restore_training(network, optimizer, tensors):
    for name, parameter in network.parameters_by_name().items():
        with torch.no_grad():
            parameter.copy_(torch.from_numpy(tensors[name]))
        if f"adam.mean.{name}" in tensors:
            moment = lambda kind: torch.from_numpy(tensors[f"adam.{kind}.{name}"]).to(parameter.device)
            optimizer.state[parameter] = {
                "step": torch.tensor(float(tensors[f"adam.step.{name}"])), "exp_avg": moment("mean"), "exp_avg_sq": moment("square")}


def train(run, network, steps, first=0, until=None, rate=None, saved=None, phase="", loss=None, before_step=None, patch=None):
    """Steps `first` to `until` of `steps`: L1, Adam, a cosine from `rate` to a twentieth of it. Saves now and
    then, and carries on from what was `saved`."""
    evaluator = run.evaluator
    options = evaluator.options
    rate = rate or options.learning_rate
    until = steps if until is None else until
    optimizer = torch.optim.Adam(network.parameters(), rate)
    if saved:
        restore_training(network, optimizer, saved)
    patches = evaluator.patches(run)
    network.train()
    sums = torch.zeros(2, device=evaluator.device)
    summed = 0
    for step in range(first, until):
        run.step = step
        if summed and (summed % 50 == 0 or time.monotonic() - run.beaten >= 5):
            error, square = (sums / summed).tolist()
            if not math.isfinite(error):
                raise Diverged(f"the loss is {error} at step {step}")
            run.value = 100.0 if square <= 0 else min(100.0, -10 * math.log10(square))
            sums.zero_()
            summed = 0
        run.beat()
        if run.is_save_due():
            save_training(run, network, optimizer, step, phase)
        for group in optimizer.param_groups:
            group["lr"] = rate * (0.05 + 0.95 * (1 + math.cos(math.pi * step / max(steps, 1))) / 2)
        random = run.random(step)
        small, large = patches.batch(random, options.batch, patch or options.patch)
        if before_step:
            before_step(step)
        difference = (network(small, *evaluator.path(network, random)) if isinstance(network, Supernet) else network(small)) - large
        error = difference.abs().mean()
        optimizer.zero_grad(set_to_none=True)
        (error if loss is None else error + loss()).backward()
        optimizer.step()
        with torch.no_grad():
            sums += torch.stack([error.detach(), (difference.detach() ** 2).mean()])
        summed += 1
    run.step = until
    if not all(bool(torch.isfinite(parameter).all()) for parameter in network.parameters()):
        raise Diverged(f"a weight is not finite at step {until}")
    if until < steps or until > first:
        save_training(run, network, optimizer, until, phase)


# ---------------------------------------------------------------------------------------------------------
# The protocol

def log(text):
    print(f"evaluator: {text}", file=sys.stderr, flush=True)


class Evaluator:
    def __init__(self, options, output):
        self.options, self.output = options, output
        self.cancelled, self.said_bye = set(), False
        self.loaded_patches = self.loaded_validation = None
        self.device = None

    def say(self, **message):
        self.output.write(json.dumps(message, allow_nan=False) + "\n")
        self.output.flush()

    # Messages

    def hello(self, message):
        if message.get("protocol") != 1:
            raise Refused(f"this evaluator speaks protocol 1, not {message.get('protocol')!r}")
        if torch is None:
            raise Refused(f"PyTorch does not import ({torch_error}): apt-get install python3-torch, or pip install torch")
        self.scale = whole(message.get("scale"), "scale", 2, 4)
        self.space = message.get("space") or {}
        self.space_text = json.dumps(self.space, sort_keys=True)
        self.directory = message.get("directory") or "."
        torch.set_num_threads(whole(message.get("threads", 1), "threads", 1, 4096))
        torch.set_flush_denormal(True)  # Weights on their way to zero would slow processors down.
        torch.backends.cudnn.benchmark = False
        torch.backends.cudnn.deterministic = True
        try:
            self.device = torch.device(self.options.device)
            torch.zeros(1, device=self.device)
        except Exception as error:
            raise Refused(f"--device {self.options.device}: {str(error).splitlines()[0]}")
        self.validation = validation_files(self.options.validate, self.scale)
        patch = self.options.patch
        sizes = [(min(image_size(file)) // self.scale, file) for file in image_files(self.options.images, "train")]
        self.training = [file for size, file in sizes if size >= patch][:self.options.limit]
        if not self.training:
            size, file = max(sizes)
            raise Refused(f"{self.options.images}: every image is smaller than a patch of {patch} when made {self.scale} times "
                          f"smaller; {file} is {size}: give --patch {size} or larger images")
        if len(self.training) < len(sizes):
            log(f"{len(self.training)} of {len(sizes)} images are taken; others are smaller than {patch * self.scale} pixels")
        self.say(type="ready", protocol=1, name="srprof reference", version=VERSION, device=str(self.device),
                 metric="psnrY", direction="maximize", fidelities=self.options.fidelity)

    def prepare(self, message, run):
        if self.space.get("family", "wdsr") != "wdsr":
            raise Refused(f"a supernet is for spaces of the family wdsr, not {self.space['family']!r}")
        steps = whole(message.get("steps"), "steps", 1, 10**9)
        torch.manual_seed(run.seed)
        network = Supernet(self.scale, Space(self.space)).to(self.device)
        saved, step, _ = saved_training(run)
        done = steps
        run.seconds *= 0.9  # The rest is for judging.
        try:
            train(run, network, steps, first=step, saved=saved)
        except Late:
            if run.step == 0:
                raise
            done = run.step  # A supernet that was trained for less is one.
        run.seconds = math.inf
        file = os.path.join(run.folder, "weights.safetensors")
        write_tensors(file, {name: tensor.detach().cpu().numpy() for name, tensor in network.parameters_by_name().items()})
        # Of one path, so that a supernet that learned nothing is seen.
        network.one_path = network.channels[-1], [network.blocks[0]] * network.depths[-1]
        self.end(run, self.judge(network, run), done, file)

    def path(self, supernet, random):
        """One random path: channels, and a block for each cell."""
        depth = int(random.choice(supernet.depths))
        return int(random.choice(supernet.channels)), [str(random.choice(supernet.blocks)) for _ in range(depth)]

    def evaluate(self, message, run):
        steps = whole(message.get("fidelity"), "fidelity", 0, 10**9)
        candidate = message.get("candidate")
        torch.manual_seed(run.seed)
        network = self.network(candidate)
        if isinstance(network, SplitSR):
            return self.evaluate_splitsr(network, steps, run)
        rate = self.options.learning_rate
        prune_at = 0
        if message.get("weights"):
            network.load(read_tensors(message["weights"])[0], message["weights"])
            rate /= 2
        elif message.get("supernet"):
            tensors, _ = read_tensors(message["supernet"])
            numbers = inherited(tensors, network, network.head.weight.shape[0])
            gains = network.gains
            network.load({name: tensor * gains[name.rsplit(".", 1)[0]] for name, tensor in numbers.items() if tensor is not None},
                         message["supernet"])
            rate /= 2
        elif network.is_pruned:
            prune_at = steps // 3  # Magnitudes mean something only after some training.
        saved, step, phase = saved_training(run)
        if phase != "pruned":
            if prune_at:
                train(run, network, steps, first=step, until=prune_at, rate=rate, saved=saved, phase="dense")
            network, saved, step = network.pruned(), None, prune_at
        else:
            network = network.pruned()
            self.restore_masks(network, saved)
        train(run, network, steps, first=step, rate=rate, saved=saved, phase="pruned")
        self.finish(network, steps, run)

    def evaluate_splitsr(self, network, steps, run):
        """By the paper's recipe: Adam 1e-4, patches of 96 of the large image."""
        saved, step, _ = saved_training(run)
        patch = min(96 // self.scale, self.options.patch)
        train(run, network, steps, first=step, saved=saved, rate=1e-4, patch=patch)
        self.finish(network, steps, run)

    def reweight(self, message, run):
        """Reweighted regularisation: lambda * sum of alpha * squared norms of groups, alpha = 1 / (norm + eps)
        anew every hundredth of the steps; eps is a hundredth of the layer's mean norm at the start."""
        steps = whole(message.get("steps"), "steps", 1, 10**9)
        weight_of_penalty = number(message.get("lambda", 0), "lambda", 0, 1e9)
        torch.manual_seed(run.seed)
        network = self.network(message.get("candidate"), of_family="wdsr")
        rate = self.options.learning_rate
        if message.get("weights"):
            network.load(read_tensors(message["weights"])[0], message["weights"])
            rate /= 2
        pruned = {name: (scheme, network.convolutions[name]) for name, (scheme, _) in network.schemes.items() if scheme != "none"}
        if not pruned:
            raise Refused("no layer of the candidate has a scheme, so there is nothing to weigh")
        with torch.no_grad():
            eps = {name: 0.01 * group_norms(scheme, it.weight).mean() + 1e-12 for name, (scheme, it) in pruned.items()}
        saved, step, _ = saved_training(run)
        alphas, every = {}, max(1, steps // 100)

        def update(step):
            if weight_of_penalty and (not alphas or step % every == 0):
                with torch.no_grad():
                    for name, (scheme, it) in pruned.items():
                        alphas[name] = 1 / (group_norms(scheme, it.weight) + eps[name])

        def penalty():
            return weight_of_penalty * sum((alphas[name] * group_norms(scheme, it.weight)).sum() for name, (scheme, it) in pruned.items())

        train(run, network, steps, first=step, saved=saved, rate=rate,
              loss=penalty if weight_of_penalty else None, before_step=update)
        norms = os.path.join(run.folder, "norms.safetensors")
        with torch.no_grad():
            write_tensors(norms, {name: group_norms(scheme, it.numbers(network.gains[name])[0]).cpu().numpy()
                                  for name, (scheme, it) in pruned.items()})
        self.finish(network, steps, run, norms=norms)

    def retrain(self, message, run):
        steps = whole(message.get("steps"), "steps", 0, 10**9)
        for key in ("weights", "masks"):
            if not message.get(key):
                raise Refused(f"retrain needs '{key}'")
        tensors, _ = read_tensors(message["weights"])
        masks, _ = read_tensors(message["masks"])
        network = self.network(message.get("candidate"), of_family="wdsr", tensors=tensors)
        network.load(tensors, message["weights"])
        for name, mask in masks.items():
            node = name[:-len(".weight")] if name.endswith(".weight") else None
            convolution = network.convolutions.get(node)
            if convolution is None:
                raise Refused(f"{message['masks']}: '{name}' is no weight of the candidate")
            if mask.shape != tuple(convolution.weight.shape):
                raise Refused(f"{message['masks']}: '{name}' has shape {list(mask.shape)}, not {list(convolution.weight.shape)}")
            convolution.set_mask(mask != 0, takes_bias=network.schemes.get(node, ("none", 1))[0] == "filter")
        saved, step, _ = saved_training(run)
        train(run, network, steps, first=step, saved=saved, rate=self.options.learning_rate / 2)
        self.finish(network, steps, run)

    # Parts of them

    def network(self, candidate, of_family=None, tensors=None):
        """The network of a candidate, dense; with the widths of `tensors` where these are given."""
        if not isinstance(candidate, dict):
            raise Refused(f"candidate: is an object, not {candidate!r}")
        family = candidate.get("family", "wdsr")
        if of_family and family != of_family:
            raise Refused(f"this is for candidates of the family {of_family}, not {family!r}")
        if whole(candidate.get("scale", self.scale), "scale", 2, 4) != self.scale:
            raise Refused(f"scale: is {candidate['scale']}, and this search's is {self.scale}")
        if family == "splitsr":
            return SplitSR(self.scale, candidate).to(self.device)
        if family != "wdsr":
            raise Refused(f"family: is wdsr or splitsr, not {family!r}")
        channels = whole(candidate.get("channels"), "channels", 1, 512)
        cells = read_cells(candidate, channels)
        if tensors is not None:
            cells = cells_left(cells, tensors)
        return WDSR(self.scale, channels, cells).to(self.device)

    def restore_masks(self, network, tensors):
        for name, convolution in network.convolutions.items():
            if f"{name}.mask" in tensors:
                convolution.set_mask(tensors[f"{name}.mask"])

    def finish(self, network, steps, run, **files):
        """Judges, writes the weights and says so."""
        file = os.path.join(run.folder, "weights.safetensors")
        write_tensors(file, network.exported())
        self.end(run, self.judge(network, run), steps, file, **files)

    def end(self, run, quality, steps, weights, **files):
        self.say(type="result", id=run.id, quality=quality, steps=steps, seconds=round(time.monotonic() - run.started, 3),
                 weights=os.path.abspath(weights), **files)
        try:
            os.remove(run.checkpoint)
        except OSError:
            pass

    def judge(self, network, run):
        network.eval()

        def pairs():
            for small, large in self.validation_pairs(run):
                run.beat()
                with torch.no_grad():
                    image = torch.from_numpy(small).to(self.device).permute(2, 0, 1)[None].float() / 255
                    result = network(image)[0].permute(1, 2, 0).cpu().numpy()
                if not np.isfinite(result).all():
                    raise Diverged("the network's picture has numbers that are not finite")
                yield brightness(eight_bits(result.astype(np.float64) * 255)), brightness(large)

        return quality(pairs(), self.scale)

    def load_images(self, files, run):
        images = []
        for file in files:
            run.beat()
            images.append(small_and_large(file, self.scale))
        return images

    def patches(self, run):
        if self.loaded_patches is None:
            self.loaded_patches = Patches(self.load_images(self.training, run), self.scale, self.device)
        return self.loaded_patches

    def validation_pairs(self, run):
        if self.loaded_validation is None:
            self.loaded_validation = self.load_images(self.validation, run)
        return self.loaded_validation

    # The loop

    def listen(self, messages):
        """Reads standard input beside the training, so that a cancel is heard at once."""
        for line in sys.stdin:
            if not line.strip():
                continue
            try:
                message = json.loads(line)
                if not isinstance(message, dict):
                    raise ValueError("no object")
            except ValueError as error:
                log(f"a line that is no JSON object is passed over: {error}")
                continue
            if message.get("type") == "cancel":
                self.cancelled.add(str(message.get("id")))
                continue
            self.said_bye = self.said_bye or message.get("type") == "bye"
            messages.put(message)
        messages.put({"type": "bye"})

    def answer(self, message):
        id = message.get("id", message.get("type"))

        def failed(kind, text, retry=False):
            text = " ".join(str(text).split()) or "no more is known"
            self.say(type="failed", id=str(id), kind=kind, message=text, retry=retry)

        try:
            kind = message.get("type")
            if kind == "hello":
                self.hello(message)
                return True
            if self.device is None:
                raise Refused("the first message is hello")
            if kind not in ("prepare", "evaluate", "reweight", "retrain") or "id" not in message:
                raise Refused(f"a message of type {kind!r} with members {sorted(message)} is not known")
            getattr(self, kind)(message, Run(message, self))
            return True
        except Refused as error:
            failed("invalid", error)
            return message.get("type") != "hello"
        except Diverged as error:
            failed("diverged", error)
        except Stopped as error:
            failed("other", error)
        except BrokenPipeError:
            raise
        except OSError as error:
            place = error.filename or message.get("checkpoint") or self.directory
            failed("other", f"{place}: {error.strerror or error}", retry=True)
        except MemoryError:
            failed("outOfMemory", "the memory of this machine is too small")
        except Exception as error:
            log(traceback.format_exc())
            text = f"{type(error).__name__}: {error}"
            memory = "out of memory" in text.lower() or "can't allocate memory" in text.lower()
            failed("outOfMemory" if memory else "other", text, retry=not memory)
        finally:
            if torch is not None and self.device is not None and self.device.type == "cuda":
                torch.cuda.empty_cache()
        return True

    def run(self):
        messages = queue.Queue()
        threading.Thread(target=self.listen, args=(messages,), daemon=True).start()
        while True:
            message = messages.get()
            if message.get("type") == "bye":
                return 0
            if not self.answer(message):
                return 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", metavar="FOLDER", help="images to train with")
    parser.add_argument("--validate", metavar="FOLDER", help="images to judge by")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:1 (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=16, help="patches in a step (default: %(default)s)")
    parser.add_argument("--patch", type=int, default=48, help="side of a patch of the small image (default: %(default)s)")
    parser.add_argument("--learning-rate", type=float, default=2e-3, help="of Adam for what starts anew; half of it for what goes on (default: %(default)s)")
    parser.add_argument("--fidelity", type=int, nargs="+", default=[600], help="training steps that it suggests for an evaluation (default: %(default)s)")
    parser.add_argument("--limit", type=int, default=None, help="take at most so many images to train with")
    parser.add_argument("--save-seconds", type=float, default=30, help="seconds between checkpoints (default: %(default)s)")
    parser.add_argument("--bicubic", action="store_true", help="say what bicubic enlargement reaches on the images of --validate, and end")
    parser.add_argument("--scale", type=int, default=2, choices=[2, 3, 4], help="of --bicubic (default: %(default)s)")
    options = parser.parse_args()
    for name, low in (("batch", 1), ("patch", 4)):
        if getattr(options, name) < low:
            parser.error(f"--{name} is at least {low}, not {getattr(options, name)}")
    if options.bicubic:
        try:
            means = bicubic_quality(validation_files(options.validate, options.scale), options.scale)
        except Refused as error:
            print(f"evaluator: {error}", file=sys.stderr)
            return 1
        print(f"bicubic x{options.scale}: PSNR-Y {means['psnrY']:.2f} dB, SSIM-Y {means['ssimY']:.4f}")
        return 0
    # Whatever a library prints goes to the log, never between messages.
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    try:
        return Evaluator(options, output).run()
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
