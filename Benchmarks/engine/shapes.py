"""Checkpoints of a given shape with random bfloat16 weights, written a piece at a time: no model is ever in memory.

    python shapes.py llama-3-8b FOLDER [--sparse] [--adapter FOLDER]

Normal weights of standard deviation 0.02 (norm gains 1, biases 0), taken from a bank of 2²⁴ draws, each tensor from its own place in it.
With --sparse the blocks' matrices are holes in the file, which read as zeros and take no disk: for tests of memory alone.
--adapter writes a random LoRA adapter of rank 4 beside it, so that there is a tuned model too.
"""
import argparse
import json
import struct
import zlib
from pathlib import Path

import numpy as np

LLAMA = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "attention_bias": False,
         "mlp_bias": False, "rms_norm_eps": 1e-5, "dtype": "bfloat16", "bos_token_id": 0, "eos_token_id": 1,
         "attention_dropout": 0.0, "initializer_range": 0.02, "pretraining_tp": 1, "use_cache": True}
LLAMA_3_TURNS = {"rope_type": "llama3", "rope_theta": 500000.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                 "original_max_position_embeddings": 8192}
DEFAULT = {"rope_type": "default"}
BILLION = {
    "qwen2.5-0.5b": LLAMA | {
        "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_size": 896, "intermediate_size": 4864,
        "num_hidden_layers": 24, "num_attention_heads": 14, "num_key_value_heads": 2, "vocab_size": 151936,
        "max_position_embeddings": 32768, "rms_norm_eps": 1e-6, "tie_word_embeddings": True,
        "rope_parameters": DEFAULT | {"rope_theta": 1000000.0}},
    # Gemma-2-2B's widths with 12 of its 26 layers and a quarter of its vocabulary.
    "gemma-2-like": LLAMA | {
        "architectures": ["Gemma2ForCausalLM"], "model_type": "gemma2", "hidden_act": "gelu_pytorch_tanh",
        "hidden_activation": "gelu_pytorch_tanh", "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 12,
        "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256, "vocab_size": 64000,
        "max_position_embeddings": 8192, "rms_norm_eps": 1e-6, "tie_word_embeddings": True, "sliding_window": 4096,
        "query_pre_attn_scalar": 256, "attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0,
        "rope_parameters": DEFAULT | {"rope_theta": 10000.0}},
    "olmo-2-1b": LLAMA | {
        "architectures": ["Olmo2ForCausalLM"], "model_type": "olmo2", "hidden_size": 2048, "intermediate_size": 8192,
        "num_hidden_layers": 16, "num_attention_heads": 16, "num_key_value_heads": 16, "vocab_size": 100352,
        "max_position_embeddings": 4096, "rms_norm_eps": 1e-6, "tie_word_embeddings": False,
        "rope_parameters": DEFAULT | {"rope_theta": 500000.0}},
    "pythia-1b": {
        "architectures": ["GPTNeoXForCausalLM"], "model_type": "gpt_neox", "hidden_act": "gelu", "attention_bias": True,
        "layer_norm_eps": 1e-5, "dtype": "bfloat16", "bos_token_id": 0, "eos_token_id": 0, "use_parallel_residual": True,
        "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16, "num_attention_heads": 8,
        "vocab_size": 50304, "max_position_embeddings": 2048, "tie_word_embeddings": False,
        "rope_parameters": DEFAULT | {"rope_theta": 10000.0, "partial_rotary_factor": 0.25}},
}
SHAPES = {
    "llama-3.2-1b": LLAMA | {
        "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16, "num_attention_heads": 32,
        "num_key_value_heads": 8, "head_dim": 64, "vocab_size": 128256, "max_position_embeddings": 131072,
        "tie_word_embeddings": True, "rope_parameters": LLAMA_3_TURNS | {"factor": 32.0}},
    "llama-3-8b": LLAMA | {
        "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32,
        "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 128256, "max_position_embeddings": 8192,
        "tie_word_embeddings": False, "rope_parameters": {"rope_type": "default", "rope_theta": 500000.0}},
    "tiny": LLAMA | {
        "hidden_size": 64, "intermediate_size": 160, "num_hidden_layers": 3, "num_attention_heads": 4,
        "num_key_value_heads": 2, "head_dim": 16, "vocab_size": 300, "max_position_embeddings": 512,
        "tie_word_embeddings": True, "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0}},
    **BILLION,
    # The same families with the widths of "tiny".
    **{f"tiny-{name}": config | {key: size for key, size in {
        "hidden_size": 64, "intermediate_size": 160, "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2,
        "head_dim": 16, "vocab_size": 300, "query_pre_attn_scalar": 16}.items() if key in config}
       for name, config in BILLION.items()},
}
DEVIATION, BANK, PIECE = 0.02, 1 << 24, 1 << 22
LINEARS = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj",
           "mlp.up_proj", "mlp.down_proj")
NEOX_LINEARS = ("attention.query_key_value", "attention.dense", "mlp.dense_h_to_4h", "mlp.dense_4h_to_h")
NORMS = {
    "olmo2": ("post_attention_layernorm", "post_feedforward_layernorm", "self_attn.q_norm", "self_attn.k_norm"),
    "gemma2": ("input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"),
}


def linears(config):
    """{name: (outputs, inputs)} of a block."""
    d, f, heads = config["hidden_size"], config["intermediate_size"], config["num_attention_heads"]
    if config["model_type"] == "gpt_neox":
        return dict(zip(NEOX_LINEARS, [(3 * d, d), (d, d), (f, d), (d, f)]))
    head = config.get("head_dim") or d // heads
    q, k = heads * head, config["num_key_value_heads"] * head
    return dict(zip(LINEARS, [(q, d), (k, d), (k, d), (d, q), (f, d), (f, d), (d, f)]))


