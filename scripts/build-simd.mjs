/** Compiles the vector kernels: each NAME.wat.ts to NAME-wasm.ts beside it, so that nobody needs a compiler to run them. */
import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import wabt from 'wabt'

const sources = ['../src/engine/simd/kernels.wat.ts', '../src/engine/target-network/sparse-kernels.wat.ts'].map(
  (path) => new URL(path, import.meta.url),
)

const target = (/** @type {URL} */ source) => new URL(source.href.replace(/\.wat\.ts$/, '-wasm.ts'))

/**
 * @param {URL} source a .wat.ts file
 * @returns {Promise<string>} the text of its -wasm.ts as it is to be
 */
export async function compileKernels(source = sources[0]) {
  const compiler = await wabt()
  const name = basename(source.pathname)
  const { wat } = /** @type {{ wat: string }} */ (await import(source.href))
  const compiled = compiler.parseWat(name, wat, { simd: true, relaxed_simd: true })
  const base64 = Buffer.from(compiled.toBinary({}).buffer).toString('base64')
  const strings = (base64.match(/.{1,120}/g) ?? []).map((line) => `  '${line}'`).join(' +\n')
  const variable = name.replace(/\.wat\.ts$/, '-wasm').replace(/-(.)/g, (/** @type {string} */ pair) => pair[1].toUpperCase())
  return `/** ${name}, compiled by \`npm run build:simd\`: edit that, not this. */\nexport const ${variable} =\n${strings}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const source of sources) writeFileSync(target(source), await compileKernels(source))
}
