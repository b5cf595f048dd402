import { execFileSync, spawnSync } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './temporary.mjs'

const script = fileURLToPath(new URL('unpack.py', import.meta.url))
const ZIP = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_STORED) as archive:
    for name, text in json.loads(sys.argv[2]).items(): archive.writestr(name, text)`

/** @param {Record<string, string>} files */
async function wheel(files) {
  const folder = await temporaryFolder()
  const path = join(folder, 'a.whl')
  execFileSync('python3', ['-c', ZIP, path, JSON.stringify(files)])
  return { path, to: join(folder, 'to'), folder }
}

/** @param {{ path: string, to: string }} wheel */
const unpack = ({ path, to }) => spawnSync('python3', [script, to, path], { encoding: 'utf8' })

describe('unpacking', () => {
  it('takes what is needed to its place', async () => {
    const made = await wheel({
      'tensorflow/libtensorflow_cc.so.2': 'library',
      'tensorflow/include/xla/tsl/x.h': 'header',
      'tensorflow/include/xla/other.h': 'no',
      'tensorflow/python/a.so': 'no',
      'nvidia/cublas/lib/libcublas.so.12': 'another',
      'nvidia/__init__.py': 'no',
    })
    expect(unpack(made).status).toBe(0)
    const files = ['include/xla/tsl/x.h', 'lib/libtensorflow_cc.so.2', 'nvidia/cublas/lib/libcublas.so.12']
    const entries = (await readdir(made.to, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    expect(entries.map((entry) => relative(made.to, join(entry.parentPath, entry.name))).sort()).toEqual(files)
    expect(await readFile(join(made.to, files[0]), 'utf8')).toBe('header')
  })

  it('writes nothing outside its folder', async () => {
    const made = await wheel({ 'nvidia/../../out': 'no' })
    expect(unpack(made).status).toBe(0)
    expect((await readdir(made.folder)).sort()).toEqual(['a.whl', 'to'])
  })

  it('fails on a file that is not what was packed', async () => {
    const made = await wheel({ 'nvidia/b': 'contents of a file' })
    const bytes = await readFile(made.path)
    bytes[bytes.indexOf('contents')] ^= 1
    await writeFile(made.path, bytes)
    const { status, stderr } = unpack(made)
    expect(status).toBe(1)
    expect(stderr).toContain('CRC')
  })
})
