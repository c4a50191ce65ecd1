# Patchbook @VERSION@ for Homebrew on Linux; the tar lies beside this file
class Patchbook < Formula
  desc "Literate notebooks for activation patching between a base and a tuned model"
  url "file://#{__dir__}/@NAME@.tar.xz"
  version "@VERSION@"
  sha256 "@SHA256@"
  license "Apache-2.0"
  depends_on arch: :x86_64
  depends_on :linux

  def install
    bin.install "bin/patchbook"
    pkgshare.install Dir["share/patchbook/*"]
  end

  test do
    system bin/"patchbook", "new", "x"
    system bin/"patchbook", "render", "x.md"
  end
end
