/** The renderer as its sources are, by Vite: what is changed there is changed in the open page. */
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from 'vite'

/**
 * Serves the renderer on this machine alone: at `/` upon the lab, at `/testing/` upon the made-up one.
 * @param {string} root the project's folder
 * @param {string} [lab] origin of a running lab. It judges requests itself: Host, Origin and cookie reach it as the browser sent them.
 * @param {import('vite').InlineConfig} [options] given by tests
 * @returns {Promise<{ address: string, close: () => Promise<void> }>} the address ends in `/`
 */
export async function serveWindow(root, lab, options = {}) {
  const proxy = lab === undefined ? {} : { '^/lab$': { target: lab, ws: true }, '^/(artefacts|upload)/': lab, '^/[?]token=': lab }
  const server = await createServer({
    configFile: join(root, 'src/renderer/testing/vite.config.ts'),
    server: { host: '127.0.0.1', proxy, fs: { allow: [root, realpathSync(join(root, 'node_modules'))] } },
    logLevel: 'warn',
    ...options,
  })
  await server.listen()
  return { address: /** @type {string} */ (server.resolvedUrls?.local[0]), close: () => server.close() }
}
