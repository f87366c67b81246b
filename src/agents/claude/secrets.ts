/** The shapes of secrets in command lines. */

/** What stands before such a name, as in `DB_PASSWORD`, and behind it; bounded, so that it takes linear time. */
const AROUND = String.raw`[\w.-]{0,60}`;

/** Words that name a secret wherever they stand in a name; `tokens` and `tokenizer` are none. */
const WORDS = "password|passwd|passphrase|passcode|secret|token(?!iz|s)|credential";
/** What a key is of, where it is secret. */
const KEYS =
  "api|access|private|secret|encryption|decryption|signing|master|storage|account|admin|subscription|session|shared|license";
/** The names of what must stay secret. */
const NAME = String.raw`(?:${AROUND}(?:${WORDS}|(?:${KEYS})[-_]?key)|` +
  String.raw`${AROUND}[_.-](?:pass|pwd|pw)(?![\w.-])|${AROUND}auth(?=["']?\s*[:=]))` +
  // What such a name says of a file, or of where to look, is no secret.
  String.raw`(?!${AROUND}[-_.](?:file|stdin|path|dir|name|arn|manager|helper)s?\b)${AROUND}`;
/** A value, quoted or not, that is no reference to a variable or a command, and nothing that a shell reads. */
const VALUE = String.raw`(?!"?\$[\w{(]|<)(?:"[^"]*"|'[^']*'|[^\s"',;&]+)`;
/** The same of a short name that has other meanings as well: no path, and no number of tests. */
const WORD_VALUE = String
  .raw`(?!["']?[/~.])(?=["']?[^\s"',;&]*[a-z])(?=["']?[^\s"',;&]{4})${VALUE}`;
/** The rest of one command of a line. */
const REST = String.raw`(?:[^|;&]{0,200}?\s)?`;

/** What programs take as a flag's value: `flagOf("zip", "-P")` for `zip -r -P x`, `zip -Px`. */
function flagOf(programs: string, flags: string): RegExp {
  return new RegExp(
    String.raw`(\s(?:${flags})(?<=\b(?:${programs})\s[^|;&]{0,200})[=\s]*)${VALUE}`,
    "g",
  );
}

/** The same where the value stands behind the flag without a blank; with one it is something else. */
function attachedTo(programs: string, flags: string): RegExp {
  return new RegExp(String.raw`(\b(?:${programs})\s${REST}(?:${flags}))(?=\S)${VALUE}`, "g");
}

/** What programs take as a word, behind others: `wordOf("cargo login")` for `cargo login x`. */
function wordOf(before: string): RegExp {
  return new RegExp(String.raw`(\b(?:${before})\s+)(?!-)${VALUE}`, "g");
}

/** Programs that read a secret from stdin. */
const READERS = String.raw`(?:sudo\s+)?(?:chpasswd|passwd|su|vncpasswd|cryptsetup)\b|` +
  String
    .raw`sudo\s+(?:-\S+\s+)*-\w*S|[^|]*--(?:password|token|with-token|passphrase)(?:-?stdin)?\b`;

