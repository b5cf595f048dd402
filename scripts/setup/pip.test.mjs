import { existsSync } from 'node:fs'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256 } from './files.mjs'
import { fetchWheel } from './pip.mjs'
import { fakeProgram, temporaryContext } from './temporary.mjs'

const PLATFORMS = ['manylinux_2_27_x86_64']

/**
 * A context whose python3 has a pip without the parts that `fetch.py` uses;
 * `pip download` writes `content` where it is told to, and each call of it is noted.
 * @param {string} content
 * @param {string} [ending] what it does at last
 */
async function withFakePip(content, ending = 'exit 0') {
  const { folder, said, context } = await temporaryContext()
  const calls = join(folder, 'calls')
  await writeFile(calls, '')
  await fakeProgram(
    join(folder, 'bin'),
    'python3',
    `if [ "$3" = --version ]; then echo "pip 23.0.1 from here (python 3.11)"; exit 0; fi
     if [ "$1" != -m ]; then echo "ImportError: no such thing in this pip" >&2; exit 1; fi
     echo called >> "${calls}"
     while [ $# -gt 0 ]; do if [ "$1" = --dest ]; then printf '%s' "${content}" > "$2/thing-1.0-py3-none-any.whl"; fi; shift; done
     ${ending}`,
  )
  return {
    said,
    context: { ...context, env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` } },
    calls: async () => (await readFile(calls, 'utf8')).split('\n').length - 1,
  }
}

describe('fetching a wheel', () => {
  it('keeps it once its hash is right, and fetches it once', async () => {
    const { context, calls, said } = await withFakePip('the wheel')
    const wanted = { requirement: 'thing==1.0', platforms: PLATFORMS, sha256: sha256('the wheel') }
    const wheel = await fetchWheel(context, wanted)
    expect(await readFile(wheel.path, 'utf8')).toBe('the wheel')
    expect(said[0]).toBe(
      '  fetching thing with "pip download", which begins anew when interrupted (ImportError: no such thing in this pip)',
    )
    expect(await fetchWheel(context, wanted)).toEqual(wheel)
    expect(await calls()).toBe(1)
  })

  it('fetches it again when the kept one was damaged', async () => {
    const { context, calls } = await withFakePip('the wheel')
    const wanted = { requirement: 'thing==1.0', platforms: PLATFORMS, sha256: sha256('the wheel') }
    const wheel = await fetchWheel(context, wanted)
    await writeFile(wheel.path, 'the whee')
    expect(await readFile((await fetchWheel(context, wanted)).path, 'utf8')).toBe('the wheel')
    expect(await calls()).toBe(2)
  })

  it('refuses one that is not the pinned one, and does not keep it', async () => {
    const { context } = await withFakePip('another wheel')
    const wanted = { requirement: 'thing==1.0', platforms: PLATFORMS, sha256: sha256('the wheel') }
    await expect(fetchWheel(context, wanted)).rejects.toThrow(/thing-1\.0-py3-none-any\.whl is not the file it should be/)
    expect((await readdir(join(context.cache, 'downloads'))).filter((name) => /whl|json/.test(name))).toEqual([])
  })

  it('records the hash of one that is not pinned', async () => {
    const { context } = await withFakePip('the wheel')
    expect((await fetchWheel(context, { requirement: 'thing<2,>=1', platforms: PLATFORMS })).sha256).toBe(sha256('the wheel'))
  })

  it("gives pip's reason when pip fails", async () => {
    const { context } = await withFakePip('half', 'echo "ERROR: No matching distribution found for thing==1.0" >&2; exit 1')
    const wanted = { requirement: 'thing==1.0', platforms: PLATFORMS }
    await expect(fetchWheel(context, wanted)).rejects.toThrow('pip could not fetch thing==1.0: ERROR: No matching distribution found')
    expect(existsSync(join(context.cache, 'downloads', 'thing-1.0-py3-none-any.whl'))).toBe(false)
  })
})
