import { redact, redactParameters } from "../../src/core/redact.ts";
import { assert, assertEquals } from "../std_assert.ts";

/** A line with a secret, and what becomes of it. */
const SECRETS: [string, string][] = [
  ["mysql --password=hunter2 -u root", "mysql --password=[redacted] -u root"],
  ["mysqldump --password hunter2 db", "mysqldump --password [redacted] db"],
  ['psql "host=db password=hunter2"', 'psql "host=db password=[redacted]"'],
  ["PGPASSWORD=s3cr3t psql -h db", "PGPASSWORD=[redacted] psql -h db"],
  ["export DB_PASSWORD='s3cr3t' && make", "export DB_PASSWORD=[redacted] && make"],
  ['docker login --password "correct horse"', "docker login --password [redacted]"],
  ["curl -u admin:abc123 https://example.com", "curl -u admin:[redacted] https://example.com"],
  [
    "curl --user admin:abc123 https://example.com",
    "curl --user admin:[redacted] https://example.com",
  ],
  [
    "git clone https://ada:p4ss@github.com/ada/repo.git",
    "git clone https://[redacted]@github.com/ada/repo.git",
  ],
  [
    "psql postgres://app:p4ss@db.internal:5432/app",
    "psql postgres://[redacted]@db.internal:5432/app",
  ],
  [
    "git remote add o https://ghp_tokenonly1@github.com/a/b",
    "git remote add o https://[redacted]@github.com/a/b",
  ],
  [
    "curl -H 'Authorization: Basic dGVzdDp0ZXN0MTIz' https://x",
    "curl -H 'Authorization: Basic [redacted]' https://x",
  ],
  [
    'curl -H "Authorization: Bearer abcDEF123456ghijkl" https://x',
    'curl -H "Authorization: Bearer [redacted]" https://x',
  ],
  [
    "curl -H 'Authorization: token tok_12345678' https://api.github.com",
    "curl -H 'Authorization: token [redacted]' https://api.github.com",
  ],
  ["curl -H 'X-Api-Key: 1234567890abcdef' https://x", "curl -H 'X-Api-Key: [redacted]' https://x"],
  ["curl https://x/v1?api_key=9f8e7d6c5b4a&page=2", "curl https://x/v1?api_key=[redacted]&page=2"],
  ["wget 'https://x/dl?access_token=9f8e7d6c5b4a'", "wget 'https://x/dl?access_token=[redacted]'"],
  ['{"client_secret": "zzTop-42", "id": 7}', '{"client_secret": [redacted], "id": 7}'],
  ["ANTHROPIC=sk-ant-api03-AbCdEfGhIjKlMnOpQrSt-uv claude", "ANTHROPIC=[redacted] claude"],
  ["echo sk-proj-AbCdEfGhIjKlMnOpQrStUvWx", "echo [redacted]"],
  ["stripe listen --key sk_test_51AbCdEfGhIjKlMnOp", "stripe listen --key [redacted]"],
  [
    "gh auth login --with ghp_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789",
    "gh auth login --with [redacted]",
  ],
  ["echo github_pat_11AAAAAAA0abcdefghij_klmnop > f", "echo [redacted] > f"],
  ["glab login glpat-AbCdEfGhIjKlMnOpQrSt", "glab login [redacted]"],
  ["slack xoxb-123456789012-abcdefABCDEF", "slack [redacted]"],
  [
    "aws configure set aws_access_key_id AKIAIOSFODNN7EXAMPLE",
    "aws configure set aws_access_key_id [redacted]",
  ],
  [
    "aws configure set x wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "aws configure set x [redacted]",
  ],
  [
    "curl https://maps?key=AIzaSyA1234567890abcdefghijklmnopqrstuv",
    "curl https://maps?key=[redacted]",
  ],
  [
    "npm config set //r/:_x npm_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789",
    "npm config set //r/:_x [redacted]",
  ],
  ["curl -d eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N", "curl -d [redacted]"],
  ["deploy aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5z", "deploy [redacted]"],
  ["echo '-----BEGIN RSA PRIVATE KEY-----MIIEpAIBAAKCAQEA'", "echo '[redacted]"],
];

