#!/usr/bin/env node
// deno-lint-ignore-file explicit-function-return-type -- Node reads it as it stands
/**
 * Starts the binary of perfmon that npm installed for this platform, passes on its streams, signals and
 * exit status, and does nothing else. Hooks never start this: `perfmon hooks install` links to the binary.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import process from "node:process";

const require = createRequire(import.meta.url);
const { name, optionalDependencies } = require("../package.json");
const platform = `${process.platform}-${process.arch}`;

/** Signals that a terminal gives to all that runs in it, so that they are not passed on there. */
const OF_TERMINAL = ["SIGINT", "SIGQUIT", "SIGHUP"];

function fail(message) {
  console.error(`perfmon: ${message}`);
  process.exit(1);
}

function findBinary() {
  try {
    return require.resolve(`${name}-${platform}/bin/perfmon`);
  } catch {
    return fail(reasonForNone());
  }
}

function reasonForNone() {
  if (!Object.hasOwn(optionalDependencies, `${name}-${platform}`)) {
    const known = Object.keys(optionalDependencies).map((each) => each.slice(name.length + 1));
    return `There is no build for ${platform}, only for ${known.join(", ")}`;
  }
  if (process.platform === "linux" && isMusl()) {
    return "This system has musl in place of glibc, and the builds for Linux need glibc 2.27 or later";
  }
  return `The package "${name}-${platform}" is missing: install ${name} again, without leaving out ` +
    "optional dependencies (npm install --include=optional)";
}

function isMusl() {
  return process.report.getReport().header.glibcVersionRuntime === undefined;
}

const isInTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
// Before the binary is started: a signal that comes in between would end this alone.
for (const signal of [...OF_TERMINAL, "SIGTERM"]) {
  process.on(signal, () => {
    if (!(isInTerminal && OF_TERMINAL.includes(signal))) child.kill(signal);
  });
}
const child = spawn(findBinary(), process.argv.slice(2), { stdio: "inherit" });
child.on("error", (error) => fail(`Cannot start "${child.spawnfile}": ${error.message}`));
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
