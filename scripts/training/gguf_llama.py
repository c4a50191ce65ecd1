"""Read a Llama-family GGUF (F32, F16, Q8_0, Q4_1) as a transformers LlamaForCausalLM in f32 and its tokenizer.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""
import struct

import numpy as np
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM

SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
STRING, ARRAY = 8, 9
F32, F16, Q4_1, Q8_0 = 0, 1, 3, 8
CONTROL = 3  # a token type


class Reader:
    def __init__(self, path):
        self.data, self.at = np.memmap(path, dtype=np.uint8, mode="r"), 0

    def scalar(self, kind):
        size = struct.calcsize("<" + kind)
        (value,) = struct.unpack("<" + kind, self.data[self.at:self.at + size].tobytes())
        self.at += size
        return value

    def string(self):
        length = self.scalar("Q")
        self.at += length
        return self.data[self.at - length:self.at].tobytes().decode("utf-8")

    def value(self, kind):
        if kind == STRING:
            return self.string()
        if kind == ARRAY:
            element, count = self.scalar("I"), self.scalar("Q")
            return [self.value(element) for _ in range(count)]
        return self.scalar(SCALARS[kind])


def dequantise(raw, kind, count):
    """`count` f32 values from the bytes of a tensor; blocks are of 32 values."""
    if kind == F32:
        return raw[:4 * count].view("<f4").astype(np.float32)
    if kind == F16:
        return raw[:2 * count].view("<f2").astype(np.float32)
    blocks = count // 32
    if kind == Q8_0:  # scale, 32 signed bytes
        block = raw[:34 * blocks].reshape(blocks, 34)
        scale = block[:, :2].copy().view("<f2").astype(np.float32)
        return (scale * block[:, 2:].view(np.int8).astype(np.float32)).reshape(-1)
    if kind == Q4_1:  # scale, minimum, 16 bytes: low halves are values 0 to 15, high halves 16 to 31
        block = raw[:20 * blocks].reshape(blocks, 20)
        scale = block[:, 0:2].copy().view("<f2").astype(np.float32)
        minimum = block[:, 2:4].copy().view("<f2").astype(np.float32)
        nibbles = np.concatenate([block[:, 4:] & 15, block[:, 4:] >> 4], axis=1).astype(np.float32)
        return (scale * nibbles + minimum).reshape(-1)
    raise ValueError(f"tensor type {kind} is not supported")


def read(path):
    """(metadata, {name: f32 array})."""
    reader = Reader(path)
    magic, version = reader.scalar("I"), reader.scalar("I")
    if magic != 0x46554747 or version not in (2, 3):
        raise ValueError(f"{path} is not a GGUF of version 2 or 3")
    tensors, keys = reader.scalar("Q"), reader.scalar("Q")
    metadata = {}
    for _ in range(keys):
        key = reader.string()
        metadata[key] = reader.value(reader.scalar("I"))
    entries = []
    for _ in range(tensors):
        name = reader.string()
        shape = [reader.scalar("Q") for _ in range(reader.scalar("I"))][::-1]  # innermost first in the file
        entries.append((name, shape, reader.scalar("I"), reader.scalar("Q")))
    alignment = metadata.get("general.alignment", 32)
    start = -(-reader.at // alignment) * alignment
    weights = {}
    for name, shape, kind, offset in entries:
        count = int(np.prod(shape))
        raw = np.asarray(reader.data[start + offset:start + offset + 4 * count])
        weights[name] = dequantise(raw, kind, count).reshape(shape)
    return metadata, weights


def unpermute(weight, heads):
    """Undoes the row order that GGUF gives queries and keys: pairs (i, i + half) were made neighbours."""
    rows, width = weight.shape
    return weight.reshape(heads, rows // heads // 2, 2, width).swapaxes(1, 2).reshape(rows, width)


NAMES = {"attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
         "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
         "ffn_down": "mlp.down_proj", "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm"}


def load(path):
    """(LlamaForCausalLM in f32, tokenizers.Tokenizer without a BOS)."""
    metadata, weights = read(path)
    get = lambda key: metadata["llama." + key]
    heads, kv_heads = get("attention.head_count"), get("attention.head_count_kv")
    state = {"model.embed_tokens.weight": weights.pop("token_embd.weight"),
             "model.norm.weight": weights.pop("output_norm.weight")}
    tied = "output.weight" not in weights
    state["lm_head.weight"] = state["model.embed_tokens.weight"] if tied else weights.pop("output.weight")
    for name, weight in weights.items():
        _, layer, kind, _ = name.split(".")
        if kind in ("attn_q", "attn_k"):
            weight = unpermute(weight, heads if kind == "attn_q" else kv_heads)
        state[f"model.layers.{layer}.{NAMES[kind]}.weight"] = weight
    vocabulary, width = state["model.embed_tokens.weight"].shape
    model = LlamaForCausalLM(LlamaConfig(
        vocab_size=vocabulary, hidden_size=width, intermediate_size=get("feed_forward_length"),
        num_hidden_layers=get("block_count"), num_attention_heads=heads, num_key_value_heads=kv_heads,
        rms_norm_eps=get("attention.layer_norm_rms_epsilon"), max_position_embeddings=get("context_length"),
        rope_parameters={"rope_type": "default", "rope_theta": get("rope.freq_base")}, tie_word_embeddings=tied))
    model.load_state_dict({k: torch.from_numpy(np.ascontiguousarray(v)) for k, v in state.items()}, strict=True)
    return model.float().eval(), tokenizer(metadata)


def tokenizer(metadata):
    """The byte-level BPE of `pre = smollm`: digits one by one, then GPT-2's split."""
    tokens = metadata["tokenizer.ggml.tokens"]
    merges = [tuple(m.split(" ")) for m in metadata["tokenizer.ggml.merges"]]
    result = Tokenizer(models.BPE({t: i for i, t in enumerate(tokens)}, merges))
    result.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    result.decoder = decoders.ByteLevel()
    result.add_special_tokens([AddedToken(t, special=True, normalized=False) for t, kind in
                               zip(tokens, metadata["tokenizer.ggml.token_type"]) if kind == CONTROL])
    return result
