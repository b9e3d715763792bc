#!/usr/bin/python3
"""Makes the golden numbers beside it: what PyTorch says of the same weights and inputs.

    /usr/bin/python3 golden.py          (torch 1.13; writes lstm.json, network.json, optimise.json here)

Weights and inputs are float32 exactly; PyTorch computes in float64, so that what differs is the error of ours.
Matrices are row-major in our layout: [inputs][outputs], where PyTorch has [outputs][inputs].
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


def cell():
    """One layer over a sequence; loss = sum of h times chosen numbers."""
    generator = torch.Generator().manual_seed(1)
    steps, batch, inputs, units = 9, 3, 5, 7
    w, u, b = layer(generator, inputs, units)
    lstm = lstm_of([(w, u, b)])
    x = numbers(generator, steps, batch, inputs, scale=1.5).requires_grad_()
    dh = numbers(generator, steps, batch, units)
    h, (_, last_cell) = lstm(x)
    (h * dh).sum().backward()
    save("lstm.json", {
        "steps": steps, "batch": batch, "inputs": inputs, "units": units,
        "parameters": {"W": flat(w), "U": flat(u), "b": flat(b)},
        "x": flat(x), "dh": flat(dh), "h": flat(h), "lastCell": flat(last_cell),
        "gradient": gradients_of(lstm, 0), "dx": flat(x.grad)})


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
    cell()
    network()
    optimise()
