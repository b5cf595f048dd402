import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Limits } from '../limits.ts'
import { oldTarOf, tarGzOf, tarOf, zipOf, zipRenamed, zipUnflagged } from '../testing/archives.ts'
import { ImportWork } from '../import-work.ts'
import { inFolder, previewPaths, testContext } from '../testing/imports.ts'
import { fuzz } from '../testing/mutate.ts'
import { classFolders } from '../testing/pictures.ts'
import { problem } from '../testing/samples.ts'
import type { Sample } from '../testing/samples.ts'
import { openTree } from './open-tree.ts'

/** What an archive holds: paths and contents. */
function unpacked(name: string, archive: Uint8Array, limits: Partial<Limits> = {}): Promise<Record<string, string>> {
  return inFolder(async (folder) => {
    writeFileSync(join(folder, name), archive)
    const scratch = join(folder, 'scratch')
    mkdirSync(scratch)
    const tree = await openTree([join(folder, name)], testContext(scratch, limits))
    try {
      const found: Record<string, string> = {}
      for (const file of tree.files) found[file.path] = Buffer.from(await file.whole(1 << 20)).toString('latin1')
      // Whatever the entries are called, nothing but the tempFile was written.
      expect(readdirSync(scratch)).toEqual(['unpacked'])
      expect(readdirSync(folder).sort()).toEqual([name, 'scratch'].sort())
      return found
    } finally {
      await tree.close()
    }
  })
}

const text = (content: string): Uint8Array => Buffer.from(content)
const two: Sample[] = [
  { name: 'cats/1.txt', bytes: text('one') },
  { name: 'dogs/2.txt', bytes: text('two, longer') },
]

test.each([
  ['set.zip', zipOf],
  ['set.tar', tarOf],
  ['set.tar.gz', tarGzOf],
  ['set.tgz', tarGzOf],
  ['no-ending', tarGzOf],
])('%s: every file, under its own name; what systems leave there is not looked at', async (name, packing) => {
  const files = [...two, { name: '__MACOSX/cats/._1.txt', bytes: text('x') }, { name: 'cats/.DS_Store', bytes: text('x') }]
  expect(await unpacked(name, await packing(files))).toEqual({ [`${name}/cats/1.txt`]: 'one', [`${name}/dogs/2.txt`]: 'two, longer' })
})

test.each([
  ['set.zip', zipOf],
  ['set.tar', tarOf],
])('%s that holds one name twice: which is meant is not to be told', async (name, packing) => {
  const { message } = await problem(async () => unpacked(name, await packing([...two, { name: './cats/1.txt', bytes: text('another') }])))
  expect(message).toBe(`${name}: it holds "cats/1.txt" twice, and which of the two is meant is not to be told.`)
})

test('names of a zip that does not say its code: UTF-8 where they can be, else that of DOS', async () => {
  const one = [{ name: 'Größe/日本.txt', bytes: text('one') }]
  expect(await unpacked('a.zip', await zipUnflagged(one))).toEqual({ 'a.zip/Größe/日本.txt': 'one' })
  // 0x94 is an o with two dots there; UTF-8 has no letter that begins so.
  const dos = await zipUnflagged([{ name: 'Gr_n/1.txt', bytes: text('one') }], { from: 'Gr_n', to: Uint8Array.of(0x47, 0x72, 0x94, 0x6e) })
  expect(await unpacked('a.zip', dos)).toEqual({ 'a.zip/Grön/1.txt': 'one' })
})

test('tar archives from before POSIX', async () => {
  expect(await unpacked('a.tar', await oldTarOf(two))).toEqual({ 'a.tar/cats/1.txt': 'one', 'a.tar/dogs/2.txt': 'two, longer' })
})

test('one packed file is that file', async () => {
  expect(await unpacked('table.csv.gz', gzipSync('a,b'))).toEqual({ 'table.csv.gz': 'a,b' })
})

/** Bytes that cannot be packed. */
function noise(length: number): Buffer {
  return Buffer.concat(Array.from({ length: Math.ceil(length / 32) }, (_, i) => createHash('sha256').update(String(i)).digest())).subarray(
    0,
    length,
  )
}

const symlink = 0o120777
const device = 0o020666

/** Class folders in a zip as Windows of other countries packs them. */
async function zipInCode(letters: readonly (readonly [string, readonly number[]])[]): Promise<Buffer> {
  const files = await classFolders(4)
  const renamed = files.map((file) => ({
    ...file,
    name: file.name
      .replace(/^bar/, 'a1')
      .replace(/^beam/, 'a2')
      .replace(/^block/, 'a3'),
  }))
  let zip = await zipUnflagged(renamed)
  for (const [name, bytes] of letters)
    for (let at = zip.indexOf(name); at >= 0; at = zip.indexOf(name, at + 1))
      zip = Buffer.concat([zip.subarray(0, at), Uint8Array.from(bytes), zip.subarray(at + 2)])
  return zip
}

