// The real `docket` as a demonstration of its own: an empty data folder, a free port, a clock that stands still.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

/** Where the clock stands at the start of every journey. */
export const START = "2026-11-25T09:00:00+08:00";

/** A first start seeds an organisation; longer than this is a fault. */
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

const root = resolve(import.meta.dirname, "../../..");

/**
 * Starts a demonstration: of the shipped configuration, or of the folder `config`.
 * @param {{config?: string, services?: object, title?: string, titleEn?: string}} options `services` are the other systems that
 *   workflows ask, as docs/operations.md describes them; the titles are the system's
 * @returns {Promise<{address: string, password: string, data: string, stop: () => Promise<void>}>}
 */
export async function startServer({ config, services, title, titleEn } = {}) {
  const binary = process.env.DOCKET_BIN ?? join(root, "target/debug/docket");
  if (!existsSync(binary)) {
    throw new Error(`${binary} does not exist: build it (cargo build -p docket) or name it in DOCKET_BIN`);
  }
  const data = await mkdtemp(join(tmpdir(), "docket-e2e-"));
  const options = ["--now", START, "--listen", "127.0.0.1:0", "--data", join(data, "data")];
  if (config) {
    options.push("--config", config);
  }
  if (services) {
    const file = join(data, "services.json");
    await writeFile(file, JSON.stringify(services), { mode: 0o600 });
    options.push("--services", file);
  }
  const child = spawn(binary, ["serve", "--demo", ...options], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      DATABASE_URL: undefined,
      REDIS_URL: undefined,
      DOCKET_SERVICES: undefined,
      DOCKET_TITLE: title,
      DOCKET_TITLE_EN: titleEn,
    },
  });
  const said = [];
  const ended = new Promise((done) => child.once("exit", done));

  async function stop() {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    }
    await rm(data, { recursive: true, force: true });
  }

  const { address, password } = await new Promise((found, failed) => {
    const timer = setTimeout(
      () => failed(new Error(`docket did not say where it listens:\n${said.join("\n")}`)),
      START_TIMEOUT_MS,
    );
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        // The address is printed first, the password with the accounts below it.
        const ready = /^docket: (http:\/\/\S+)/.exec(said.find((line) => line.startsWith("docket: http")) ?? "");
        const password = passwordIn(said);
        if (ready && password) {
          clearTimeout(timer);
          found({ address: ready[1], password });
        }
      });
    }
    child.once("error", failed);
    ended.then((code) => {
      clearTimeout(timer);
      failed(new Error(`docket ended with ${code}:\n${said.join("\n")}`));
    });
  }).catch(async (error) => {
    await stop();
    throw error;
  });
  return { address, password, data, stop };
}

/** The one password of a demonstration, as it is printed at the start; undefined until it has been. */
function passwordIn(lines) {
  return lines.map((line) => /(?:密码|password)\W*([\w-]+)\W*$/iu.exec(line)?.[1]).find(Boolean);
}
