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