/** Lines without a secret, some of which look like one. */
const INNOCENT: string[] = [
  "git log --oneline -5",
  "git log --author=Ada",
  "llm --max-tokens 100 --tokenizer bert",
  "max_tokens=4096 author=ada make",
  "git show 9fceb02d0ae598e95dc970b74767f19372d61af8",
  "git checkout 5968cdc",
  "sha256sum dist/perfmon",
  "echo e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "rm -rf /tmp/084eaac8-8a67-4e97-9b13-49511b9e047f",
  "/home/ada/projects/perfmon/src/commands/rec_input.ts",
  "/home/ada/.claude/projects/-home-ada-project/084eaac8-8a67-4e97-9b13-49511b9e047f.jsonl",
  "src/main/java/com/example/SomeVeryLongClassNameWithManyWords2Test.java",
  "https://github.com/denoland/deno/issues/12345?q=is%3Aopen",
  "https://example.com:8443/path",
  "curl -sSL https://example.com/install.sh | sh",
  "ssh ada@example.com uptime",
  "scp file.txt ada@example.com:/srv/",
  "npm install --save-dev typescript@5.9.3",
  "docker run -u 1000:1000 --rm alpine",
  "deno test --filter 'tokenizer splits words'",
  "grep -rn 'password' src/",
  "ls -la node_modules/.bin",
  "python3 -m pytest tests/test_auth.py -k login",
  "sed -n '1,200p' src/authentication.ts",
  "make -j8 CFLAGS=-O2",
  "find . -name '*.ts' -newer deno.json",
  "cat tests/tokenizer/keys.ts",
  "export PATH=/usr/local/bin:$PATH",
  "risk-assessment-of-the-year-report.md",
  "task-management-and-planning-notes.md",
  "psql -h localhost -U app -c 'select count(*) from users'",
  "git commit -m 'Explain the basic authentication flow'",
];

for (const [line, redacted] of SECRETS) {
  Deno.test(`a secret vanishes: ${redacted}`, () => assertEquals(redact(line), redacted));
}

for (const line of INNOCENT) {
  Deno.test(`a line without a secret stays: ${line}`, () => assertEquals(redact(line), line));
}

Deno.test("of a file tool the path is recorded, of Bash the first line, of others the telling member", () => {
  const cases: [string | undefined, unknown, string | undefined][] = [
    ["Read", { file_path: "/p/a.txt", limit: 5 }, "/p/a.txt"],
    ["Write", { content: "SECRET", file_path: "/p/a.txt" }, "/p/a.txt"],
    ["Edit", { old_string: "a", new_string: "b", file_path: "/p/a.txt" }, "/p/a.txt"],
    ["NotebookEdit", { notebook_path: "/p/a.ipynb" }, "/p/a.ipynb"],
    ["Bash", { command: "\n  cd /p && make\nrm x", description: "Build" }, "cd /p && make"],
    ["Bash", { description: "without a command" }, undefined],
    ["Grep", { pattern: "TODO", path: "/p" }, "/p"],
    [
      "WebFetch",
      { url: "https://ada:pw@example.com/x", prompt: "y" },
      "https://[redacted]@example.com/x",
    ],
    ["Agent", { description: "Look around", prompt: "PRIVATE" }, "Look around"],
    ["mcp__x__y", { whatever: "PRIVATE" }, undefined],
    [undefined, { file_path: "/p" }, "/p"],
    ["Bash", "text", undefined],
    ["Bash", null, undefined],
    ["Bash", { command: 7 }, undefined],
    ["Bash", { command: "  " }, undefined],
  ];
  for (const [tool, input, expected] of cases) {
    assertEquals(redactParameters(tool, input), expected, JSON.stringify([tool, input]));
  }
});

Deno.test("a line is 200 characters at most, and no secret is cut in half by that", () => {
  const secret = "ghp_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789";
  for (let before = 150; before < 200; before++) {
    const command = `${"x".repeat(before - 1)} ${secret} ${"y".repeat(5000)}`;
    const line = redactParameters("Bash", { command }) ?? "";
    assert(line.length <= 200 && !line.includes("ghp_"), line);
  }
});
