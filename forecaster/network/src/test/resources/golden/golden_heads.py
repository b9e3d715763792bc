#!/usr/bin/python3
"""Makes likelihoods.json beside it: what PyTorch says of densities, their gradients and quantiles.

    /usr/bin/python3 golden_heads.py          (torch 1.13)

Raw numbers and targets are float32 exactly; PyTorch computes in float64.
"""
import json
import pathlib

import torch

HERE = pathlib.Path(__file__).parent
LEVELS = [0.025, 0.1, 0.5, 0.8]
LEAST_SCALE, LEAST_FREEDOM = float(torch.tensor(1e-3, dtype=torch.float32)), 2.0


def numbers(generator, *shape, scale=1.0):
    return ((torch.rand(*shape, generator=generator, dtype=torch.float64) * 2 - 1) * scale).float().double()


def squareplus(x):
    return (x + torch.sqrt(x * x + 4)) / 2


def flat(tensor):
    return [None if v != v else float(v) for v in tensor.detach().reshape(-1)]


def case(generator, parameters, distribution):
    """raw [parameters][horizon], bases [1][horizon]: one channel, one base, so that the centre is the base."""
    horizon, weight = 12, 1.5
    raw = numbers(generator, parameters, horizon, scale=2).requires_grad_()
    bases = numbers(generator, horizon, scale=3)
    targets = numbers(generator, horizon, scale=6)
    targets[5] = float("nan")
    d = distribution(bases + raw[0], squareplus(raw[1]) + LEAST_SCALE, raw)
    known = ~torch.isnan(targets)
    loss = -(weight * d.log_prob(torch.where(known, targets, torch.zeros_like(targets))) * known).sum()
    loss.backward()
    return {"horizon": horizon, "weight": weight, "raw": flat(raw), "bases": flat(bases), "targets": flat(targets),
            "loss": float(loss), "gradient": flat(raw.grad)}, d


def main():
    generator = torch.Generator().manual_seed(5)
    gaussian, normal = case(generator, 2, lambda location, scale, raw: torch.distributions.Normal(location, scale))
    level = torch.tensor(LEVELS, dtype=torch.float64)[:, None]
    gaussian["quantiles"] = flat(normal.icdf(level.expand(len(LEVELS), gaussian["horizon"])))
    student, _ = case(generator, 3, lambda location, scale, raw: torch.distributions.StudentT(
        squareplus(raw[2]) + LEAST_FREEDOM, location, scale))
    golden = {"maker": f"golden_heads.py, torch {torch.__version__}, float64", "levels": LEVELS,
              "gaussian": gaussian, "student": student}
    (HERE / "likelihoods.json").write_text(json.dumps(golden, indent=0) + "\n")


main()
