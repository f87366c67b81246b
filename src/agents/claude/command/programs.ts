/*
 * What is known of programs by their names. Lists are texts with each name between blanks: rec
 * builds nothing of them at its start, and asks them a few times.
 */

/** The options of a program as getopt takes them: letters and long names, with a colon where a value follows; then the only subcommands, where others may be operands. */
export type ProgramOptions = readonly [letters: string, names?: string, only?: string];

/** How a program's command line goes on to another program. */
export interface Options {
  readonly options: ProgramOptions;
  /** Operands before the program. */
  readonly operands?: number;
  /** Whether the program stands behind `--`. */
  readonly needsDashes?: boolean;
}

/** The shell's own state, and questions to it. */
export const IDLE =
  " cd pushd popd dirs export unset set source true false pwd exit return wait trap ulimit umask " +
  "shopt alias unalias local declare typeset readonly read test type which command hash builtin " +
  "let shift break continue disown bg fg jobs history setopt autoload eval exec ";

/** Commands whose names are signs, with what they are called in words. */
export const SIGNS: Readonly<Record<string, string>> = { ":": "true", ".": "source", "[": "test" };

/** What only tells or waits. */
export const ASIDE = " echo printf print sleep date cat ";

/** Work on text and files that stands around other work as a rule. */
export const FILTERS =
  " head tail grep egrep fgrep zgrep rg ag ack sed awk gawk mawk perl sort uniq wc cut tr tee less " +
  "more column jq yq xxd od hexdump strings nl paste fold rev tac shuf yes seq base64 md5sum shasum " +
  "sha1sum sha256sum cksum ls tree find fd fdfind locate mkdir rm rmdir cp mv ln touch chmod chown chgrp " +
  "mktemp basename dirname realpath readlink stat file diff cmp comm join du df kill pkill killall " +
  "pgrep ps top lsof netstat ss free uname whoami id hostname groups env printenv clear reset bat " +
  "truncate split expr xargs sponge ";

/** Shells: what they run stands in a script. */
export const SHELLS = " bash sh zsh dash ksh ash fish ";

/** Programs that may be work, known so that their names pass. */
export const HELPERS = " sudo doas su env time timeout watch ";

/** Programs without subcommands that are work. */
export const KNOWN =
  " node nodejs python python2 python3 ruby irb php java javac kotlin kotlinc scala groovy lua luajit " +
  "julia Rscript R ghc runghc stack cabal ocaml dune elixir iex erl escript crystal nim gcc g++ clang " +
  "clang++ cc c++ ld ar as nasm rustc rustfmt gofmt goimports golangci-lint cmake ninja meson ctest " +
  "autoreconf configure protoc buf tsc tsx ts-node swc esbuild webpack rollup parcel gulp grunt jest " +
  "mocha ava tap karma nyc c8 eslint prettier biome oxlint stylelint tslint standard xo knip depcheck " +
  "madge typedoc nodemon concurrently http-server serve pytest py.test tox nox mypy pyright pylint flake8 " +
  "black isort autopep8 yapf bandit coverage ipython jupyter gunicorn uvicorn rspec rubocop minitest " +
  "phpunit phpstan psalm pint sqlite3 psql pg_dump pg_restore pg_isready createdb dropdb mysql mysqldump " +
  "mysqladmin mariadb mongosh mongo mongodump redis-cli redis-server clickhouse-client duckdb curl wget " +
  "http https xh ssh scp sftp rsync rclone tar zip unzip gzip gunzip bzip2 xz zstd ffmpeg ffprobe " +
  "convert magick identify inkscape pandoc pdflatex xelatex latexmk pdftotext tesseract dot strace " +
  "ltrace gdb lldb valgrind perf hyperfine time ab wrk k6 locust dig nslookup ping traceroute nc nmap " +
  "telnet openssl gpg ssh-keygen ssh-add ssh-agent mount umount dd lsblk crontab make-ssl " +
  "ansible ansible-playbook terragrunt tflint shellcheck shfmt hadolint actionlint yamllint " +
  "markdownlint codespell cloc tokei scc entr parallel xcodebuild simctl swiftlint adb emulator " +
  "ktlint detekt checkstyle spotless chromium google-chrome firefox chromedriver open xdg-open osascript " +
  "vim nvim nano code dpkg rpm pacman yay ";

/** Programs that are told by their first operand, and take no option before it that could have a value. */
export const WITHOUT_OPTIONS =
  " apk bazel bazelisk brew buildah bundle certbot composer conda corepack cordova crictl dart dnf docker-machine " +
  "eas eksctl expo fastlane flatpak flutter gem git-lfs go hatch ionic jekyll jj k3d kind kustomize launchctl " +
  "lefthook lein lerna mamba micromamba minikube mise mix mkdocs moon multipass ng nvm nx op pants pdm " +
  "pipenv pipx pod pre-commit prisma pulumi railway rails rake rebar3 rush rustup rye sam sbt sdk " +
  "serverless skaffold skopeo sls snap sst steampipe stripe supabase svn swift tailscale tilt tofu " +
  "trunk turbo ufw vagrant vcpkg vercel wrangler yum zig zypper astro nuxt react-scripts gatsby " +
  "drizzle-kit playwright cypress changeset husky lint-staged perfmon asdf fnm volta bit bw security ";

