/**
 * The renderer upon the made-up lab: `vite --config src/renderer/testing/vite.config.ts` to look at views
 * while they are made, or `vite build` and `vite preview` with it, under the page's own content policy.
 */
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte'
import { resolve } from 'node:path'
import { defineConfig } from 'vite'
import { CONTENT_SECURITY_POLICY } from '../../shared/content-policy.ts'

export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  define: { __APP_VERSION__: JSON.stringify('0.1.0') },
  plugins: [svelte({ configFile: false, preprocess: vitePreprocess() })],
  build: {
    outDir: resolve(import.meta.dirname, '../../../out/renderer-testing'),
    emptyOutDir: true,
    rolldownOptions: { input: { testing: resolve(import.meta.dirname, 'index.html') } },
  },
  preview: { headers: { 'content-security-policy': CONTENT_SECURITY_POLICY } },
})