def tensors(config):
    """(name, shape) of every tensor, in the file's order."""
    d, v, kind = config["hidden_size"], config["vocab_size"], config["model_type"]
    stack, embedding, norm, head = (
        ("gpt_neox", "embed_in", "final_layer_norm", "embed_out") if kind == "gpt_neox"
        else ("model", "embed_tokens", "norm", "lm_head"))
    biased = {"gpt_neox": NEOX_LINEARS, "qwen2": LINEARS[:3]}.get(kind, ())
    norms = NORMS.get(kind, ("input_layernorm", "post_attention_layernorm"))
    parts = ("weight", "bias") if kind == "gpt_neox" else ("weight",)
    yield f"{stack}.{embedding}.weight", (v, d)
    for layer in range(config["num_hidden_layers"]):
        prefix = f"{stack}.layers.{layer}."
        for name, shape in linears(config).items():
            yield f"{prefix}{name}.weight", shape
            if name in biased:
                yield f"{prefix}{name}.bias", shape[:1]
        for name in norms:
            width = linears(config)[name.replace("_norm", "_proj")][0] if "self_attn" in name else d
            yield from ((f"{prefix}{name}.{part}", (width,)) for part in parts)
    yield from ((f"{stack}.{norm}.{part}", (d,)) for part in parts)
    if not config["tie_word_embeddings"]:
        yield f"{head}.weight", (v, d)


def bfloat16(values):
    """The upper halves of f32 values, rounded to nearest even, as unsigned 16-bit integers."""
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


class Bank:
    """Seeded normal draws; `pieces` hands out as many as a tensor needs, from a place that depends on its name."""

    def __init__(self, seed):
        self.seed = seed
        self.values = np.random.default_rng(seed).standard_normal(BANK, np.float32) * np.float32(DEVIATION)

    def pieces(self, name, count):
        # An odd step makes the place where each piece starts differ, so that no two rows of a matrix are alike.
        start, piece = zlib.crc32(f"{self.seed} {name}".encode()) % BANK, 0
        while count > 0:
            taken = min(count, PIECE)
            at = (start + piece * 5_000_011) % (BANK - taken) if taken < BANK else 0
            yield self.values[at:at + taken]
            count, piece = count - taken, piece + 1


def header(entries):
    """The safetensors header of (name, shape) entries in bfloat16, padded to 8 bytes."""
    table, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, shape in entries:
        size = 2 * int(np.prod(shape))
        table[name] = {"dtype": "BF16", "shape": list(shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(table, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text


def write(folder, config, seed=1, changed_by=None, sparse=False):
    """A model folder. `changed_by` makes the tuned model of a base of the same seed: noise of that deviation on every block matrix."""
    folder.mkdir(parents=True, exist_ok=True)
    bank, noise = Bank(seed), Bank(seed + 1) if changed_by else None
    entries = list(tensors(config))
    with open(folder / "model.safetensors", "wb") as file:
        file.write(header(entries))
        for name, shape in entries:
            count = int(np.prod(shape))
            if len(shape) == 1:
                # Gains of 1, which Gemma stores as 0, and biases of 0.
                gain = 0 if name.endswith("bias") or config["model_type"] == "gemma2" else 1
                file.write(bfloat16(np.full(count, gain, np.float32)).tobytes())
            elif sparse and ".layers." in name:
                file.seek(2 * count, 1)
            else:
                changed = noise is not None and ".layers." in name
                others = noise.pieces(name, count) if changed else None
                for piece in bank.pieces(name, count):
                    piece = piece + next(others) * np.float32(changed_by / DEVIATION) if changed else piece
                    file.write(bfloat16(piece).tobytes())
        file.truncate()
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def write_adapter(folder, config, rank=4, seed=3, size=0.02):
    """A random LoRA adapter on every linear map of every block, in PEFT's format."""
    folder.mkdir(parents=True, exist_ok=True)
    draws, entries, factors = np.random.default_rng(seed), [], []
    body = "gpt_neox" if config["model_type"] == "gpt_neox" else "model"
    for layer in range(config["num_hidden_layers"]):
        for name, (outputs, inputs) in linears(config).items():
            for factor, shape in (("lora_A", (rank, inputs)), ("lora_B", (outputs, rank))):
                entries.append((f"base_model.model.{body}.layers.{layer}.{name}.{factor}.weight", shape))
                factors.append(bfloat16(draws.standard_normal(shape, np.float32) * np.float32(size)))
    with open(folder / "adapter_model.safetensors", "wb") as file:
        file.write(header(entries))
        for factor in factors:
            file.write(factor.tobytes())
    (folder / "adapter_config.json").write_text(json.dumps({
        "peft_type": "LORA", "task_type": "CAUSAL_LM", "r": rank, "lora_alpha": 2 * rank, "lora_dropout": 0.0,
        "bias": "none", "fan_in_fan_out": False, "use_rslora": False, "use_dora": False, "inference_mode": True,
        "base_model_name_or_path": None, "target_modules": sorted(name.split(".")[1] for name in linears(config))},
        indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sparse", action="store_true")
    parser.add_argument("--adapter", type=Path)
    options = parser.parse_args()
    write(options.folder, SHAPES[options.shape], sparse=options.sparse)
    if options.adapter:
        write_adapter(options.adapter, SHAPES[options.shape])


if __name__ == "__main__":
    main()
