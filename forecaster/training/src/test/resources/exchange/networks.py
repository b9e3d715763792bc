#!/usr/bin/python3
"""Makes the files beside it: networks as PyTorch and its ONNX exporter write them, and what PyTorch says they answer.

    /usr/bin/python3 networks.py          (torch 1.13, onnx 1.12)

NAME.safetensors  the state_dict, laid out by hand as https://huggingface.co/docs/safetensors says
NAME.onnx         torch.onnx.export of the same module
NAME.json         x [steps][inputs], y [steps][outputs] (of last-step the last row alone), h and c [layers * directions][units] of the top module, float64
"""
import json
import pathlib
import struct

import torch
from torch import nn

HERE = pathlib.Path(__file__).parent
STEPS = 7


class Stack(nn.Module):
    """Recurrent modules on one another and a linear head, over the last one's outputs or over these and the inputs."""

    def __init__(self, modules, outputs, sees_inputs=False, name="fc"):
        super().__init__()
        top = modules[-1]
        self.sees_inputs = sees_inputs
        self.name = name
        if len(modules) == 1:
            self.rnn = top
        else:
            self.layers = nn.ModuleList(modules)
        width = top.hidden_size * (2 if top.bidirectional else 1)
        self.add_module(name, nn.Linear(width + (modules[0].input_size if sees_inputs else 0), outputs))

    def forward(self, x):
        h, last = x, None
        for module in [self.rnn] if hasattr(self, "rnn") else self.layers:
            h, last = module(h)
        y = getattr(self, self.name)(torch.cat([h, x], -1) if self.sees_inputs else h)
        return (y,) + (tuple(last) if isinstance(last, tuple) else (last,))


class LastStep(nn.Module):
    """As tutorials write it: batch first, and a head over the last step alone."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 5, num_layers=2, batch_first=True, dropout=0.1)
        self.linear = nn.Linear(5, 2)

    def forward(self, x):
        h, (last_h, last_c) = self.lstm(x)
        return self.linear(h[:, -1]), last_h, last_c


def write_safetensors(path, tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, tensor in tensors.items():
        numbers = tensor.detach().float().contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(numbers)]}
        data += numbers
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def save(name, network, batch_first=False):
    network.eval()
    inputs = next(network.parameters()).shape[1]
    write_safetensors(HERE / f"{name}.safetensors", network.state_dict(), {"format": "pt"})
    x = (torch.rand(STEPS, 1, inputs) * 4 - 2).float()
    x = x.transpose(0, 1) if batch_first else x
    axes = {0: "batch", 1: "steps"} if batch_first else {0: "steps", 1: "batch"}
    torch.onnx.export(network, (x,), str(HERE / f"{name}.onnx"), opset_version=14, input_names=["input"],
                      output_names=["output", "h", "c"][:len(network(x))],
                      dynamic_axes={"input": axes})
    with torch.no_grad():
        answers = network.double()(x.double())
    flat = {key: [float(v) for v in tensor.reshape(-1)] for key, tensor in zip("yhc", answers)}
    golden = {"maker": f"networks.py, torch {torch.__version__}", "steps": STEPS, "x": x.reshape(-1).tolist(), **flat}
    (HERE / f"{name}.json").write_text(json.dumps(golden, indent=0) + "\n")


if __name__ == "__main__":
    torch.manual_seed(3)
    for kind in (nn.RNN, nn.LSTM, nn.GRU):
        save(kind.__name__.lower(), Stack([kind(3, 5, num_layers=2, bidirectional=True)], 2))
    save("last-step", LastStep(), batch_first=True)
    save("mixed", Stack([nn.LSTM(4, 6), nn.GRU(6, 3, bias=False), nn.RNN(3, 5, bidirectional=True)], 3, True, "head"))
