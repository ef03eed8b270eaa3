// Another system that workflows ask: it answers as it is told to.
import { createServer } from "node:http";

/**
 * Starts the system on a free port.
 * @returns {Promise<{settings: object, answers: (status: number, body?: object) => void, asked: object[], stop: () => Promise<void>}>}
 *   `settings` are its settings for `docket serve --services`, `asked` the bodies of the questions so far
 */
export async function startService() {
  let answer = { status: 200, body: {} };
  const asked = [];
  const server = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      asked.push(JSON.parse(Buffer.concat(parts).toString()));
      response.writeHead(answer.status, { "Content-Type": "application/json" });
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    settings: {
      url: `http://127.0.0.1:${server.address().port}`,
      secret: Buffer.alloc(32, 7).toString("base64"),
      allow_http: true,
      allow_private: true,
    },
    answers(status, body = {}) {
      answer = { status, body };
    },
    asked,
    stop: () => new Promise((stopped) => server.close(stopped)),
  };
}