/** Programs that are told by their first operand, with the options that may stand before it. */
export const SUBCOMMANDS: Readonly<Record<string, ProgramOptions>> = {
  git: ["pPC:c:", "no-pager git-dir: work-tree: namespace: bare paginate no-optional-locks"],
  hg: ["R:v", "cwd: verbose"],
  npm: ["sgC:w:", "prefix: workspace: silent workspaces loglevel: if-present quiet global"],
  pnpm: ["srwC:F:", "filter: dir: recursive silent workspace-root"],
  yarn: ["s", "cwd: silent"],
  bun: ["b", "cwd: bun silent filter: hot watch"],
  deno: ["q", "quiet"],
  docker: ["H:c:D", "context: host: config: debug"],
  podman: ["", "remote connection: url: root:"],
  nerdctl: ["n:", "namespace: address:"],
  "docker-compose": ["f:p:", "file: project-name: profile: env-file: project-directory:"],
  kubectl: ["n:", "namespace: context: kubeconfig: cluster: user:"],
  oc: ["n:", "namespace: context: kubeconfig:"],
  helm: ["n:", "namespace: kube-context: kubeconfig: debug"],
  argocd: ["", "server: insecure grpc-web"],
  flux: ["n:", "namespace: context:"],
  cargo: ["qvZ:C:", "quiet verbose offline locked frozen color: config:"],
  make: ["0123456789BeiknqrRsStwjC:f:I:", "directory: file: silent keep-going jobs always-make"],
  gmake: ["0123456789BeiknqrRsStwjC:f:I:", "directory: file: silent keep-going"],
  just: ["f:d:v", "justfile: working-directory: verbose quiet"],
  task: ["d:t:vs", "dir: taskfile: verbose silent"],
  pip: ["qv", "quiet verbose disable-pip-version-check python:"],
  pip3: ["qv", "quiet verbose disable-pip-version-check python:"],
  uv: ["qvn", "directory: project: quiet verbose offline no-cache"],
  poetry: ["qvnC:", "directory: project: quiet verbose no-interaction"],
  ruff: ["qvs", "config: quiet verbose isolated"],
  alembic: ["c:n:x:", "config: name: raiseerr"],
  flask: ["A:e:", "app: env-file: debug"],
  celery: ["A:b:q", "app: broker: workdir: quiet"],
  "django-admin": ["", "settings: pythonpath:"],
  "manage.py": ["", "settings: pythonpath:"],
  apt: ["yqf", "yes quiet assume-yes no-install-recommends"],
  "apt-get": ["yqf", "yes quiet assume-yes no-install-recommends"],
  "apt-cache": ["qn", "quiet names-only"],
  nix: ["", "extra-experimental-features: experimental-features:"],
  terraform: [""],
  aws: ["", "profile: region: output: endpoint-url: no-cli-pager no-paginate debug"],
  gcloud: ["q", "project: quiet account: format: configuration: verbosity:"],
  az: ["o:", "output: subscription: only-show-errors"],
  gh: ["R:", "repo:"],
  glab: ["R:", "repo:"],
  heroku: ["a:r:", "app: remote:"],
  fly: ["a:c:", "app: config:"],
  flyctl: ["a:c:", "app: config:"],
  firebase: ["P:", "project: config: non-interactive"],
  netlify: [""],
  doctl: ["c:o:", "context: output:"],
  hcloud: ["", "context: config:"],
  vault: [""],
  consul: [""],
  nomad: [""],
  packer: [""],
  systemctl: ["qM:H:", "user no-pager quiet now force system machine: host:"],
  loginctl: ["", "no-pager"],
  supervisorctl: ["c:", "configuration:"],
  pm2: ["s", "silent"],
  tmux: ["2uvL:S:f:"],
  dotnet: ["d", "diagnostics"],
  mvn: [
    "qBUXoeT:f:pl:P:",
    "quiet batch-mode file: offline projects: threads: no-transfer-progress",
  ],
  mvnw: ["qBUXoeT:f:P:", "quiet batch-mode file: offline projects: no-transfer-progress"],
  gradle: [
    "qsp:b:P:",
    "quiet info debug stacktrace no-daemon parallel offline scan continue project-dir:",
  ],
  gradlew: [
    "qsp:b:P:",
    "quiet info debug stacktrace no-daemon parallel offline scan continue project-dir:",
  ],
  symfony: ["nqv", "dir: no-interaction quiet"],
  limactl: ["", "debug"],
  colima: ["p:", "profile: verbose"],
  vite: ["", "config:", "build dev serve preview optimize"],
  next: ["", "", "build dev start lint info telemetry"],
  vitest: ["", "", "run watch bench related list"],
  hugo: ["s:", "source:", "server new mod version build"],
};

