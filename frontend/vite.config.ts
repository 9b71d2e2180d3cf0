import { readdirSync } from "node:fs";
import { defineConfig } from "vite";

const here = (path: string): string => decodeURIComponent(new URL(path, import.meta.url).pathname);

/** What pages ask for by name: each script at the top of src, be it every page's (page.ts) or one island's (watch.ts). */
const scripts = Object.fromEntries(
  readdirSync(here("src"))
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
    .map((file) => [file.slice(0, -".ts".length), here(`src/${file}`)]),
);

/** Fixed names, because Django's templates name the files; whitenoise serves them beside the page that asks. */
export default defineConfig({
  base: "./",
  publicDir: here("public"),
  build: {
    outDir: here("../src/overt/web/static/overt"),
    emptyOutDir: true,
    assetsInlineLimit: 0, // the content policy allows no data: fonts
    cssCodeSplit: true,
    target: "es2022",
    modulePreload: false,
    rollupOptions: {
      input: { overt: here("styles/overt.scss"), instrument: here("styles/instrument.css"), ...scripts },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "part-[name].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
  css: { preprocessorOptions: { scss: { quietDeps: true } } },
  // None of them waits for anything; the ceiling is for a machine that does much else at the same time.
  test: { include: [here("tests/**/*.test.ts")], testTimeout: 120_000 },
} as Parameters<typeof defineConfig>[0]);
