import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The kit measures scroll bars with a style element of its own and forgets the nonce there, so that the browser reports a
 * violation of the content security policy. This gives it the nonce.
 */
function scrollbarProbeNonce(): Plugin {
  const from = "}`, randomId);";
  return {
    name: "scrollbar-probe-nonce",
    transform(code, id) {
      if (!/@rc-component[\\/]util[\\/]es[\\/]getScrollBarSize\.js/.test(id)) {
        return undefined;
      }
      if (!code.includes(from)) {
        this.error("the kit's scroll bar probe has changed: see scrollbarProbeNonce in vite.config.ts");
      }
      const nonce = `document.querySelector('meta[name="csp-nonce"]')?.content`;
      return { code: code.replace(from, `}\`, randomId, { csp: { nonce: ${nonce} } });`), map: null };
    },
  };
}

export default defineConfig({
  plugins: [react(), scrollbarProbeNonce()],
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
        advancedChunks: {
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
    setupFiles: ["src/testSetup.ts"],
    restoreMocks: true,
  },
});
