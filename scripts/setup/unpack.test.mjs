import { execFileSync, spawnSync } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { sha256 } from './files.mjs'
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

/**
 * @param {{ path: string, to: string }} wheel
 * @param {string[]} rules
 */
const unpack = ({ path, to }, ...rules) => spawnSync('python3', [script, path, to, ...rules], { encoding: 'utf8' })

describe('unpacking', () => {
  it('takes what is asked for to its place, and says its hash', async () => {
    const made = await wheel({
      'a/lib.so': 'library',
      'a/include/x/y.h': 'header',
      'a/include/__init__.py': 'no',
      'a/other': 'no',
      ab: 'no',
    })
    const { status, stdout } = unpack(made, 'a/lib=lib/lib', 'a/include/=include/')
    expect(status).toBe(0)
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => /** @type {unknown} */ (JSON.parse(line))),
    ).toEqual([
      { path: 'lib/lib.so', sha256: sha256('library') },
      { path: 'include/x/y.h', sha256: sha256('header') },
    ])
    expect((await readdir(made.to)).sort()).toEqual(['include', 'lib'])
    expect(await readFile(join(made.to, 'include', 'x', 'y.h'), 'utf8')).toBe('header')
  })

  it('writes nothing outside its folder', async () => {
    const made = await wheel({ 'a/../../out': 'no' })
    const { status, stderr } = unpack(made, 'a/=')
    expect(status).toBe(1)
    expect(stderr).toContain('unsafe name')
    expect((await readdir(made.folder)).sort()).toEqual(['a.whl'])
  })

  it('fails on a file that is not what was packed', async () => {
    const made = await wheel({ 'a/b': 'contents of a file' })
    const bytes = await readFile(made.path)
    bytes[bytes.indexOf('contents')] ^= 1
    await writeFile(made.path, bytes)
    const { status, stderr } = unpack(made, 'a/=')
    expect(status).toBe(1)
    expect(stderr).toContain('CRC')
  })
})
