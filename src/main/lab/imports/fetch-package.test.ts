import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { problem } from '../../data/testing/samples.ts'
import { fetchPackage } from './fetch-package.ts'

const content = 'what was published'
const wanted = {
  title: 'Digits',
  pack: 'digits',
  version: '1.2.3',
  bytes: 18,
  sha512: createHash('sha512').update(content).digest('base64'),
}

let folder: string
/** An npm that does as the script says: `$2` is the package, `$4` where it goes, `$6` its cache. */
async function npmThat(script: string): Promise<void> {
  const path = join(folder, 'bin', 'npm')
  await mkdir(join(folder, 'bin'), { recursive: true })
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  vi.stubEnv('PATH', `${join(folder, 'bin')}:/usr/bin:/bin`)
}
const fetch = (signal = new AbortController().signal, progress: (bytes: number) => void = () => undefined) =>
  fetchPackage(wanted, join(folder, 'upload'), join(folder, 'scratch'), { signal, progress })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fetch-'))
  await mkdir(join(folder, 'upload'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  expect(existsSync(join(folder, 'scratch'))).toBe(false)
  await rm(folder, { recursive: true, force: true })
})

it('asks npm for just this version, tells what has come, and leaves the package alone', async () => {
  await npmThat(
    `mkdir -p "$6"; printf '%s' '${content}' > "$6/part"; sleep 1.2; echo "$@" > "${folder}/asked"; cp "$6/part" "$4/digits-1.2.3.tgz"`,
  )
  const heard: number[] = []
  await fetch(undefined, (bytes) => heard.push(bytes))
  expect(readFileSync(join(folder, 'upload', 'digits-1.2.3.tgz'), 'utf8')).toBe(content)
  expect(readFileSync(join(folder, 'asked'), 'utf8')).toMatch(/^pack digits@1\.2\.3 .*--ignore-scripts/)
  expect(heard).toContain(18)
})

it('keeps nothing of other bytes', async () => {
  await npmThat(`echo other > "$4/digits-1.2.3.tgz"`)
  expect(await problem(() => fetch())).toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('its checksum is another') as string,
  })
  expect(readdirSync(join(folder, 'upload'))).toEqual([])
})

it('says what npm says', async () => {
  await npmThat(
    `echo 'npm error code ENOTFOUND' >&2; echo 'npm error network request failed' >&2; echo 'npm error A complete log of this run' >&2; exit 1`,
  )
  const { code, message, remedy } = await problem(() => fetch())
  expect(code).toBe('bad-input')
  expect(message).toBe('Digits could not be fetched: npm says "code ENOTFOUND network request failed".')
  expect(remedy).toMatch(/network/)
})

it('says that npm is missing', async () => {
  await mkdir(join(folder, 'empty'))
  vi.stubEnv('PATH', join(folder, 'empty'))
  expect(await problem(() => fetch())).toMatchObject({
    code: 'set-up',
    message: expect.stringContaining('npm, which is not installed') as string,
  })
})

it('ends at once when it is cancelled', async () => {
  await npmThat('exec sleep 60')
  const cancelling = new AbortController()
  setTimeout(() => cancelling.abort(), 300)
  expect(await problem(() => fetch(cancelling.signal))).toMatchObject({ code: 'cancelled' })
})
