#!/usr/bin/python3
"""Makes the golden numbers beside it: what PyTorch says of the same weights and inputs.

    /usr/bin/python3 golden.py          (torch 1.13; writes every .json here)

Weights and inputs are float32 exactly; PyTorch computes in float64, so that what differs is the error of ours.
Matrices are row-major in our layout: [inputs][outputs], where PyTorch has [outputs][inputs]. The cells' files keep nine
digits of a number, which is enough to read a float32 back exactly.
"""
import json
import pathlib

import torch

HERE = pathlib.Path(__file__).parent
MAKER = f"golden.py, torch {torch.__version__}, float64"


def numbers(generator, *shape, scale=1.0):
    """Uniform in (-scale, scale), rounded to float32."""
    drawn = (torch.rand(*shape, generator=generator, dtype=torch.float64) * 2 - 1) * scale
    return drawn.float().double()


def flat(tensor):
    return [float(v) for v in tensor.detach().reshape(-1)]


def nine(tensor):
    return [float(f"{v:.9g}") for v in flat(tensor)]


def save(name, golden):
    text = json.dumps({"maker": MAKER, **golden}, indent=0)
    (HERE / name).write_text(text + "\n")


def lstm_of(layers):
    """An nn.LSTM from our (W, U, b) of each layer. PyTorch's second bias is redundant and stays zero."""
    inputs, units = layers[0][0].shape[0], layers[0][1].shape[0]
    lstm = torch.nn.LSTM(inputs, units, num_layers=len(layers)).double()
    with torch.no_grad():
        for i, (w, u, b) in enumerate(layers):
            getattr(lstm, f"weight_ih_l{i}").copy_(w.T)
            getattr(lstm, f"weight_hh_l{i}").copy_(u.T)
            getattr(lstm, f"bias_ih_l{i}").copy_(b)
            getattr(lstm, f"bias_hh_l{i}").zero_()
    return lstm


def layer(generator, inputs, units):
    scale = 0.9
    return (numbers(generator, inputs, 4 * units, scale=scale), numbers(generator, units, 4 * units, scale=scale),
            numbers(generator, 4 * units, scale=scale))


def gradients_of(lstm, i):
    return {"W": flat(getattr(lstm, f"weight_ih_l{i}").grad.T), "U": flat(getattr(lstm, f"weight_hh_l{i}").grad.T),
            "b": flat(getattr(lstm, f"bias_ih_l{i}").grad)}


def leaves(generator, shapes, scale):
    """Weights in our layouts, to take the gradient by."""
    return {name: numbers(generator, *shape, scale=scale).requires_grad_() for name, shape in shapes.items()}


def run(module, ours, x):
    """x through a torch.nn module whose weights are `ours`, a dict by the module's names of what was made of leaves.

    Returns the outputs, the last state, and what takes a gradient back to the leaves once the module has its own."""
    module.double().load_state_dict({name: tensor.detach() for name, tensor in ours.items()})
    outputs, last = module(x)

    def back():
        mine = [name for name in ours if ours[name].requires_grad]
        torch.autograd.backward([ours[name] for name in mine], [getattr(module, name).grad for name in mine])
    return outputs, last, back


def torch_names(p, prefix="", suffix="_l0"):
    """Ours to a layer of nn.RNN or nn.LSTM. PyTorch's second bias is redundant and stays zero."""
    w, u, b = (p[prefix + name] for name in "WUb")
    return {"weight_ih" + suffix: w.T, "weight_hh" + suffix: u.T, "bias_ih" + suffix: b[0],
            "bias_hh" + suffix: torch.zeros_like(b[0])}


def gru_names(p):
    """Of PyTorch's second bias only the candidate's is not redundant: a, which the reset gate scales."""
    a = torch.cat([torch.zeros_like(p["a"][0]), torch.zeros_like(p["a"][0]), p["a"][0]])
    return {"weight_ih_l0": p["W"].T, "weight_hh_l0": torch.cat([p["U"], p["V"]], dim=1).T, "bias_ih_l0": p["b"][0],
            "bias_hh_l0": a}