const URLS: readonly RegExp[] = [
  // scheme://user:password@host (the password may hold @ and /, the user is no port). What is longer
  // goes as a whole: to look for its @ from each scheme in it would take quadratic time.
  /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/:@"']*:(?!\d+[/?#])(?:[^\s"']{2000,}|[^\s"']*(?=@[\w.-]+(?::\d+)?(?:[/?#\s"']|$)))/gi,
  // (ssh://git@host names a user, and no secret)
  /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)(?!(?:git|hg|svn)@)[^/\s@"']+(?=@)/gi,
  // URLs that are secrets themselves
  /(https:\/\/(?:hooks\.slack\.com\/\w+|(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks|[\w.-]+\.webhook\.office\.com)\/)[^\s"']+/gi,
  /(https:\/\/api\.telegram\.org\/bot)[^/\s"']+/gi,
  /([?&](?:sig|signature|x-(?:amz|goog)-signature)=)[^&\s"']+/gi,
  /([?&](?:key|code|auth)=)(?=[^&\s"']*\d)[^&\s"']{8,}/gi,
];

const HEADERS: readonly RegExp[] = [
  /((["'])(?:proxy-)?authorization\s*:(?!\s*(?:[\w-]+\s+)?\$[\w{(])\s*(?:[\w-]+\s+)?)(?![\w-]+\s|\2)(?:(?!\2).)+/gi,
  /(\bauthorization\s*[:=]\s*(?:(?:bearer|basic|token)\s+|(?!(?:bearer|basic|token)\s)))(?!\$[\w{(])[^\s"',;]+/gi,
  /(\bcookie\s*:\s*)(?!\$[\w{(])[^"'\s][^"']*/gi,
  /(\bcurl\b[^|;&]*?\s(?:-b|--cookie)[=\s]+)(?:"[^"]*=[^"]*"|'[^']*=[^']*'|[^\s"'=]+=[^\s"']+)/g,
  // The words alone are English; what follows them must look encoded.
  /(\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC)\s+)(?=\S*(?:[0-9=]|[a-z][A-Z]))[A-Za-z0-9._~+/=-]{8,}/g,
];

const ASSIGNED: readonly RegExp[] = [
  // pulumi config set --secret NAME x: the flag has no value
  wordOf(String.raw`pulumi\s${REST}--secret\s+\S+`),
  // --password x, --token=x (not docker's --secret id=x), -storepass x, -pw x
  new RegExp(String.raw`((?<![\w-])--?${NAME}[=\s]+)(?!id=|--?[a-z])${VALUE}`, "gi"),
  new RegExp(
    String
      .raw`((?<![\w-])--?(?:(?:store|key|user)?_?pass|pwd|pw|pin|otp)[=\s]+)(?!--?[a-z])${VALUE}`,
    "gi",
  ),
  // PASSWORD=x, "api_key": "x", ["password"] "x"
  new RegExp(String.raw`((?<![\w.-])${NAME}["']?\s*[:=]\s*)${VALUE}`, "gi"),
  new RegExp(String.raw`((?<![\w.-])${NAME}["']\]\s+)${VALUE}`, "gi"),
  new RegExp(
    String.raw`((?:(?<![\w.-])|(?<=\\[nt]))(?:pass|pwd|pw|sshpass)["']?\s*[:=]\s*)${WORD_VALUE}`,
    "gi",
  ),
  new RegExp(String.raw`((?<!\w)(?!PUBLIC|PRIMARY|FOREIGN|CACHE|SORT)[A-Z]\w*_KEY=)${VALUE}`, "g"),
  new RegExp(String.raw`(--from-literal[=\s]+[\w.-]+=)${VALUE}`, "g"),
  new RegExp(
    String.raw`((?<=\b(?:secrets?\s+set|config:set)\b[^|;&]{0,300})\s[A-Za-z_]\w*=)${VALUE}`,
    "g",
  ),
  // config set NAME x, set -x NAME x, setenv NAME x
  new RegExp(
    String
      .raw`(\b(?:config|configure|setenv|set)\s${REST}["']?(?!set-|-)(?:[\w./]*:)?(?:${NAME}|_auth)["']?\s+)(?!-)${VALUE}`,
    "gi",
  ),
  // SQL
  /(\b(?:password|identified(?:\s+with\s+\w+)?\s+by)\s+)'[^']+'/gi,
];

const FLAGS: readonly RegExp[] = [
  // -u user:password (not the user and group ids of "docker run -u 1000:1000", nor a host's path)
  new RegExp(
    String.raw`((?:^|\s)(?:-[uU]|--(?:proxy-)?user|--(?:src-|dest-)?creds)[=\s]+["']?` +
      String
        .raw`(?!\d+:\d+(?:\s|$))[^\s:"'/]+:)(?!\/\/|[/~.]|\$[\w{(])(?:(?<=["'][^"']*)[^"']+|[^\s]+)`,
    "g",
  ),
  new RegExp(
    String.raw`(\bcurl\s${REST}-[a-zA-Z]*[uU]\s*["']?[^\s:"'/]+:)(?!\$[\w{(])[^\s"']+`,
    "g",
  ),
  new RegExp(String.raw`(\bcurl\s${REST}(?:-E|--cert)[=\s]+[^\s:]+:)${VALUE}`, "g"),
  flagOf("curl", "--oauth2-bearer"),
  new RegExp(String.raw`(\b(?:https?|xh)\s${REST}(?:-a|--auth)[=\s]+(?:[^\s:]+:)?)${VALUE}`, "g"),
  flagOf(String.raw`sshpass|(?:docker|podman|helm|az|oc)\s${REST}login`, "-p"),
  flagOf("mongo\\w*|cqlsh|ncftp\\w*|rdesktop|useradd|usermod|twine|unlock-keychain", "-p"),
  attachedTo("mysql|mysqldump|mysqladmin|mariadb(?:-\\w+)?|7za?|7zz|unrar", "-p"),
  attachedTo("rar", "-h?p"),
  flagOf("zip|unzip", "-\\w*P"),
  flagOf("sqlcmd|bcp|ipmitool|mosquitto_\\w+", "-P"),
  flagOf("ssh-keygen", "-N|-P"),
  flagOf("snmp\\w+", "-A|-X|-c"),
  flagOf("redis-cli", "-a"),
  flagOf("ldap\\w+|add-(?:generic|internet)-password", "-w"),
  flagOf("openssl", "-k|-K|-hmac"),
  flagOf("nuget\\s+push", "-k"),
  flagOf("gem", "--key"),
  flagOf("vercel|doctl", "-t"),
  flagOf("netlify", "--auth"),
  flagOf("xfreerdp|wfreerdp", "/p:"),
  flagOf("qpdf", "--encrypt"),
  wordOf(String.raw`qpdf\s${REST}--encrypt\s+\S+`),
  flagOf("secrets?|variable|put-parameter|keyvault", "--value|--body|--secret-string|-b"),
  new RegExp(String.raw`(\blftp\s${REST}-u\s+[^\s,]+,)${VALUE}`, "g"),
  new RegExp(String.raw`(\bsmb\w+\s${REST}(?:-U|--user)[=\s]*["']?[^\s%"']+%)[^\s"']+`, "g"),
  new RegExp(String.raw`(-pass(?:in|out|word)?\s+pass:)${VALUE}`, "g"),
];

const POSITIONS: readonly RegExp[] = [
  wordOf(String.raw`login\s+\S+\s+password|nmcli\s${REST}password|(?:user|owner)_pw`),
  wordOf(
    String.raw`cargo\s+login|bw\s+unlock|bw\s+login\s+\S+|rclone\s+obscure|wpa_passphrase\s+\S+`,
  ),
  wordOf(String.raw`rabbitmqctl\s+(?:add_user|change_password)\s+\S+|reset-admin-password`),
  wordOf(String.raw`htpasswd\s+-\w*n\w*\s+\S+|htpasswd\s+-[a-mo-z]*b[a-mo-z]*\s+\S+\s+\S+`),
  wordOf(String.raw`net\s+user\s+\w+|set-agent-token\s+\w+|encrypt_string|http-basic\.\S+\s+\S+`),
  new RegExp(String.raw`(\bsqlplus\s${REST}\w+\/)[^\s@"']+`, "g"),
  new RegExp(
    String.raw`((?<![^\s"'])(?:[^\s:"']{1,100}:){4})[^\s"':]+(?=["']?\s*>>?\s*\S{0,100}\.pgpass)`,
    "g",
  ),
  // echo x | sudo -S, passwd <<< x, --password-file=<(echo x), send "x\r"
  new RegExp(
    String
      .raw`(\b(?:echo|printf)\s+(?:(?:-\w+|["']?%s(?:\\n)?["']?)\s+)?)${VALUE}(?=\s*\|\s*(?:${READERS}))`,
    "g",
  ),
  new RegExp(
    String
      .raw`((?:\b(?:login|passwd|chpasswd|vncpasswd|cryptsetup|pass\s+insert|secrets?)\b|sudo\s+-\w*S)[^|;&]{0,80}<<<\s*)${VALUE}`,
    "g",
  ),
  new RegExp(String.raw`(pass\S{0,30}[=\s]+<\((?:echo|printf)\s+)${VALUE}`, "g"),
  /(\bsend\s+(?:--\s+)?)"[^"]*\\r"/g,
];

const KNOWN_PREFIXES: readonly RegExp[] = [
  /()\b(?:sk|pk|rk)[-_](?:live|test|ant|proj|or)?[-_]?[A-Za-z0-9_-]{16,}/g,
  /()\b(?:gh[pousr]|npm|hf|gsk|r8|ntn|whsec|glsa|sntry[su]|sbp|rubygems|shp(?:at|ss|ca|pa)|do[opr]_v1|lin_api|figd|dckr_pat|pscale_(?:tkn|pw))_[A-Za-z0-9-]{16,}/g,
  /()\b(?:github_pat_|glpat-|xox[abeoprs]-|xapp-|xai-|pplx-|pypi-Ag|SG\.|GOCSPX-|hv[sbr]\.|ATATT3x|ATBB|sq0(?:atp|csp)-|NRAK-|PMAK-|AGE-SECRET-KEY-1)[A-Za-z0-9_.-]{10,}/g,
  /()\b(?:dapi|key-|SK)[0-9a-f]{32}\b/g,
  /()\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
  /()\bAIza[A-Za-z0-9_-]{30,}/g,
  /()\bya29\.[A-Za-z0-9_-]{10,}/g,
  // JSON Web Tokens, private keys
  /()\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?/g,
  /()-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[^"']*/g,
];

/** The shapes, each to be replaced by `$1[redacted]`: what comes before a secret stays, the secret goes. */
export const SECRETS: readonly RegExp[] = [
  ...URLS,
  ...HEADERS,
  ...ASSIGNED,
  ...FLAGS,
  ...POSITIONS,
  ...KNOWN_PREFIXES,
];
