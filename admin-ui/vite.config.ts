import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react()],
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
