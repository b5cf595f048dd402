/** Compiles the vector kernels: kernels.wat to kernels-wasm.ts, so that nobody needs a compiler to run them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import wabt from 'wabt'

const folder = new URL('../src/engine/simd/', import.meta.url)

/** @returns {Promise<string>} the text of kernels-wasm.ts for the kernels as they are */
export async function compileKernels() {
  const compiler = await wabt()
  const source = readFileSync(new URL('kernels.wat', folder), 'utf8')
  const compiled = compiler.parseWat('kernels.wat', source, { simd: true })
  const base64 = Buffer.from(compiled.toBinary({}).buffer).toString('base64')
  const lines = base64.match(/.{1,120}/g) ?? []
  const strings = lines.map((line) => `  '${line}'`).join(' +\n')
  return `/** kernels.wat, compiled by \`npm run build:simd\`: edit that, not this. */\nexport const kernelsWasm =\n${strings}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('kernels-wasm.ts', folder), await compileKernels())
}
