import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { beginOutput, destinationAt, prepareFile, writeOutput, writeTogether } from './output.ts'

let folder: string
const at = (name: string): string => join(folder, name)
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'output-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const write = (name: string, text = 'new') => writeOutput(at(name), Buffer.from(text), 'write it')

it('replaces a file whole, with the rights that it had', async () => {
  writeFileSync(at('a'), 'old')
  chmodSync(at('a'), 0o600)
  await write('a')
  expect(readFileSync(at('a'), 'utf8')).toBe('new')
  expect(statSync(at('a')).mode & 0o777).toBe(0o600)
  expect(await readdir(folder)).toEqual(['a'])
})

it('follows links to the file they name, there or not, and keeps them', async () => {
  writeFileSync(at('a'), 'old')
  mkdirSync(at('below'))
  symlinkSync('a', at('link'))
  symlinkSync('../link', at('below/link'))
  symlinkSync('nowhere', at('dangling'))
  await write('below/link', 'first')
  await write('dangling', 'second')
  expect([readlinkSync(at('below/link')), readlinkSync(at('link')), readlinkSync(at('dangling'))]).toEqual(['../link', 'a', 'nowhere'])
  expect([readFileSync(at('a'), 'utf8'), readFileSync(at('nowhere'), 'utf8')]).toEqual(['first', 'second'])
  expect(lstatSync(at('a')).isFile()).toBe(true)
})

it('takes as long a name as the disk does, and says which is longer', async () => {
  const longest = 'ä'.repeat(125)
  await write(longest)
  expect(await readdir(folder)).toEqual([longest])
  await expect(write('a'.repeat(300))).rejects.toMatchObject({
    code: 'disk',
    message: `A name in ${at('a'.repeat(300))} is longer than its disk takes: could not look at the file to write.`,
    remedy: 'Choose a shorter one.',
    help: { settings: { out: null } },
  })
})

it('asks for another place for the file, and for another data folder where it is the lab’s own', async () => {
  await expect(write('nowhere/a')).rejects.toMatchObject({ code: 'disk', help: { settings: { out: null } } })
  writeFileSync(at('weightscape.db'), '')
  await expect(write('runs/a')).rejects.toMatchObject({ code: 'disk', help: { settings: { dataDir: null } } })
})

it('leaves files that belong together as they were until all are written', async () => {
  writeFileSync(at('weights'), 'old')
  mkdirSync(at('model'))
  const files = ['weights', 'model'].map((name) => ({ path: at(name), bytes: Buffer.from('new') }))
  await expect(writeTogether(files, 'write it')).rejects.toMatchObject({ code: 'invalid-argument' })
  expect(readFileSync(at('weights'), 'utf8')).toBe('old')
  expect((await readdir(folder)).sort()).toEqual(['model', 'weights'])
})

it.runIf(process.platform === 'linux' && process.getuid?.() === 0)('a folder that takes nothing is told beforehand', async ({ skip }) => {
  mkdirSync(at('read-only'))
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', at('read-only')]).status !== 0) skip('no right to mount')
  try {
    await expect(prepareFile(at('read-only/a'))).rejects.toMatchObject({
      code: 'disk',
      message: `Not allowed to use ${at('read-only')} (EROFS): could not write there.`,
      help: { settings: { out: null } },
    })
  } finally {
    spawnSync('umount', [at('read-only')])
  }
  await prepareFile(at('read-only/a'))
  await prepareFile('/dev/null')
})

describe.skipIf(process.platform === 'win32')('what is no file', () => {
  it('a named pipe takes the bytes and stays one, whoever comes first', async () => {
    spawnSync('mkfifo', [at('pipe')])
    const large = 'x'.repeat(300_000)
    const writing = write('pipe', large)
    const reader = spawn('cat', [at('pipe')])
    let read = ''
    reader.stdout.setEncoding('utf8').on('data', (text: string) => (read += text))
    await Promise.all([writing, new Promise((resolve) => reader.once('close', resolve))])
    expect(read).toBe(large)
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true)
  })

  it('a pipe whose reader ends early says so', async () => {
    spawnSync('mkfifo', [at('pipe')])
    const writing = write('pipe', 'x'.repeat(3_000_000))
    spawn('head', ['-c', '10', at('pipe')], { stdio: 'ignore' })
    await expect(writing).rejects.toMatchObject({ code: 'disk', message: `Whoever reads ${at('pipe')} ended before all was written.` })
  })

  it.runIf(process.getuid?.() === 0)('devices made for the purpose take the bytes or refuse them, and stay', async ({ skip }) => {
    // As /dev/null, /dev/full and a disk that is not there.
    const made = [
      spawnSync('mknod', [at('null'), 'c', '1', '3']),
      spawnSync('mknod', [at('full'), 'c', '1', '7']),
      spawnSync('mknod', [at('disk'), 'b', '259', '1048575']),
    ]
    if (made.some(({ status }) => status !== 0)) skip('no right to make devices')
    await write('null').catch((error: unknown) => expect(String(error)).toContain('EPERM')) // a file system without devices
    await expect(write('full')).rejects.toMatchObject({ code: 'disk', help: { settings: { out: null } } })
    await expect(write('disk')).rejects.toMatchObject({ message: `${at('disk')} is a disk: it cannot be written as a file.` })
    expect(
      lstatSync(at('null')).isCharacterDevice() && lstatSync(at('full')).isCharacterDevice() && lstatSync(at('disk')).isBlockDevice(),
    ).toBe(true)
  })

  it('folders and sockets are refused before anything is made', async () => {
    const server = createServer().listen(at('socket'))
    await new Promise((resolve) => server.once('listening', resolve))
    await expect(destinationAt(at('socket'))).rejects.toMatchObject({
      code: 'invalid-argument',
      message: `${at('socket')} is a socket: it cannot be written as a file.`,
    })
    await expect(destinationAt(folder)).rejects.toMatchObject({
      message: `${folder} is a folder: it cannot be written as a file.`,
      help: { settings: { out: null } },
    })
    expect(existsSync(at('socket'))).toBe(true)
    server.close()
  })
})

it('asks for room before it begins', async () => {
  await expect(beginOutput(at('huge'), 'write it', 1e18)).rejects.toMatchObject({
    code: 'disk',
    message: expect.stringMatching(/needs 1000000.TB, and its disk has .* left/) as string,
  })
  expect(await readdir(folder)).toEqual([])
})

it('sweeps what a killed process began here, and nothing else', async () => {
  const { pid: dead } = spawnSync('true')
  const old = [`.a.${dead}-1.part`, `.a.${process.pid}-9.part`, `.b.${dead}-1.part`, `.a.mine.part`, `.a.${dead}-1.parts`]
  for (const name of [...old, `.a.${dead}-2.part`]) writeFileSync(at(name), '')
  for (const name of old) utimesSync(at(name), 1, 1)
  await write('a')
  expect(new Set(await readdir(folder))).toEqual(new Set(['a', `.a.${dead}-2.part`, ...old.slice(1)]))
})