def walk(step, x, width, cells=True):
    """A cell written out here, over x [steps][batch][inputs] from a state of zeros: step(x, h, c) -> h, c."""
    h = c = torch.zeros(x.shape[1], width, dtype=torch.float64)
    outputs = []
    for row in x:
        h, c = step(row, h, c)
        outputs.append(h)
    return torch.stack(outputs), c if cells else None, lambda: None


def lstm_step(sums, c, peep=None):
    """Gates i, f, g, o side by side in the last dimension of sums; peep has a row for each of i, f, o."""
    i, f, g, o = sums.chunk(4, dim=-1)
    if peep is not None:
        i, f = i + peep[0] * c, f + peep[1] * c
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    if peep is not None:
        o = o + peep[2] * c
    return torch.sigmoid(o) * torch.tanh(c), c


def reset_before_step(p, x, h):
    """Cho et al. (2014): the reset gate scales the hidden state before its product."""
    r, z, n = (x @ p["W"] + p["b"]).chunk(3, dim=-1)
    hr, hz = (h @ p["U"]).chunk(2, dim=-1)
    r, z = torch.sigmoid(r + hr), torch.sigmoid(z + hz)
    return (1 - z) * torch.tanh(n + (r * h) @ p["V"]) + z * h


def convolution(x, weights, rows, columns, kernel):
    """x [batch][position][channel] by weights [tap * channels][filters] -> [batch][position][filter], "same" zeros."""
    channels, taps = x.shape[-1], (1 if rows == 1 else kernel, 1 if columns == 1 else kernel)
    image = x.reshape(-1, rows, columns, channels).permute(0, 3, 1, 2)
    filters = weights.reshape(*taps, channels, -1).permute(3, 2, 0, 1)
    out = torch.nn.functional.conv2d(image, filters, padding=(taps[0] // 2, taps[1] // 2))
    return out.permute(0, 2, 3, 1).reshape(x.shape[0], rows * columns, -1)


def conv_lstm_step(p, x, h, c, rows, columns, kernel):
    """Shi et al. (2015), with the peepholes where there is a P."""
    positions, batch = rows * columns, x.shape[0]
    at = lambda row: row.reshape(batch, positions, -1)
    sums = (convolution(at(x), p["W"], rows, columns, kernel) + convolution(at(h), p["U"], rows, columns, kernel)
            + p["b"])
    h, c = lstm_step(sums, at(c), p["P"].reshape(3, positions, -1) if "P" in p else None)
    return h.reshape(batch, -1), c.reshape(batch, -1)


def sequence(name, seed, shapes, through, inputs, units, width, steps=50, batch=2, scale=0.6, **more):
    """A sequence of `width` outputs a step; loss = sum of them, h, times chosen numbers, dh.

    through(parameters, x) -> h [steps][batch][width], the last cell state or None, what finishes the way back"""
    generator = torch.Generator().manual_seed(seed)
    p = leaves(generator, shapes, scale)
    x = numbers(generator, steps, batch, inputs, scale=1.5).requires_grad_()
    dh = numbers(generator, steps, batch, width)
    h, last_cell, back = through(p, x)
    (h * dh).sum().backward()
    back()
    save(name, {
        "steps": steps, "batch": batch, "inputs": inputs, "units": units, **more,
        "parameters": {key: nine(tensor) for key, tensor in p.items()}, "x": nine(x), "dh": nine(dh), "h": nine(h),
        **({} if last_cell is None else {"lastCell": nine(last_cell)}),
        "gradient": {key: nine(tensor.grad) for key, tensor in p.items()}, "dx": nine(x.grad)})


def modules():
    """PyTorch's own cells."""
    x, h = 3, 4

    def rnn(p, xs):
        outputs, _, back = run(torch.nn.RNN(x, h), torch_names(p), xs)
        return outputs, None, back

    def lstm(p, xs):
        outputs, (_, cell), back = run(torch.nn.LSTM(x, h), torch_names(p), xs)
        return outputs, cell, back

    def gru(p, xs):
        outputs, _, back = run(torch.nn.GRU(x, h), gru_names(p), xs)
        return outputs, None, back

    sequence("rnn.json", 1, {"W": (x, h), "U": (h, h), "b": (1, h)}, rnn, x, h, h)
    sequence("lstm.json", 2, {"W": (x, 4 * h), "U": (h, 4 * h), "b": (1, 4 * h)}, lstm, x, h, h)
    sequence("gru.json", 3, {"W": (x, 3 * h), "U": (h, 2 * h), "V": (h, h), "b": (1, 3 * h), "a": (1, h)}, gru, x, h, h)


def variants():
    """Cells that PyTorch has not, written out above with its autograd."""
    x, h = 3, 4

    def peephole(p, xs):
        return walk(lambda row, hidden, cell: lstm_step(row @ p["W"] + hidden @ p["U"] + p["b"], cell, p["P"]), xs, h)

    def reset_before(p, xs):
        return walk(lambda row, hidden, none: (reset_before_step(p, row, hidden), none), xs, h, cells=False)

    sequence("peephole.json", 4, {"W": (x, 4 * h), "U": (h, 4 * h), "b": (1, 4 * h), "P": (3, h)}, peephole, x, h, h)
    sequence("gru-reset-before.json", 5, {"W": (x, 3 * h), "U": (h, 2 * h), "V": (h, h), "b": (1, 3 * h)}, reset_before,
             x, h, h)
    convolutional("convlstm-row.json", 6, {"rows": 1, "columns": 5, "kernel": 3}, peephole=False)
    convolutional("convlstm-grid.json", 7, {"rows": 3, "columns": 4, "kernel": 3}, peephole=False)
    convolutional("convlstm-peephole.json", 8, {"rows": 3, "columns": 4, "kernel": 3}, peephole=True)


def convolutional(name, seed, grid, peephole):
    """A ConvLSTM with two inputs and two filters at each position, by torch's conv2d."""
    x, f, positions, taps = 2, 2, grid["rows"] * grid["columns"], 3 if grid["rows"] == 1 else 9
    shapes = {"W": (taps * x, 4 * f), "U": (taps * f, 4 * f), "b": (1, 4 * f)}
    if peephole:
        shapes["P"] = (3, positions * f)

    def through(p, xs):
        return walk(lambda row, h, c: conv_lstm_step(p, row, h, c, **grid), xs, positions * f)

    sequence(name, seed, shapes, through, positions * x, f, positions * f, batch=1, scale=0.4, **grid)


def bidirectional():
    """nn.LSTM with two layers that read both ways: how layers and directions come together."""
    x, h = 3, 3
    shapes = {}
    for i, width in enumerate([x, 2 * h]):
        for prefix in (f"layer{i}.", f"layer{i}.reverse."):
            shapes |= {prefix + "W": (width, 4 * h), prefix + "U": (h, 4 * h), prefix + "b": (1, 4 * h)}

    def through(p, xs):
        names = {}
        for i in range(2):
            names |= torch_names(p, f"layer{i}.", f"_l{i}") | torch_names(p, f"layer{i}.reverse.", f"_l{i}_reverse")
        outputs, _, back = run(torch.nn.LSTM(x, h, num_layers=2, bidirectional=True), names, xs)
        return outputs, None, back

    sequence("bidirectional.json", 9, shapes, through, x, h, 2 * h, steps=20)


def squareplus(x):
    return (x + torch.sqrt(x * x + 4)) / 2


def quantiles_of(raw, bases, median):
    """raw [rows][C][B-1+Q][horizon], bases [rows][C][B][horizon] -> [rows][C][Q][horizon]"""
    count = bases.shape[2]
    blend = bases[:, :, count - 1]
    for k in range(count - 2, -1, -1):
        gate = torch.sigmoid(raw[:, :, k])
        blend = gate * bases[:, :, k] + (1 - gate) * blend
    offsets = raw[:, :, count - 1:]
    found = {median: blend + offsets[:, :, median]}
    for q in range(median + 1, offsets.shape[2]):
        found[q] = found[q - 1] + squareplus(offsets[:, :, q])
    for q in range(median - 1, -1, -1):
        found[q] = found[q + 1] - squareplus(offsets[:, :, q])
    return torch.stack([found[q] for q in range(offsets.shape[2])], dim=2)


def network():
    """Two layers, head, blend of seasons, weighted pinball loss with missing targets: the whole gradient."""
    generator = torch.Generator().manual_seed(2)
    steps, warm_up, batch, inputs, units = 8, 2, 3, 4, 6
    channels, count, horizon, levels = 2, 3, 3, [0.1, 0.5, 0.9, 0.975]
    layers = [layer(generator, inputs, units), layer(generator, units, units)]
    lstm = lstm_of(layers)
    outputs = channels * (count - 1 + len(levels)) * horizon
    head = {"Wh": numbers(generator, units, outputs), "Wx": numbers(generator, inputs, outputs, scale=0.3),
            "b": numbers(generator, outputs, scale=0.5)}
    for tensor in head.values():
        tensor.requires_grad_()
    x = numbers(generator, steps, batch, inputs)
    rows = (steps - warm_up) * batch
    bases = numbers(generator, rows, channels, count, horizon, scale=2)
    targets = numbers(generator, rows, channels, horizon, scale=3)
    targets[torch.rand(targets.shape, generator=generator) < 0.15] = float("nan")
    weights = (numbers(generator, rows, channels) + 2).float().double()

    h, _ = lstm(x)
    raw = h[warm_up:].reshape(rows, units) @ head["Wh"] + x[warm_up:].reshape(rows, inputs) @ head["Wx"] + head["b"]
    quantiles = quantiles_of(raw.reshape(rows, channels, count - 1 + len(levels), horizon), bases, levels.index(0.5))
    known = ~torch.isnan(targets)
    error = torch.where(known, targets, torch.zeros_like(targets))[:, :, None] - quantiles
    level = torch.tensor(levels, dtype=torch.float64)[None, None, :, None]
    pinball = torch.maximum(level * error, (level - 1) * error) * known[:, :, None] * weights[:, :, None, None]
    loss = pinball.sum()
    loss.backward()

    tensors, gradient = {}, {}
    for i, (w, u, b) in enumerate(layers):
        tensors |= {f"layer{i}.W": flat(w), f"layer{i}.U": flat(u), f"layer{i}.b": flat(b)}
        gradient |= {f"layer{i}.{name}": values for name, values in gradients_of(lstm, i).items()}
    for name, tensor in head.items():
        tensors[f"head.{name}"] = flat(tensor)
        gradient[f"head.{name}"] = flat(tensor.grad)
    save("network.json", {
        "steps": steps, "warmUp": warm_up, "batch": batch, "inputs": inputs, "units": units, "channels": channels,
        "bases": count, "horizon": horizon, "levels": levels, "parameters": tensors, "x": flat(x),
        "baseValues": flat(bases), "targets": [None if v != v else v for v in flat(targets)], "weights": flat(weights),
        "quantiles": flat(quantiles), "loss": float(loss), "gradient": gradient})


def optimise():
    """clip_grad_norm_ to 1, then torch.optim.Adam, twenty times, at a rate that changes."""
    generator = torch.Generator().manual_seed(3)
    size, updates, limit = 11, 20, 1.0
    theta = numbers(generator, size).requires_grad_()
    start = flat(theta)
    adam = torch.optim.Adam([theta], lr=1)
    rates, gradients, norms, clipped, path = [], [], [], [], []
    for update in range(updates):
        rate = 0.02 / (1 + update)
        gradient = numbers(generator, size, scale=0.2 if update % 3 == 0 else 3)
        theta.grad = gradient.clone()
        norms.append(float(torch.nn.utils.clip_grad_norm_([theta], limit)))
        clipped.append(flat(theta.grad))
        adam.param_groups[0]["lr"] = rate
        adam.step()
        rates.append(rate)
        gradients.append(flat(gradient))
        path.append(flat(theta))
    save("optimise.json", {"limit": limit, "start": start, "rates": rates, "gradients": gradients, "norms": norms,
                           "clipped": clipped, "path": path})


if __name__ == "__main__":
    modules()
    variants()
    bidirectional()
    network()
    optimise()
