"""Where each family of transformers keeps its parts: the stack, its blocks, and what each half of a block adds."""

import sys

LLAMA = {
    "stack": "model", "embedding": "embed_tokens", "blocks": "layers", "norm": "norm", "attention": "self_attn",
    "attn_out": "self_attn.o_proj", "gathered": "self_attn.o_proj", "mlp_out": "mlp.down_proj", "inner": "mlp.down_proj",
}
# Families that normalise what each half gives before they add it.
NORMALISED = LLAMA | {"attn_out": "post_attention_layernorm", "mlp_out": "post_feedforward_layernorm"}
NEOX = {
    "stack": "gpt_neox", "embedding": "embed_in", "blocks": "layers", "norm": "final_layer_norm", "attention": "attention",
    "attn_out": "attention.dense", "gathered": "attention.dense", "mlp_out": "mlp.dense_4h_to_h", "inner": "mlp.dense_4h_to_h",
}
# GPT-2 adds positions to the embedding and drops out of the sum: the dropout gives what enters the first block.
GPT2 = {
    "stack": "transformer", "embedding": "drop", "blocks": "h", "norm": "ln_f", "attention": "attn",
    "attn_out": "attn.c_proj", "gathered": "attn.c_proj", "mlp_out": "mlp.c_proj", "inner": "mlp.c_proj",
}
FAMILIES = {"olmo2": NORMALISED, "gemma2": NORMALISED, "gemma3_text": NORMALISED, "gpt_neox": NEOX, "gpt2": GPT2}

INSIDE = ["q", "k", "v", "q_rot", "k_rot", "z", "attn_out", "resid_mid", "mlp_act", "mlp_out"]
SITES = ["embed", "resid_pre", *INSIDE, "resid_post", "final_norm"]


class Anatomy:
    """The parts of one model. `SITES` that the family lacks are not in `sites`."""

    def __init__(self, model):
        self.names = FAMILIES.get(model.config.model_type, LLAMA)
        self.config = model.config
        self.stack = stack = model.get_submodule(self.names["stack"])
        self.embedding = stack.get_submodule(self.names["embedding"])
        self.blocks = stack.get_submodule(self.names["blocks"])
        self.norm = stack.get_submodule(self.names["norm"])
        # With a parallel residual nothing lies between the halves; with learned positions nothing is rotated.
        lacking = {"resid_mid"} if getattr(model.config, "use_parallel_residual", False) else set()
        if model.config.model_type == "gpt2":
            lacking |= {"q_rot", "k_rot"}
        self.sites = [site for site in SITES if site not in lacking]

    def part(self, name, layer):
        return self.blocks[layer].get_submodule(self.names[name])

    @property
    def code(self):
        """The module of transformers that computes this family's attention."""
        return sys.modules[type(self.part("attention", 0)).__module__]

    def layers(self, site, layers=None):
        """The layers that a site has: all of the model's, or those asked for."""
        last = len(self.blocks) - 1
        return {"embed": [0], "final_norm": [last]}.get(site, layers or list(range(last + 1)))