test('names in the code of Windows of Japan are asked about, and read as told', () =>
  inFolder(async (folder) => {
    // The letters for dog, cat and bird.
    const zip = await zipInCode([
      ['a1', [0x8c, 0xa2]],
      ['a2', [0x94, 0x4c]],
      ['a3', [0x92, 0xb9]],
    ])
    writeFileSync(join(folder, 'set.zip'), zip)
    const [doubt] = (await previewPaths([join(folder, 'set.zip')])).doubts
    expect(doubt.code).toBe('encoding')
    expect(doubt.choices.map(({ words }) => words)).toContain('They are in Shift JIS, of Japan: "犬/0.png".')
    const found = await previewPaths([join(folder, 'set.zip')], { encoding: 'shift_jis' })
    expect(found.doubts).toEqual([])
    expect(found.classes.map(({ name }) => name).sort()).toEqual(['犬', '猫', '鳥'].sort())
    const work = new ImportWork([join(folder, 'set.zip')])
    await work.preview({}, testContext(folder))
    expect((await work.preview({ encoding: 'shift_jis' }, testContext(folder))).doubts).toEqual([])
    await work.close()
  }))

describe('an archive is refused whole when it has', () => {
  test.each<[string, string, () => Promise<Uint8Array>, RegExp]>([
    [
      'an absolute name (zip)',
      'a.zip',
      () => zipRenamed(two, 'cats/1.txt', '/cats1.txt'),
      /a\.zip: its entry "\/cats1\.txt" has an absolute name/,
    ],
    ['a drive (zip)', 'a.zip', () => zipRenamed(two, 'cats/1.txt', 'C:\\s/1.txt'), /has an absolute name/],
    ['".." (zip)', 'a.zip', () => zipRenamed(two, 'cats/1.txt', '../s/1.txt'), /"\.\.\/s\/1\.txt" points out of its folder/],
    ['".." with backslashes (zip)', 'a.zip', () => zipRenamed(two, 'cats/1.txt', '..\\s\\1.txt'), /points out of its folder/],
    ['a control character (zip)', 'a.zip', () => zipRenamed(two, 'cats/1.txt', 'cats/\n.txt'), /has a control character/],
    ['a link (zip)', 'a.zip', () => zipOf([...two, { name: 'l', bytes: text('/etc/passwd'), mode: symlink }]), /its entry "l" is a link/],
    ['a device (zip)', 'a.zip', () => zipOf([{ name: 'd', bytes: text(''), mode: device }]), /its entry "d" is a device or pipe/],
    [
      'an absolute name (tar)',
      'a.tar',
      () => tarOf([{ name: '/etc/passwd', bytes: text('x') }]),
      /its entry "\/etc\/passwd" has an absolute name/,
    ],
    ['".." (tar.gz)', 'a.tgz', () => tarGzOf([{ name: 'a/../../b', bytes: text('x') }]), /points out of its folder/],
    ['a link (tar)', 'a.tar', () => tarOf([{ name: 'l', bytes: text(''), type: 'symlink', linkname: '/etc/passwd' }]), /"l" is a link/],
    ['a hard link (tar)', 'a.tar', () => tarOf([{ name: 'l', bytes: text(''), type: 'link', linkname: 'x' }]), /"l" is a link/],
    ['a device (tar)', 'a.tar', () => tarOf([{ name: 'd', bytes: text(''), type: 'character-device' }]), /is a device/],
    ['a pipe (tar)', 'a.tar', () => tarOf([{ name: 'd', bytes: text(''), type: 'fifo' }]), /is a device, pipe/],
    ['another archive in gzip', 'a.gz', async () => gzipSync(await zipOf(two)), /a\.gz: it holds another archive/],
    ['gzip in gzip', 'a.gz', () => Promise.resolve(gzipSync(gzipSync('x'))), /holds another archive/],
    [
      'gzip data cut off',
      'a.csv.gz',
      () => Promise.resolve(gzipSync(noise(999)).subarray(0, 300)),
      /the gzip data is damaged or ends too early/,
    ],
    ['a tar cut off', 'a.tar', async () => (await tarOf(two)).subarray(0, 700), /a\.tar: the tar archive is damaged/],
    ['a zip cut off', 'a.zip', async () => (await zipOf(two)).subarray(0, 150), /a\.zip: the zip archive is damaged/],
  ])('%s', async (_what, name, make, errorText) => {
    const archive = await make()
    const error = await problem(() => unpacked(name, archive))
    expect(error.code).toBe('bad-input')
    expect(error.message).toMatch(errorText)
    expect(error.remedy).not.toBe('')
  })

  test('bytes that its checksum does not fit', async () => {
    const zip = await zipOf([{ name: 'a', bytes: noise(1000) }])
    const stored = Buffer.from(zip)
    stored[stored.indexOf('a') + 400] ^= 4
    const error = await problem(() => unpacked('a.zip', stored))
    expect(error.message).toMatch(/a\.zip.*(checksum is [0-9a-f]{8}, not [0-9a-f]{8}|damaged)/)
  })

  test('more entries than are looked at', async () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ name: `f/${i}`, bytes: text('x') }))
    for (const [name, archive] of [
      ['a.zip', await zipOf(many)],
      ['a.tar', await tarOf(many)],
    ] as const) {
      const error = await problem(() => unpacked(name, archive, { entries: 29 }))
      expect(error.message).toMatch(/29/)
    }
  })

  test('200,001 entries: told by its directory, before anything is unpacked', async () => {
    const zip = await zipOf(two)
    zip.writeUInt16LE(0xffff, zip.length - 22 + 8)
    zip.writeUInt16LE(0xffff, zip.length - 22 + 10)
    const errorText = await problem(() => unpacked('a.zip', zip, { entries: 60_000 }))
    expect(errorText.message).toMatch(/65,535 entries; at most 60000 are looked at|damaged/)
  })
})

