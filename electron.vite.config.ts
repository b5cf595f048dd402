import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { precompressPlugin } from './scripts/build/precompress.mjs'

const { version } = JSON.parse(readFileSync(resolve('package.json'), 'utf8')) as { version: string }
const define = { __APP_VERSION__: JSON.stringify(version) }

export default defineConfig({
  main: {
    define,
    build: {
      rolldownOptions: {
        // The app, and what its processes and the lab's thread run.
        input: {
          main: resolve('src/main/desktop/main.ts'),
          engine: resolve('src/main/engine-host/entry.ts'),
          farm: resolve('src/main/engine-host/farm-entry.ts'),
          import: resolve('src/main/data-import/entry.ts'),
          thread: resolve('src/main/lab/worker-thread/entry.ts'),
        },
      },
    },
  },
  preload: {
    define,
    build: {
      // A sandboxed preload script cannot import: one CommonJS file.
      rolldownOptions: { input: { preload: resolve('src/preload/preload.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    define,
    root: 'src/renderer',
    build: {
      // A browser reads less than half as much; electron-vite leaves it out for the app's sake, which has it on the disk.
      minify: true,
      rolldownOptions: {
        input: { index: resolve('src/renderer/index.html') },
        // Few files: each is a question to a lab that may be busy. What the first paint needs is one, small pieces that
        // several views share join the larger ones that the same views need. What draws figures stays by itself: such a piece
        // would bring it to views that draw none.
        output: {
          codeSplitting: {
            groups: [
              { name: 'window', tags: ['$initial'] },
              { name: 'plot', test: /[\\/](@observablehq|d3-[a-z]+|internmap|interval-tree-1d|isoformat)[\\/]/ },
              { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 1000 },
            ],
          },
        },
      },
    },
    plugins: [svelte({ configFile: false, preprocess: vitePreprocess() }), precompressPlugin()],
  },
})
