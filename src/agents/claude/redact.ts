/** The longest line of parameters, UTF-16 units. */
const LINE_LIMIT = 200;

const HIDDEN = "[redacted]";

/** The members of a tool's input that say what a tool worked on, the most telling first. */
const TELLING = ["file_path", "notebook_path", "path", "pattern", "query", "url", "description"];

/** The names of what must stay secret, with what may stand around them; `tokens` and `tokenizer` are none. */
const NAME = String.raw`(?:[\w.-]*(?:password|passwd|passphrase|secret|token(?!iz|s)|credential|` +
  String
    .raw`(?:api|access|private)[-_]?key)|[\w.-]*[_.-]pass(?![\w.-])|[\w.-]*auth(?=["']?\s*[:=]))` +
  // What such a name says of a file, or of where to look, is no secret.
  String.raw`(?![\w.-]*[-_](?:file|stdin|path|dir|name|arn|manager)s?\b)[\w.-]*`;
/** A value, quoted or not, that is no reference to a variable or a command. */
const VALUE = String.raw`(?!"?\$[\w{(])(?:"[^"]*"|'[^']*'|[^\s"',;&]+)`;
/** The rest of one command of a line. */
const REST = String.raw`[^|;&]{0,200}?\s`;

/** The shapes of secrets, each replaced by `$1[redacted]`: what comes before stays, the secret goes. */
const SECRETS: readonly RegExp[] = [
  // URLs with credentials: scheme://user:password@host (the password may hold @ and /, the user is no port)
  /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/:@"']*:(?!\d+[/?#])[^\s"']*(?=@[\w.-]+(?::\d+)?(?:[/?#\s"']|$))/gi,
  // (ssh://git@host names a user, and no secret)
  /(\b[a-z][a-z0-9+.-]*:\/\/)(?!(?:git|hg|svn)@)[^/\s@"']+(?=@)/gi,
  // URLs that are secrets themselves
  /(https:\/\/(?:hooks\.slack\.com\/\w+|(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks|[\w.-]+\.webhook\.office\.com)\/)[^\s"']+/gi,
  /(https:\/\/api\.telegram\.org\/bot)[^/\s"']+/gi,
  /([?&](?:sig|signature|x-(?:amz|goog)-signature)=)[^&\s"']+/gi,
  // Headers: Authorization, Cookie
  /(\bauthorization\s*[:=]\s*(?:(?:bearer|basic|token)\s+|(?!(?:bearer|basic|token)\s)))(?!\$[\w{(])[^\s"',;]+/gi,
  /(\bcookie\s*:\s*)(?!\$[\w{(])[^"'\s][^"']*/gi,
  /(\bcurl\b[^|;&]*?\s(?:-b|--cookie)[=\s]+)(?:"[^"]*=[^"]*"|'[^']*=[^']*'|[^\s"'=]+=[^\s"']+)/g,
  // The words alone are English; what follows them must look encoded.
  /(\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC)\s+)(?=\S*(?:[0-9=]|[a-z][A-Z]))[A-Za-z0-9._~+/=-]{8,}/g,
  // --password x, --token=x (not docker's --secret id=x), -storepass x
  new RegExp(String.raw`((?<![\w-])--?${NAME}[=\s]+)(?!id=|--?[a-z])${VALUE}`, "gi"),
  new RegExp(String.raw`((?<![\w-])--?(?:(?:store|key)?pass)[=\s]+)(?!--?[a-z])${VALUE}`, "gi"),
  // PASSWORD=x, "api_key": "x"
  new RegExp(String.raw`((?<![\w.-])${NAME}["']?\s*[:=]\s*)${VALUE}`, "gi"),
  // Flags of well-known programs; -u user:password (not the user and group ids of "docker run -u 1000:1000")
  /((?:^|\s)(?:-u|--user)[=\s]+(?!\d+:\d+(?:\s|$))[^\s:]+:)(?!\/\/|\$[\w{(])[^\s]+/g,
  new RegExp(
    String.raw`(\b(?:sshpass|(?:docker|podman|helm|az)${REST}login)\s(?:${REST})?-p\s*)${VALUE}`,
    "g",
  ),
  new RegExp(
    String.raw`(\b(?:mysql|mysqldump|mysqladmin|mariadb|7za?|7zz)\s(?:${REST})?-p)(?=\S)${VALUE}`,
    "g",
  ),
  new RegExp(String.raw`(\b(?:zip|unzip)\s(?:${REST})?-P\s*)${VALUE}`, "g"),
  new RegExp(String.raw`(\bredis-cli\s(?:${REST})?-a\s+)${VALUE}`, "g"),
  new RegExp(String.raw`(\bldap\w+\s(?:${REST})?-w\s+)${VALUE}`, "g"),
  new RegExp(String.raw`(\bhttps?\s(?:${REST})?-a\s+[^\s:]+:)${VALUE}`, "g"),
  new RegExp(String.raw`(-pass(?:in|out)?\s+pass:)${VALUE}`, "g"),
  new RegExp(String.raw`(\blogin\s+\S+\s+password\s+)${VALUE}`, "g"),
  // Keys with well-known prefixes
  /()\b(?:sk|pk|rk)[-_](?:live|test|ant|proj|or)?[-_]?[A-Za-z0-9_-]{16,}/g,
  /()\b(?:gh[pousr]|npm|hf|gsk|r8|ntn|whsec|glsa|sntry[su]|sbp|rubygems|shp(?:at|ss|ca|pa)|do[opr]_v1|lin_api|figd|dckr_pat|pscale_(?:tkn|pw))_[A-Za-z0-9-]{16,}/g,
  /()\b(?:github_pat_|glpat-|xox[abeoprs]-|xapp-|xai-|pplx-|pypi-|SG\.|GOCSPX-|hv[sbr]\.|ATATT3x|ATBB|sq0(?:atp|csp)-|NRAK-|PMAK-|AGE-SECRET-KEY-1)[A-Za-z0-9_.-]{10,}/g,
  /()\b(?:dapi|key-|SK)[0-9a-f]{32}\b/g,
  /()\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
  /()\bAIza[A-Za-z0-9_-]{30,}/g,
  /()\bya29\.[A-Za-z0-9_-]{10,}/g,
  // JSON Web Tokens, private keys
  /()\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?/g,
  /()-----BEGIN [A-Z ]*PRIVATE KEY-----[^"']*/g,
];

/**
 * Says what a tool was asked to do as one redacted line: for file tools the path, for Bash the command's
 * first line, for others their most telling member. Nothing else of `tool_input` is used. Redaction
 * is by shape, so a secret that looks like a word stays.
 */
export function redactParameters(
  toolName: string | undefined,
  input: unknown,
): string | undefined {
  const line = telling(toolName, input);
  return line === undefined ? undefined : redact(line).slice(0, LINE_LIMIT);
}

function telling(toolName: string | undefined, input: unknown): string | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  const members = new Map(Object.entries(input));
  const keys = toolName === "Bash" ? ["command"] : TELLING;
  for (const key of keys) {
    const value: unknown = members.get(key);
    if (typeof value === "string" && value.trim() !== "") return firstLine(value);
  }
  return undefined;
}

function firstLine(text: string): string {
  // Cut generously before redacting, so that a secret at the limit is still seen whole.
  return text.trimStart().slice(0, 10 * LINE_LIMIT).split(/[\r\n]/, 1)[0] ?? "";
}

/** The text with whatever looks like a secret replaced by `[redacted]`. */
export function redact(text: string): string {
  const shaped = SECRETS.reduce((line, shape) => line.replace(shape, `$1${HIDDEN}`), text);
  return shaped.replace(/[A-Za-z0-9+/_=-]{32,}/g, (word) => isRandom(word) ? HIDDEN : word);
}

/**
 * Whether a word is a long run that mixes cases and digits and is no path: a key, not a commit hash
 * (hex) or a uuid.
 */
function isRandom(word: string): boolean {
  if (/^[0-9a-f-]+$/i.test(word)) return false;
  if (!/\d/.test(word) || !/[a-z]/.test(word) || !/[A-Z]/.test(word)) return false;
  const parts = word.split(/[/_-]/);
  // Secret keys of AWS: 40 characters, slashes among them. A path has a part in lower case.
  if (word.length === 40 && !parts.some((part) => /^[a-z]+$/.test(part))) return true;
  const longest = Math.max(...parts.map((part) => part.length));
  // Names have few digits, and these together: `SomeLongClassName2Test`.
  const digitEdges = word.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
  return longest >= 24 && digitEdges >= 4;
}