describe('bombs are counted as they unpack, whatever they declare:', () => {
  const zeros = Buffer.alloc(20_000_000)
  const limits = { unpackedBytes: 5_000_000 }

  test('gzip', async () => {
    const error = await problem(() => unpacked('a.gz', gzipSync(zeros), limits))
    expect(error.message).toMatch(/a\.gz: it unpacks to more than \d+ bytes.*at most 5000000 are unpacked here/)
  })

  test('tar.gz', async () => {
    const error = await problem(async () => unpacked('a.tgz', await tarGzOf([{ name: 'z', bytes: zeros }]), limits))
    expect(error.message).toMatch(/a\.tgz: it declares 20000000 bytes; at most 5000000/)
  })

  test('zip that says so', async () => {
    const error = await problem(async () => unpacked('a.zip', await zipOf([{ name: 'z', bytes: zeros }]), limits))
    expect(error.message).toMatch(/a\.zip: it declares 20000000 bytes; at most 5000000/)
  })

  test('zip that declares less than it holds', async () => {
    const zip = await zipOf([{ name: 'z', bytes: zeros }])
    const size = Buffer.alloc(4)
    size.writeUInt32LE(zeros.length)
    const lie = Buffer.alloc(4)
    lie.writeUInt32LE(1000)
    for (let at = zip.indexOf(size); at >= 0; at = zip.indexOf(size, at + 1)) lie.copy(zip, at)
    const error = await problem(() => unpacked('a.zip', zip, limits))
    expect(error.message).toMatch(/a\.zip: the zip archive is damaged \(.*(too many|too large|expected).*\)/i)
  })

  test('zip whose entries overlap', async () => {
    // Every entry of the directory points to the same data: each is counted.
    const one = await zipOf([{ name: 'z', bytes: Buffer.alloc(1_000_000) }])
    const directory = one.readUInt32LE(one.length - 22 + 16)
    const entry = one.subarray(directory, one.length - 22)
    const times = 40
    const end = Buffer.from(one.subarray(one.length - 22))
    end.writeUInt16LE(times, 8)
    end.writeUInt16LE(times, 10)
    end.writeUInt32LE(entry.length * times, 12)
    const bomb = Buffer.concat([one.subarray(0, directory), ...Array<Buffer>(times).fill(entry), end])
    const error = await problem(() => unpacked('a.zip', bomb, limits))
    expect(error.message).toMatch(/a\.zip: it declares 40000000 bytes; at most 5000000/)
  })
})

test('a full disk is a limit like any other', async () => {
  const error = await problem(() => unpacked('a.gz', gzipSync('hello'), { reservedBytes: Number.MAX_SAFE_INTEGER }))
  expect(error.message).toMatch(/at most 0 are unpacked here/)
  expect(error.remedy).toMatch(/Free some space/)
})

test('damaged archives end in a sentence or in whole images', async () => {
  const files = await classFolders(4)
  for (const [name, packing] of [
    ['a.zip', zipOf],
    ['a.tar', tarOf],
    ['a.tgz', tarGzOf],
  ] as const) {
    await fuzz(name, [{ name, bytes: await packing(files) }], 100)
  }
})
