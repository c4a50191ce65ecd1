"""Results as Markdown."""

NAMES = {
    "patchbook": "**Patchbook**",
    "hooks": "(a) transformers with hooks",
    "hooks-all": "(a) with logits at every row",
    "batched": "(b) good PyTorch",
    "packed": "(c) the best PyTorch we can write",
    "packed-unstacked": "(c) without stacking",
    "lens": "(d) TransformerLens",
    "nnsight": "(e) nnsight",
    "nnsight-skip": "(e) nnsight, layers below skipped",
}
HEAD = ("| | median s | × Patchbook | of the machine's speed | processor s | × Patchbook | of the machine's speed | anonymous MiB | "
        "resident MiB | largest difference, nats |\n| --- |" + " ---: |" * 9 + "\n")


def mebibytes(count):
    return f"{count / 2**20:,.0f}"


def row(contender):
    agreement, mine = contender["agreement"], contender["name"] == "patchbook"
    difference = "–" if mine else f"{agreement['largest']:.1e}" + ("" if agreement["holds"] else " **too much**")
    fields = [NAMES[contender["name"]], f"{contender['median']:.3g}", f"{contender['ratio']:.2f}",
              f"{contender['fraction']:.1%}", f"{contender['processor']:.3g}",
              f"{contender['processor_ratio']:.2f}", f"{contender['processor_fraction']:.1%}",
              mebibytes(contender["anonymous"]), mebibytes(contender["resident"]), difference]
    return "| " + " | ".join(fields) + " |\n"


def case(result):
    operations, speed = result["operations"], result["speed"]
    lengths = result["lengths"]
    tokens = sum(sum(one) for one in lengths)
    libraries = ", ".join(f"{name} {speed[name] / 1e9:.0f}" for name in ("openblas", "torch") if name in speed)
    text = f"### {result['title'][0].upper()}{result['title'][1:]} (`{result['case']}`)\n\n"
    text += (f"{len(lengths)} pairs ({result['pairs']}), {tokens:,} tokens with each prompt once; {result['threads']} threads; "
             f"{result['rounds']} rounds. Necessary operations: {operations['total'] / 1e9:,.2f} GFLOP "
             f"({operations['blocks'] / 1e9:,.2f} in the blocks' products, {operations['head'] / 1e9:,.2f} in the head, "
             f"{operations['attention'] / 1e9:,.2f} in attention). Matrix products on these shapes, GFLOP/s: {libraries}.\n\n")
    text += HEAD + "".join(row(contender) for contender in result["contenders"])
    own = next((one["own_operations"] for one in result["contenders"] if one["own_operations"]), None)
    if own:
        text += f"\nPatchbook's own count of what it ran, unneeded rows and self-patches among it: {own / 1e9:,.2f} GFLOP.\n"
    others = max(contender["others"] for contender in result["contenders"])
    if others > 0.05:
        text += f"\nOther processes took up to {others:.0%} of the machine meanwhile.\n"
    if result["left_out"]:
        text += f"\nLeft out (failed, or took too long): {', '.join(result['left_out'])}.\n"
    return text


def machine(document):
    known = document["machine"]
    memory = f", {known['memory'] / 2**30:.0f} GiB" if known["memory"] else ""
    vectors = f", {known['vectors']}" if known["vectors"] else ""
    kind = "virtual machine" if known["virtual"] else "machine"
    versions = ", ".join(f"{name} {value}" for name, value in document["versions"].items())
    return (f"Measured on a {kind} of {known['cores']} cores ({known['processor']}{vectors}{memory}), load average "
            f"{known['load']} at the start; {versions}.\n")


def markdown(document):
    return "\n".join([machine(document), *(case(result) for result in document["cases"])])
