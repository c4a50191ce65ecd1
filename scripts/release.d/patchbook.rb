# Patchbook @VERSION@ for Homebrew on Linux: brew install ./patchbook.rb, with @NAME@.tar.xz beside it
class Patchbook < Formula
  desc "Literate notebooks for activation patching between a base and a tuned model"
  version "@VERSION@"
  license "Apache-2.0"
  url "file://#{__dir__}/@NAME@.tar.xz"
  sha256 "@SHA256@"
  depends_on :linux

  def install
    bin.install "bin/patchbook"
    pkgshare.install Dir["share/patchbook/*"]
  end

  test do
    system bin/"patchbook", "new", "x.md"
    system bin/"patchbook", "render", "x.md"
  end
end
