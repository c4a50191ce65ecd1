"""Read a Llama-family GGUF as a transformers LlamaForCausalLM in f32 and its tokenizer; the gguf package decodes it."""
import gguf
import numpy as np
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM


def read(path):
    """(metadata, {name: f32 array})."""
    reader = gguf.GGUFReader(path)
    metadata = {key: field.contents() for key, field in reader.fields.items()}
    weights = {tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
               for tensor in reader.tensors}
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
    merges = [tuple(m.split(" ")) for m in metadata.get("tokenizer.ggml.merges", [])]
    result = Tokenizer(models.BPE({t: i for i, t in enumerate(tokens)}, merges))
    result.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    result.decoder = decoders.ByteLevel()
    result.add_special_tokens([AddedToken(t, special=True, normalized=False) for t, kind in
                               zip(tokens, metadata["tokenizer.ggml.token_type"]) if kind == gguf.TokenType.CONTROL])
    return result
