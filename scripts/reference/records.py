"""Stored models as they are read, and arrays as fixtures keep them."""

import base64
import json

import numpy
import torch
from transformers import AutoConfig, AutoModelForCausalLM


def load(folder, **changes):
    """The stored model in f32 with eager attention, some of its settings changed."""
    stored = json.loads((folder / "config.json").read_text()) | changes
    return AutoModelForCausalLM.from_pretrained(
        folder, config=AutoConfig.for_model(**stored), dtype=torch.float32, attn_implementation="eager").eval()


def logits(model, tokens):
    """[tokens, vocabulary]"""
    with torch.no_grad():
        return model(torch.tensor([tokens]), use_cache=False).logits[0].numpy()


def packed(values):
    """f32 little-endian, base64."""
    return base64.b64encode(numpy.ascontiguousarray(values, "<f4").tobytes()).decode()


def write(path, document):
    path.write_text(json.dumps(document, separators=(",", ":")) + "\n")
