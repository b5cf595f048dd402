import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

// Must stand before the native library is loaded: the processes that run the tests inherit it from this one.
// One thread each, since two files run at a time.
Object.assign(process.env, { TF_ENABLE_ONEDNN_OPTS: '1', TF_CPP_MIN_LOG_LEVEL: '2', TF_NUM_INTRAOP_THREADS: '1' })
// Most of a short process's life is compiling: what tests start is done in two thirds of the time when that is kept.
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'weightscape-compile-cache')

export default defineConfig({
  // The renderer's state classes are written with Svelte's runes.
  plugins: [svelte({ configFile: false, preprocess: vitePreprocess() })],
  test: {
    include: ['{src,scripts,bench}/**/*.test.{ts,mjs}'],
    setupFiles: ['scripts/checks/property-seed.mjs'],
    // TensorFlow keeps one backend a process, and its native code is not made for worker threads.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
