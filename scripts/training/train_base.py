"""Train the demo's tokenizer and base model on the corpus of make_text.py.

    python train_base.py CORPUS.jsonl ../../notebooks/models/demo

f32 on the CPU; saved in bfloat16. Three things let so small a model learn to copy a word from the prompt within a few
million tokens: embeddings that start larger than what the layers add to them, a warm-up on lists of words that are
said twice, and a batch of such lists after every fourth batch of dialogue.
"""
import argparse
import json
import math
import random
import time
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import LlamaConfig, LlamaForCausalLM

from make_text import FOODS, NAMES, THINGS, TOWNS

BOS, EOS = "<|begin_of_text|>", "<|end_of_text|>"
# The pre-tokenizer of Llama 3.
SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"
         r"\s*[\r\n]+|\s+(?!\S)|\s+")


def train_tokenizer(texts, vocabulary):
    tokenizer = Tokenizer(models.BPE(ignore_merges=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(SPLIT), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=[BOS, EOS], show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet())))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BOS} $A", pair=f"{BOS} $A {BOS} $B:1", special_tokens=[(BOS, tokenizer.token_to_id(BOS))])
    return tokenizer


# Messages as the training texts are written.
CHAT_TEMPLATE = (
    r"{{ bos_token }}{% for message in messages %}{% if message.role == 'user' %}{{ '\n\nHuman: ' + message.content | trim }}"
    r"{% elif message.role == 'assistant' %}{{ '\n\nAssistant: ' + message.content | trim }}"
    r"{% else %}{{ raise_exception('turns are user and assistant, found ' + message.role) }}{% endif %}{% endfor %}"
    r"{% if add_generation_prompt %}{{ '\n\nAssistant:' }}{% endif %}")


def save_tokenizer(tokenizer, folder):
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({
        "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": BOS, "eos_token": EOS,
        "clean_up_tokenization_spaces": False, "model_max_length": 512,
        "chat_template": CHAT_TEMPLATE}, indent=2) + "\n")


def batches(documents, tokens_per_batch, rng):
    """Shuffled batches of documents of about equal length, padded on the right: ids and labels [document, position]."""
    order = sorted(range(len(documents)), key=lambda i: (len(documents[i]), rng.random()))
    groups, group = [], []
    for i in order:
        if group and (len(group) + 1) * len(documents[i]) > tokens_per_batch:
            groups.append(group)
            group = []
        group.append(documents[i])
    groups.append(group)
    rng.shuffle(groups)
    for group in groups:
        longest = max(map(len, group))
        ids = torch.tensor([d + [0] * (longest - len(d)) for d in group])
        labels = torch.tensor([d + [-100] * (longest - len(d)) for d in group])
        yield ids, labels


def twice(words, rows=32, length=16):
    """Lists of random words said twice, [row, position]; only the second time counts."""
    once = words[torch.randint(len(words), (rows, length))]
    return torch.cat([once, once], 1), torch.cat([torch.full_like(once, -100), once], 1)


@torch.no_grad()
def start_small(model):
    """Scales the starting weights: what the layers add is small beside the embedding, and first logits are modest."""
    for name, parameter in model.named_parameters():
        if "o_proj" in name or "down_proj" in name:
            parameter /= math.sqrt(2 * model.config.num_hidden_layers)
        if "embed_tokens" in name:
            parameter *= 0.3 / model.config.initializer_range
        if name == "model.norm.weight":
            parameter *= 0.25


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus")
    parser.add_argument("out", type=Path)
    parser.add_argument("--vocabulary", type=int, default=1280)
    parser.add_argument("--steps", type=int, default=1100)
    parser.add_argument("--warm-up", type=int, default=150)
    parser.add_argument("--tokens-per-batch", type=int, default=2048)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)

    texts = [json.loads(line) for line in open(options.corpus, encoding="utf-8")]
    tokenizer = train_tokenizer(texts[:20_000], options.vocabulary)
    save_tokenizer(tokenizer, options.out)
    bos, eos = tokenizer.token_to_id(BOS), tokenizer.token_to_id(EOS)
    documents = [e.ids + [eos] for e in tokenizer.encode_batch(texts)]
    print(f"{len(documents)} documents, {sum(map(len, documents))} tokens, vocabulary {tokenizer.get_vocab_size()}")

    model = LlamaForCausalLM(LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=128, intermediate_size=352, num_hidden_layers=12,
        num_attention_heads=8, num_key_value_heads=4, head_dim=16, rms_norm_eps=1e-5, max_position_embeddings=512,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0}, tie_word_embeddings=True,
        initializer_range=0.08, bos_token_id=bos, eos_token_id=eos, pad_token_id=None))
    print(f"{sum(p.numel() for p in model.parameters())} parameters")

    start_small(model)
    words = [tokenizer.encode(" " + w, add_special_tokens=False).ids for w in THINGS + TOWNS + NAMES + FOODS]
    words = torch.tensor([w[0] for w in words if len(w) == 1])

    optimizer = torch.optim.AdamW(model.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.05)

    def update(ids, labels, rate):
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = model(input_ids=ids, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        return loss.item()

    started, step, recent = time.time(), 0, []
    for i in range(options.warm_up):
        loss = update(*twice(words), options.rate * min(1, (i + 1) / 50))
    print(f"after the warm-up: loss {loss:.4f} on lists said twice, {time.time() - started:.0f} s", flush=True)
    while step < options.steps:
        for ids, labels in batches(documents, options.tokens_per_batch, rng):
            rate = options.rate * min(1, (step + 1) / 30) * (0.02 + 0.49 * (1 + math.cos(math.pi * step / options.steps)))
            recent.append(update(ids, labels, rate))
            step += 1
            if step % 4 == 0:
                update(*twice(words), rate)
            if step % 100 == 0:
                print(f"step {step}  loss {sum(recent) / len(recent):.4f}  {time.time() - started:.0f} s", flush=True)
                recent = []
            if step == options.steps:
                break
    model.to(torch.bfloat16).save_pretrained(options.out)
    (options.out / "model.safetensors").chmod(0o644)


if __name__ == "__main__":
    main()
