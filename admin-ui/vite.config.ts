import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The kit writes some styles (scroll bar probes, scroll locks) without the nonce that it was given, and the content security
 * policy blocks them. This gives every style that it writes the page's nonce, in the one place where it makes them.
 */
function styleNonce(): Plugin {
  const from = "if (csp?.nonce) {\n    styleNode.nonce = csp?.nonce;\n  }";
  const to = `const nonce = csp?.nonce ?? document.querySelector('meta[name="csp-nonce"]')?.content;
  if (nonce) {
    styleNode.nonce = nonce;
  }`;
  return {
    name: "style-nonce",
    transform(code, id) {
      if (!/@rc-component[\\/]util[\\/]es[\\/]Dom[\\/]dynamicCSS\.js/.test(id)) {
        return undefined;
      }
      if (!code.includes(from)) {
        this.error("the kit writes its styles differently now: see styleNonce in vite.config.ts");
      }
      return { code: code.replace(from, to), map: null };
    },
  };
}

export default defineConfig({
  plugins: [react(), styleNonce()],
  resolve: {
    // The form library renders descriptions as Markdown; ours are plain texts, and the renderer weighs 32 kB.
    // Its own tests' validator is reachable from its entry and is not installed.
    alias: {
      "markdown-to-jsx/react": here("./src/forms/plainText.tsx"),
      "@rjsf/validator-ajv8": here("./src/forms/noAjv.ts"),
    },
  },
  build: {
    target: ["chrome90", "firefox90", "safari15"],
    // ECharts alone is larger than the default limit; it is loaded by the cockpit only.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: "tanstack", test: /node_modules[\\/]@tanstack[\\/]/ },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    // `npm run dev` shows a running server's data: DOCKET=http://127.0.0.1:8080 is the default.
    proxy: { "/api": { target: process.env.DOCKET ?? "http://127.0.0.1:8080" } },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    // So that the aliases above hold inside it.
    server: { deps: { inline: [/@rjsf/] } },
    restoreMocks: true,
  },
});