/** Subcommands that have another word to them, written with `_` between. */
export const LONG_SUBCOMMANDS =
  " npm_run npm_run-script pnpm_run yarn_run bun_run deno_task turbo_run composer_run composer_run-script ";

/** Subcommands that look, or make ready for those that do the work. */
export const LIGHT =
  " status log diff show branch rev-parse remote config ls-files add stash checkout switch ps images list " +
  "ls info version describe get logs tag blame help which view inspect ";

/** Programs that run the one behind them. */
export const WRAPPERS: Readonly<Record<string, Options>> = {
  sudo: {
    options: [
      "AbEHiknPSsu:g:h:p:C:r:t:U:D:R:",
      "user: group: prompt: chdir: preserve-env non-interactive stdin login shell set-home",
    ],
  },
  doas: { options: ["nsu:C:"] },
  env: { options: ["i0vu:C:", "ignore-environment unset: chdir: null"] },
  time: { options: ["apvlhqo:f:", "append portability verbose output: format:"] },
  gtime: { options: ["apvo:f:", "verbose output: format:"] },
  timeout: {
    options: ["fpvk:s:", "kill-after: signal: foreground preserve-status verbose"],
    operands: 1,
  },
  gtimeout: {
    options: ["fpvk:s:", "kill-after: signal: foreground preserve-status verbose"],
    operands: 1,
  },
  nice: { options: ["0123456789n:", "adjustment:"] },
  ionice: { options: ["tc:n:", "class: classdata: ignore"] },
  nohup: { options: [""] },
  setsid: { options: ["fwc", "fork wait ctty"] },
  stdbuf: { options: ["i:o:e:", "input: output: error:"] },
  unbuffer: { options: ["p"] },
  exec: { options: ["cla:"] },
  command: { options: ["p"] },
  builtin: { options: [""] },
  noglob: { options: [""] },
  nocorrect: { options: [""] },
  chronic: { options: ["ve"] },
  caffeinate: { options: ["disumt:w:"] },
  "xvfb-run": { options: ["aln:s:e:f:w:", "auto-servernum server-num: server-args: error-file:"] },
  "dbus-run-session": { options: [""] },
  watch: { options: ["bcdegtxwn:", "interval: differences color no-title"] },
  xargs: {
    options: [
      "0rtpxon:P:I:L:d:a:s:E:J:R:",
      // The last three take a value only behind an equal sign.
      "null no-run-if-empty max-args: max-procs: verbose delimiter: arg-file: replace max-lines eof",
    ],
  },
  flock: { options: ["sxnuoFw:", "shared exclusive nonblock timeout: no-fork close"], operands: 1 },
  npx: { options: ["yqp:", "yes no-install package: no quiet ignore-existing"] },
  bunx: { options: ["", "bun silent"] },
  uvx: { options: ["qvp:w:", "from: with: python: quiet"] },
  corepack: { options: [""] },
  "cross-env": { options: [""] },
  dotenv: { options: ["e:f:", "override"] },
  xcrun: { options: ["r", "sdk: toolchain: run"] },
};

/** Programs that run another one by a subcommand. */
export const RUNNERS: Readonly<Record<string, Options>> = {
  "uv run": {
    options: [
      "qvp:m:",
      "with: with-requirements: python: extra: group: package: project: directory: env-file: " +
      "no-project frozen locked no-sync isolated active all-extras all-groups dev no-dev quiet",
    ],
  },
  "poetry run": { options: [""] },
  "pipenv run": { options: [""] },
  "pdm run": { options: ["sp:", "site-packages project:"] },
  "hatch run": { options: [""] },
  "rye run": { options: [""] },
  "pipx run": { options: ["", "spec: no-cache"] },
  "conda run": { options: ["n:p:", "name: prefix: no-capture-output live-stream"] },
  "mamba run": { options: ["n:p:", "name: prefix: no-capture-output live-stream"] },
  "micromamba run": { options: ["n:p:", "name: prefix:"] },
  "bundle exec": { options: ["", "keep-file-descriptors"] },
  "npm exec": { options: ["yp:w:", "yes package: workspace:"] },
  "npm x": { options: ["yp:", "yes package:"] },
  "pnpm exec": { options: ["rc", "recursive parallel"] },
  "pnpm dlx": { options: ["s", "package: silent"] },
  "yarn exec": { options: [""] },
  "yarn dlx": { options: ["qp:", "package: quiet"] },
  "bun x": { options: ["", "bun"] },
  "rustup run": { options: ["", "install"], operands: 1 },
  "rbenv exec": { options: [""] },
  "asdf exec": { options: [""] },
  "corepack exec": { options: [""] },
  "mise exec": { options: [""], needsDashes: true },
  "mise x": { options: [""], needsDashes: true },
  "op run": { options: [""], needsDashes: true },
};
