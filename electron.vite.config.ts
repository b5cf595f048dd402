import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'

export default defineConfig({
  main: { build: { rolldownOptions: { input: { main: resolve('src/main/desktop/main.ts') } } } },
  preload: {
    build: {
      // A sandboxed preload script cannot import: one CommonJS file.
      rolldownOptions: { input: { preload: resolve('src/preload/preload.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'src/renderer',
    build: { rolldownOptions: { input: { index: resolve('src/renderer/index.html') } } },
    plugins: [svelte({ configFile: false, preprocess: vitePreprocess() })],
  },
})
