import { redact, redactParameters } from "../../../src/agents/claude/redact.ts";
import { assert, assertEquals } from "../../std/std_assert.ts";

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
  ["echo '-----BEGIN RSA PRIVATE KEY-----MIIEpAIBAAKCAQEA'", "echo '[redacted]'"],
  // What is assigned, in shells, files and flags of programs
  ["AWS_SECRET_ACCESS_KEY=abc/def+ghi aws s3 ls", "AWS_SECRET_ACCESS_KEY=[redacted] aws s3 ls"],
  ["SMTP_PASS=hunter2 node mail.js", "SMTP_PASS=[redacted] node mail.js"],
  [
    "kubectl create secret generic db --from-literal=password=abc",
    "kubectl create secret generic db --from-literal=password=[redacted]",
  ],
  [
    "helm install db bitnami/mysql --set auth.rootPassword=s3cr3t",
    "helm install db bitnami/mysql --set auth.rootPassword=[redacted]",
  ],
  [
    'ansible-playbook site.yml -e "ansible_become_pass=hunter2"',
    'ansible-playbook site.yml -e "ansible_become_pass=[redacted]"',
  ],
  ["terraform apply -var='db_password=hunter2'", "terraform apply -var='db_password=[redacted]'"],
  [
    "echo '//registry.npmjs.org/:_authToken=abc-def' >> .npmrc",
    "echo '//registry.npmjs.org/:_authToken=[redacted]' >> .npmrc",
  ],
  ["echo '_auth=YWRhOnB3' >> .npmrc", "echo '_auth=[redacted]' >> .npmrc"],
  [
    "gpg --batch --passphrase hunter2 -d secrets.gpg",
    "gpg --batch --passphrase [redacted] -d secrets.gpg",
  ],
  [
    "keytool -list -keystore k.jks -storepass changeit",
    "keytool -list -keystore k.jks -storepass [redacted]",
  ],
  ["openssl rsa -in k.pem -passin pass:hunter2", "openssl rsa -in k.pem -passin pass:[redacted]"],
  [
    "printf 'machine x.org login ada password hunter2' > ~/.netrc",
    "printf 'machine x.org login ada password [redacted]' > ~/.netrc",
  ],
  ["echo 'api_key: 9f8e7d6c' > config.yml", "echo 'api_key: [redacted]' > config.yml"],
  ['{"apiKey":"9f8e7d6c","region":"eu"}', '{"apiKey":[redacted],"region":"eu"}'],
  [
    "java -Dspring.datasource.password=hunter2 -jar app.jar",
    "java -Dspring.datasource.password=[redacted] -jar app.jar",
  ],
  ['export GPG_PASSPHRASE="correct horse battery"', "export GPG_PASSPHRASE=[redacted]"],
  [
    "az login --service-principal -u app --password hunter2 --tenant t",
    "az login --service-principal -u app --password [redacted] --tenant t",
  ],
  [
    "curl -H 'Cookie: session=abc123; theme=dark' https://x",
    "curl -H 'Cookie: [redacted]' https://x",
  ],
  ["curl -b 'sessionid=abc123' https://x", "curl -b [redacted] https://x"],
  [
    "curl -H 'PRIVATE-TOKEN: abcdefghij' https://gitlab",
    "curl -H 'PRIVATE-TOKEN: [redacted]' https://gitlab",
  ],
  // Short flags of well-known programs
  ["sshpass -p hunter2 ssh ada@example.com", "sshpass -p [redacted] ssh ada@example.com"],
  ["mysql -u root -phunter2 app", "mysql -u root -p[redacted] app"],
  ["redis-cli -h cache -a hunter2 ping", "redis-cli -h cache -a [redacted] ping"],
  ["docker login -u ada -p hunter2 ghcr.io", "docker login -u ada -p [redacted] ghcr.io"],
  ["http -a ada:hunter2 example.com", "http -a ada:[redacted] example.com"],
  ["unzip -P hunter2 x.zip", "unzip -P [redacted] x.zip"],
  ["7z x -phunter2 x.7z", "7z x -p[redacted] x.7z"],
  ["ldapsearch -D cn=admin -w hunter2 -b dc=x", "ldapsearch -D cn=admin -w [redacted] -b dc=x"],
  // URLs
  ["redis-cli -u redis://:hunter2@cache:6379/0", "redis-cli -u redis://[redacted]@cache:6379/0"],
  [
    "mongosh 'mongodb+srv://app:p@ss/word@cluster0.mongodb.net/app'",
    "mongosh 'mongodb+srv://[redacted]@cluster0.mongodb.net/app'",
  ],
  [
    "psql 'jdbc:postgresql://h/db?user=a&password=hunter2'",
    "psql 'jdbc:postgresql://h/db?user=a&password=[redacted]'",
  ],
  [
    "curl -d x https://hooks.slack.com/services/T0AAAAAAA/B0BBBBBBB/abcdefghijklmnopqrstuvwx",
    "curl -d x https://hooks.slack.com/services/[redacted]",
  ],
  [
    "curl https://discord.com/api/webhooks/123456789012345678/abc-DEF_ghi",
    "curl https://discord.com/api/webhooks/[redacted]",
  ],
  [
    "curl 'https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=0123456789abcdef'",
    "curl 'https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=[redacted]'",
  ],
  [
    "azcopy cp x 'https://a.blob.core.windows.net/c?sv=2024&sig=abc%2Bdef%3D'",
    "azcopy cp x 'https://a.blob.core.windows.net/c?sv=2024&sig=[redacted]'",
  ],
  [
    "curl https://api.telegram.org/bot123456789:AAFabcdefghijklmnopqrstuvwxyz0123456/getMe",
    "curl https://api.telegram.org/bot[redacted]/getMe",
  ],
  // Keys with well-known prefixes
  ["gsk_AbCdEfGhIjKlMnOpQrStUvWx", "[redacted]"],
  ["run xai-AbCdEfGhIjKlMnOpQrStUvWx", "run [redacted]"],
  ["run r8_AbCdEfGhIjKlMnOpQrStUvWx", "run [redacted]"],
  ["run whsec_AbCdEfGhIjKlMnOpQrStUvWx", "run [redacted]"],
  ["run GOCSPX-AbCdEfGhIjKlMnOpQrSt", "run [redacted]"],
  ["run dckr_pat_AbCdEfGhIjKlMnOpQrSt", "run [redacted]"],
  ["run hvs.CAESIAbCdEfGhIjKlMnOpQrSt", "run [redacted]"],
  ["run lin_api_AbCdEfGhIjKlMnOpQrSt", "run [redacted]"],
  ["run ntn_AbCdEfGhIjKlMnOpQrSt", "run [redacted]"],
  ["run glsa_AbCdEfGhIjKlMnOpQrSt", "run [redacted]"],
  ["run NRAK-ABCDEFGHIJKLMNOPQRST", "run [redacted]"],
  ["run PMAK-0123456789abcdef01234567", "run [redacted]"],
  ["run dapi0123456789abcdef0123456789abcdef", "run [redacted]"],
  ["run sntrys_AbCdEfGhIjKlMnOpQrSt", "run [redacted]"],
  ["run sbp_0123456789abcdef0123456789abcdef", "run [redacted]"],
  ["run ATATT3xFfGF0AbCdEfGhIjKlMnOp", "run [redacted]"],
  ["run AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQ", "run [redacted]"],
  ["run sq0atp-AbCdEfGhIjKlMnOpQrSt", "run [redacted]"],
  ["run SK0123456789abcdef0123456789abcdef", "run [redacted]"],
  ["run key-0123456789abcdef0123456789abcdef", "run [redacted]"],
  ["run rubygems_0123456789abcdef0123456789", "run [redacted]"],
  ["run shpss_0123456789abcdef0123456789", "run [redacted]"],
  ["run ghs_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789", "run [redacted]"],
  [
    "cat > k <<'-----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1rZXktdjEAAAAA'",
    "cat > k <<'[redacted]'",
  ],
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
  // References to secrets are none
  'curl -H "Authorization: Bearer $TOKEN" https://x',
  "export GITHUB_TOKEN=$(gh auth token)",
  'psql "password=$PGPASSWORD host=db"',
  "docker login -u ada --password-stdin ghcr.io",
  "mysql --defaults-extra-file=/etc/mysql/my.cnf --password-file /run/pw app",
  "POSTGRES_PASSWORD_FILE=/run/secrets/db docker compose up",
  "docker build --secret id=npmrc,src=/home/ada/.npmrc .",
  "kubectl get secrets -n prod -o name",
  "kubectl describe secret db-credentials",
  "gh secret list --repo ada/perfmon",
  "vault kv get -field=value kv/app",
  "aws secretsmanager list-secrets --max-items 5",
  // Words that look like names of secrets
  "pytest -k 'pass or fail' --maxfail=3",
  "npx tsc --noEmit && echo pass=1",
  "ls compass/ passenger/ bypass.txt",
  "grep -n 'tokens: number' src/usage.ts",
  "curl 'https://api.example.com/v1/authors?limit=5'",
  "git log --format='%an' --author-date-order",
  "cat oauth2_proxy.cfg authentication.md",
  "sort --key=2 -t, data.csv",
  "jq '.keys | length' keys.json",
  "ssh-keygen -t ed25519 -C ada@example.com",
  "sqlite3 app.db 'alter table t add primary key (id)'",
  "rg -n 'secret santa' docs/",
  // Long runs that are no keys
  "git diff 9fceb02d0ae598e95dc970b74767f19372d61af8..5968cdc0ae598e95dc970b74767f19372d61af8a",
  "docker pull alpine@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "curl -O https://registry.npmjs.org/typescript/-/typescript-5.9.3.tgz",
  "ls /nix/store/0c3lmhpgbhrqcmjqvd8wv2n1a1fnwzd2-glibc-2.40-66/lib",
  "cat /var/lib/docker/overlay2/3f8a1b2c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8/diff",
  "deno test --allow-read --allow-write tests/log/rotate_test.ts --filter='a rotation keeps the header'",
  "node_modules/.pnpm/@typescript-eslint+parser@8.30.1_eslint@9.25.0_typescript@5.9.3/node_modules",
  "org.springframework.boot.autoconfigure.web.servlet.WebMvcAutoConfiguration",
  "./gradlew :app:connectedDebugAndroidTest2 --tests com.example.LoginFlow2WithRetry3Test",
  "kubectl logs deployment/payment-service-7d9c6b8f4-x2x9q -n prod",
  "aws ec2 describe-instances --instance-ids i-0abcd1234efgh5678",
  "arn:aws:iam::123456789012:role/service-role/MyLambdaExecutionRole2",
  "psql -c \"select id from t where uuid = '084eaac8-8a67-4e97-9b13-49511b9e047f'\"",
  "date -d @1795357610 && sleep 1729876543",
  "http://localhost:8080/@vite/client?t=1795357610",
  "https://example.com/@ada/posts/12345?utm_source=mail@list",
  "ssh://git@github.com/ada/perfmon.git",
  "npm install @scope/package@1.2.3 --registry http://localhost:4873",
  "mail -s 'Report' ada@example.com < report.txt",
  "tar -xpf backup.tar -C /srv && mkdir -p /srv/data",
  "cp -a src/ build/ && ls -a",
  "docker run -p 8080:80 -v /srv:/srv nginx",
  "zip -r x.zip src -x '*.log'",
  "echo data:image/png;base64,iVBORw0KGgo= | head -c 20",
  "perfmon report --by session --since 2h --json",
  "find /home/ada/projects -maxdepth 3 -name 'pass*' -print",
];

Deno.test("the tables hold at least 60 real shapes of secrets and 60 innocent lines", () => {
  assert(new Set(SECRETS.map(([line]) => line)).size >= 60);
  assert(new Set(INNOCENT).size >= 60);
});

for (const [line, redacted] of SECRETS) {
  Deno.test(`a secret vanishes: "${redacted}"`, () => assertEquals(redact(line), redacted));
}

for (const line of INNOCENT) {
  Deno.test(`a line without a secret stays: "${line}"`, () => assertEquals(redact(line), line));
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
