/** The formula by which Homebrew installs the archives of a release; a tap of the owner's holds it. */
import { nodePlatform } from "./platforms.ts";
import { archiveName, COMPLETION_NAMES, downloadUrl, type Release } from "./release_files.ts";

/** Returns the formula `perfmon.rb` for archives, whose SHA-256 are given by target. */
export function homebrewFormula(release: Release, sums: ReadonlyMap<string, string>): string {
  const { repository, version } = release;
  return `class Perfmon < Formula
  desc "What every Claude Code tool call costs: time, CPU, memory"
  homepage "https://github.com/${repository}"
  version "${version}"
  license "MIT"

${systemBlock("macos", "darwin", release, sums)}

${systemBlock("linux", "linux", release, sums)}

  def install
    bin.install "perfmon"
    man1.install "perfmon.1"
    bash_completion.install "completions/${COMPLETION_NAMES.bash}" => "perfmon"
    zsh_completion.install "completions/${COMPLETION_NAMES.zsh}"
    fish_completion.install "completions/${COMPLETION_NAMES.fish}"
  end

  def caveats
    <<~EOS
      To record from now on:
        perfmon hooks install
      Before "brew uninstall perfmon":
        perfmon hooks remove --everywhere
    EOS
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/perfmon --version")
  end
end
`;
}

function systemBlock(
  name: string,
  os: string,
  release: Release,
  sums: ReadonlyMap<string, string>,
): string {
  const archives = [...sums].filter(([target]) => nodePlatform(target).os === os);
  const blocks = archives.map(([target, sum]) =>
    `    on_${nodePlatform(target).cpu === "arm64" ? "arm" : "intel"} do
      url "${downloadUrl(release)}/${archiveName(release, target)}.tar.gz"
      sha256 "${sum}"
    end`
  );
  return [`  on_${name} do`, ...blocks, "  end"].join("\n");
}
