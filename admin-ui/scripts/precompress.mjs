// Writes FILE.br and FILE.gz beside each built file that shrinks by it: the server sends them as they are.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
// index.html is left out: the server writes a nonce into every answer.
const compressible = new Set([".js", ".css", ".svg", ".json"]);
const total = { raw: 0, br: 0 };

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !compressible.has(extname(entry.name))) {
    continue;
  }
  const path = join(entry.parentPath, entry.name);
  const raw = readFileSync(path);
  const br = brotliCompressSync(raw, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length },
  });
  const gz = gzipSync(raw, { level: 9 });
  if (br.length < raw.length) {
    writeFileSync(`${path}.br`, br);
  }
  if (gz.length < raw.length) {
    writeFileSync(`${path}.gz`, gz);
  }
  total.raw += raw.length;
  total.br += Math.min(br.length, raw.length);
}
process.stdout.write(
  `dist: ${Math.round(total.raw / 1024)} kB, ${Math.round(total.br / 1024)} kB as brotli\n`,
);
