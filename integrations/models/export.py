"""Writes the models beside it, as a user would with PyTorch: python3 export.py (written by 1.13.1, opset 13)."""

import torch


class Naive(torch.nn.Module):
    """The textbook's, without the maximum."""

    def forward(self, logits):
        weights = torch.exp(logits)
        return weights / weights.sum(1, keepdim=True)


def export(module, file, **axes):
    torch.onnx.export(
        module, torch.zeros(1, 10), file, input_names=["scores"], output_names=["result"], opset_version=13, **axes
    )


export(Naive(), "naive-softmax.onnx", dynamic_axes={"scores": {0: "batch", 1: "classes"}, "result": {0: "batch", 1: "classes"}})
export(torch.nn.LogSoftmax(1), "log-softmax-of-ten.onnx", dynamic_axes={"scores": {0: "batch"}, "result": {0: "batch"}})

weights = torch.tensor([1.0, 0.5, 2.0, 0.0, 3.0])
torch.onnx.export(
    torch.nn.CrossEntropyLoss(weights, ignore_index=-1),
    (torch.zeros(2, 5), torch.zeros(2, dtype=torch.int64)),
    "weighted-loss.onnx",
    input_names=["scores", "labels"],
    output_names=["loss"],
    opset_version=13,
    dynamic_axes={"scores": {0: "batch"}, "labels": {0: "batch"}},
)


class Attention(torch.nn.Module):
    """The probabilities of attention: scores are scaled, perhaps capped, biased, and hidden where the mask is false."""

    def __init__(self, softcap, hidden):
        super().__init__()
        self.softcap, self.hidden = softcap, hidden

    def forward(self, scores, bias, mask):
        z = scores / 8
        if self.softcap is not None:
            z = self.softcap * torch.tanh(z / self.softcap)
        return torch.softmax((z + bias).masked_fill(~mask, self.hidden), -1)


def export_attention(module, file):
    names = ["scores", "bias", "mask"]
    zeros = torch.zeros(2, 5)
    torch.onnx.export(
        module,
        (zeros, zeros, zeros == 0),
        file,
        input_names=names,
        output_names=["result"],
        opset_version=13,
        dynamic_axes={name: {0: "queries", 1: "keys"} for name in [*names, "result"]},
    )


export_attention(Attention(30.0, float("-inf")), "attention.onnx")
export_attention(Attention(None, -1e4), "finite-mask.onnx")
