"""The parts of a transformers model that the faster peers call by themselves, whatever the family calls them."""
import torch
import torch.nn.functional as F

# What is normalised: before attention, after it, before the feed-forward, after it.
NORMS = {
    "olmo2": (None, "post_attention_layernorm", None, "post_feedforward_layernorm"),
    "gemma2": ("input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"),
}


class Ends:
    """What lies before and after the blocks."""

    def __init__(self, model):
        self.model, self.stack = model, getattr(model, model.base_model_prefix)
        self.embed = self.stack.get_input_embeddings()
        self.norm = getattr(self.stack, "norm", None) or self.stack.final_layer_norm
        self.cap = getattr(model.config, "final_logit_softcapping", None)

    def logits(self, rows):
        found = self.model.lm_head(self.norm(rows))
        return found if self.cap is None else torch.tanh(found / self.cap) * self.cap

    def turns(self, positions):
        """Cosines and sines for positions [1, row], each [1, row, turned width]."""
        return self.stack.rotary_emb(torch.zeros(1, 1), position_ids=positions)


def turned(x, turns):
    """Rotary embedding of [state, head, row, width]; widths beyond the cosines' stay."""
    width = turns[0].shape[-1]
    first, second = x[..., :width].chunk(2, dim=-1)
    found = x[..., :width] * turns[0] + torch.cat([-second, first], dim=-1) * turns[1]
    return found if width == x.shape[-1] else torch.cat([found, x[..., width:]], dim=-1)


class Attention:
    """Queries, keys and values of one block, [state, head, row, width], and what it makes of them."""

    def __init__(self, layer, config):
        self.heads = config.num_attention_heads
        self.scale = getattr(config, "query_pre_attn_scalar", None)
        self.cap = getattr(config, "attn_logit_softcapping", None)
        if config.model_type == "gpt_neox":
            fused = layer.attention.query_key_value
            weights, biases = (
                part.detach().unflatten(0, (self.heads, 3, -1)).unbind(1) for part in (fused.weight, fused.bias))
            self.q, self.k, self.v = (
                linear(weight.flatten(0, 1).contiguous(), bias.flatten()) for weight, bias in zip(weights, biases))
            self.groups, self.output, self.norms = self.heads, layer.attention.dense, None
        else:
            own = layer.self_attn
            self.q, self.k, self.v, self.output = own.q_proj, own.k_proj, own.v_proj, own.o_proj
            self.groups = config.num_key_value_heads
            self.norms = (own.q_norm, own.k_norm) if config.model_type == "olmo2" else None

    def split(self, x, heads):
        return x.view(*x.shape[:2], heads, -1).transpose(1, 2)

    def queries(self, normed, turns):
        found = self.q(normed)
        return turned(self.split(self.norms[0](found) if self.norms else found, self.heads), turns)

    def keys_and_values(self, normed, turns):
        keys = self.k(normed)
        keys = self.norms[1](keys) if self.norms else keys
        return turned(self.split(keys, self.groups), turns), self.split(self.v(normed), self.groups)

    def mix(self, queries, keys, values, mask):
        """What attention adds, before any norm of it; `mask` is true where a query sees a key."""
        scale = None if self.scale is None else self.scale**-0.5
        if self.cap is None:
            mixed = F.scaled_dot_product_attention(queries, keys, values, attn_mask=mask, scale=scale, enable_gqa=True)
        else:
            shared = self.heads // self.groups
            keys, values = keys.repeat_interleave(shared, dim=1), values.repeat_interleave(shared, dim=1)
            scores = torch.tanh(queries @ keys.transpose(-2, -1) * (scale / self.cap)) * self.cap
            mixed = scores.masked_fill(~mask, -torch.inf).softmax(dim=-1) @ values
        return self.output(mixed.transpose(1, 2).flatten(2))


def linear(weight, bias):
    return lambda x: F.linear(x, weight, bias)


class Wiring:
    """How the halves of one block are put together."""

    def __init__(self, layer, config):
        def norm(name):
            return getattr(layer, name) if name else torch.nn.Identity()
        names = NORMS.get(config.model_type, ("input_layernorm", None, "post_attention_layernorm", None))
        self.before, self.after, self.middle, self.end = map(norm, names)
        self.mlp, self.parallel = layer.mlp, getattr(config, "use_parallel_residual", False)

    def finish(self, state, attended):
        """The stream after the block; `state` is the stream before it and `attended` what attention gave."""
        middle = state + self.after(attended)
        if self.parallel:
            return middle + self.mlp(self.middle(state))
        return middle + self.end(self.mlp(self.middle(middle)))
