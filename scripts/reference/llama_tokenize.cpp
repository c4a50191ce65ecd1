// llama.cpp's own ids, as the reference of scripts/reference/vocabularies.py: the vocabulary of a GGUF file without any weights.
//
//   llama_tokenize FILE.gguf     reads texts, each as its number of bytes, a line break, the bytes and a line break; writes a line of ids each
//
// Built beside llama.cpp's sources, of which it needs no backend ($L is vendor/llama.cpp of the source distribution of llama-cpp-python):
//
//   cp $L/src/llama-version.h.in llama-version.h; cp $L/ggml/src/ggml-version.h.in ggml-version.h
//   FLAGS="-O1 -D_GNU_SOURCE -I. -I$L/include -I$L/src -I$L/ggml/include -I$L/ggml/src"
//   gcc $FLAGS -c $L/ggml/src/{ggml,ggml-alloc,ggml-quants}.c
//   g++ -std=c++17 $FLAGS -ffunction-sections -static -no-pie -Wl,--gc-sections -Wl,--unresolved-symbols=ignore-all -o llama_tokenize \
//       llama_tokenize.cpp *.o $L/src/{llama-vocab,unicode,unicode-data,llama-impl,llama-model-loader,llama-arch,llama-hparams,llama-mmap}.cpp \
//       $L/ggml/src/{gguf,ggml-threading,ggml-backend,ggml-backend-reg,ggml-backend-dl}.cpp
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "llama-arch.h"
#include "llama-model-loader.h"
#include "llama-vocab.h"

static void errors_only(ggml_log_level level, const char *text, void *) {
    if (level == GGML_LOG_LEVEL_ERROR) fputs(text, stderr);
}

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    llama_log_set(errors_only, nullptr);
    std::vector<std::string> splits;
    llama_model_loader loader(
        nullptr, nullptr, nullptr, argv[1], splits, nullptr, LLAMA_LOAD_MODE_NONE, false, true, false, nullptr, nullptr);
    llama_vocab vocabulary;
    vocabulary.load(loader, LLM_KV(loader.get_arch()));
    for (std::string line; std::getline(std::cin, line);) {
        std::string text(std::stoul(line), '\0');
        std::cin.read(text.data(), text.size());
        std::cin.get();
        for (auto id : vocabulary.tokenize(text, true, true)) std::cout << id << ' ';
        std::cout << '\n';
    }
}
