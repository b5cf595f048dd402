/** Compresses what the build made once, instead of every time it is served. */
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** Kinds that get smaller; fonts and pictures are compressed already. */
const kinds = new Set(['.js', '.css', '.html', '.svg', '.json', '.wasm'])
/** Smaller files fit into one packet as they are. */
const least = 1024

/**
 * Puts `.br` and `.gz` beside each file of a folder that gains from it.
 * @param {string} folder
 */
export async function precompress(folder) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !kinds.has(extname(entry.name))) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = await readFile(path)
    if (bytes.length < least) continue
    const packed = await Promise.all([
      promisify(brotliCompress)(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
      }),
      promisify(gzip)(bytes, { level: 9 }),
    ])
    for (const [i, ending] of ['.br', '.gz'].entries()) if (packed[i].length < bytes.length) await writeFile(path + ending, packed[i])
  }
}

/**
 * The same as a step of the bundler.
 * @returns {import('vite').Plugin}
 */
export function precompressPlugin() {
  let folder = ''
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir)
    },
    async closeBundle() {
      await precompress(folder)
    },
  }
}
