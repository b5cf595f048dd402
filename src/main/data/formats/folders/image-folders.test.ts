import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'
import { classFolders, drawn, picture, shapeNames, tiffOf } from '../../testing/pictures.ts'
import { importFolder, importPaths, inFolder, place, previewFolder, previewPaths } from '../../testing/imports.ts'
import { tarGzOf, tarOf, zipOf } from '../../testing/archives.ts'
import { fuzz } from '../../testing/mutate.ts'
import { problem } from '../../testing/samples.ts'
import type { Sample } from '../../testing/samples.ts'

let grey: Sample[] = []
let colour: Sample[] = []
beforeAll(async () => {
  grey = await classFolders(20)
  colour = await classFolders(20, { colour: true })
})

test('folders are classes; pixels come out as they were drawn', async () => {
  const set = await importFolder(grey)
  expect(set).toMatchObject({
    count: 60,
    height: 12,
    width: 12,
    channels: 1,
    classNames: ['bar', 'beam', 'block'],
    suggestedSplit: { train: 48, validation: 6, test: 6 },
    source: { format: 'image-folders', files: ['set'] },
  })
  expect(set.source.changes).toBeUndefined()
  // Every image is one of those drawn, under its own label.
  const known = new Map(
    shapeNames.flatMap((_, label) => Array.from({ length: 20 }, (__, i) => [Buffer.from(drawn(label, i)).toString('hex'), label])),
  )
  for (let i = 0; i < set.count; i++)
    expect(known.get(Buffer.from(set.images.subarray(i * 144, (i + 1) * 144)).toString('hex'))).toBe(set.labels[i])
  expect(set.labels.reduce((counts, label) => counts.with(label, counts[label] + 1), [0, 0, 0])).toEqual([20, 20, 20])
})

test('packed, they are the same data set', async () => {
  const plain = await importFolder(grey)
  for (const [name, packing] of [
    ['set.zip', zipOf],
    ['set.tar', tarOf],
    ['set.tar.gz', tarGzOf],
  ] as const) {
    const packed = await inFolder(async (folder) => importPaths(await place(folder, [{ name, bytes: await packing(grey) }])))
    expect(packed).toEqual({ ...plain, source: { ...plain.source, files: [name] } })
  }
})

test.each(['png', 'jpeg', 'webp', 'tiff', 'bmp'] as const)('%s in colour, by a wrong ending too', async (kind) => {
  const files = await classFolders(4, { kind, colour: true })
  const set = await importFolder(files.map(({ name, bytes }) => ({ name: name.replace('/1.', '/1.jpg.'), bytes })))
  expect(set).toMatchObject({ count: 12, height: 12, width: 12, channels: 3 })
  const exact = kind !== 'jpeg' && kind !== 'webp'
  const first = set.images.subarray(0, 432)
  const label = set.labels[0]
  // In the red channel the shape is as bright as it was drawn, in the others less.
  const found = Array.from({ length: 4 }, (_, i) =>
    Math.max(...Array.from(drawn(label, i), (value, at) => Math.abs(first[3 * at] - Math.round(0.9 * value)))),
  )
  expect(Math.min(...found)).toBeLessThanOrEqual(exact ? 1 : 60)
})

test('train, validation and test folders are parts, wherever they stand', async () => {
  const parted = ['train', 'val', 'test'].flatMap((split, p) =>
    grey.filter((_, i) => i % 20 < [12, 4, 3][p]).map(({ name, bytes }) => ({ name: `data/${split}/${name}`, bytes })),
  )
  const set = await importFolder(parted)
  expect(set.suggestedSplit).toEqual({ train: 36, validation: 12, test: 9 })
  // Sorted as folders are, each part would begin with images of one class.
  expect(new Set(set.labels.subarray(36, 42)).size).toBeGreaterThan(1)
  expect(set.source.order).toMatch(/the 12 validation images and the 9 test images were shuffled/)
  const inside = parted.map(({ name, bytes }) => ({ name: name.replace(/data\/(\w+)\/(\w+)\//, 'data/$2/$1/'), bytes }))
  expect((await importFolder(inside)).suggestedSplit).toEqual(set.suggestedSplit)
})

test('folders that are called like parts of a word are classes', async () => {
  const named = grey.map(({ name, bytes }) => ({ name: name.replace('bar/', 'trainers/').replace('beam/', 'testament/'), bytes }))
  expect((await importFolder(named)).classNames).toEqual(['block', 'testament', 'trainers'])
})

test('classes that are numbers are in the order of the numbers', async () => {
  const named = grey.map(({ name, bytes }) => ({ name: name.replace('bar', '10').replace('beam', '9').replace('block', '1'), bytes }))
  expect((await importFolder(named)).classNames).toEqual(['1', '9', '10'])
})

test('several sizes: resized as chosen, and said so', async () => {
  const wide = await sharp(Buffer.from(drawn(0, 1, 40)), { raw: { width: 40, height: 40, channels: 1 } })
    .resize(80, 40, { fit: 'fill' })
    .toColourspace('b-w')
    .png()
    .toBuffer()
  const files = [...grey, { name: 'bar/wide.png', bytes: wide }]
  const preview = await previewFolder(files)
  expect(preview.sizes[0]).toMatchObject({ height: 12, width: 12, count: 60 })
  expect(preview.plan).toMatchObject({ height: 28, width: 28, fit: 'crop' })
  expect(preview.changed).toBe(61)
  expect(preview.changes).toMatch(/all 61 images resized to 28 x 28 \(other shapes: the middle cut out\)/)
  for (const fit of ['crop', 'pad', 'stretch'] as const) {
    const set = await importFolder(files, { size: { height: 16, width: 20 }, fit, colour: 'grey' })
    expect(set).toMatchObject({ count: 61, height: 16, width: 20, channels: 1 })
    expect(set.images.length).toBe(61 * 320)
    expect(set.source.changes).toMatch(/resized to 16 x 20/)
    // Black bars stand above and below (or beside) what is whole.
    const corners = Array.from({ length: 61 }, (_, i) => set.images[i * 320])
    expect(corners.some((corner) => corner === 0)).toBe(fit === 'pad')
  }
})

test('colour where any image has some; grey or colour by choice', async () => {
  const mixed = [...grey.slice(0, 30), ...colour.slice(30)]
  expect((await importFolder(mixed)).channels).toBe(3)
  const made = await importFolder(mixed, { colour: 'grey' })
  expect(made.channels).toBe(1)
  expect(made.source.changes).toMatch(/30 of 60 images made grey/)
  expect((await importFolder(grey, { colour: 'colour' })).channels).toBe(3)
})

test('images stored in colour that are all grey are grey', async () => {
  const files = await Promise.all(
    grey.map(async ({ name, bytes }) => ({ name, bytes: await sharp(bytes).toColourspace('srgb').png({ palette: false }).toBuffer() })),
  )
  const preview = await previewFolder(files)
  expect(preview.plan.channels).toBe(1)
  expect(preview.notes.join()).toMatch(/all are grey/)
  expect((await importFolder(files)).images).toEqual((await importFolder(grey)).images)
})

test('corrupt images are listed, not fatal', async () => {
  const broken: Sample[] = [
    { name: 'bar/cut.png', bytes: grey[0].bytes.subarray(0, 60) },
    { name: 'bar/empty.png', bytes: new Uint8Array(0) },
    { name: 'beam/text.jpg', bytes: Buffer.from('no image') },
    { name: 'beam/drawing.png', bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>') },
    { name: 'block/cut.bmp', bytes: (await picture('bmp', 0, 0)).subarray(0, 200) },
  ]
  const preview = await previewFolder([...grey, ...broken])
  expect(preview.count).toBe(60)
  expect(preview.unreadable.count).toBe(5)
  const reasons = Object.fromEntries(preview.unreadable.examples.map(({ name, reason }) => [name, reason]))
  expect(reasons['set/bar/empty.png']).toBe('it is empty')
  expect(reasons['set/beam/text.jpg']).toBe('it is no PNG, JPEG, WebP, TIFF, GIF or BMP')
  expect(reasons['set/beam/drawing.png']).toBe('it is no PNG, JPEG, WebP, TIFF, GIF or BMP')
  expect(reasons['set/block/cut.bmp']).toMatch(/ends at byte 200, but its 12 x 12 pixels need/)
  expect((await importFolder([...grey, ...broken])).source.changes).toMatch(/5 images that could not be read left out/)
})

test('images whose numbers have no known range are listed; of several pictures in a file the first is read', async () => {
  const tiff = (type: 'float' | 'short') =>
    sharp(Buffer.from(drawn(0, 1)), { raw: { width: 12, height: 12, channels: 1 } })
      .toColourspace('b-w')
      .raw({ depth: type })
      .toBuffer({ resolveWithObject: true })
      .then(({ data }) => data)
  const preview = await previewFolder([
    ...grey,
    { name: 'bar/fractions.tif', bytes: tiffOf(await tiff('float'), 32, 3) },
    { name: 'bar/signed.tif', bytes: tiffOf(await tiff('short'), 16, 2) },
    { name: 'bar/stack.tif', bytes: tiffOf(drawn(0, 1), 8, 1, 2) },
  ])
  const reasons = Object.fromEntries(preview.unreadable.examples.map(({ name, reason }) => [name, reason]))
  expect(reasons).toEqual({
    'set/bar/fractions.tif': 'its pixels are of the type float; whole numbers of 8 and 16 bits are read',
    'set/bar/signed.tif': 'its pixels are of the type short; whole numbers of 8 and 16 bits are read',
  })
  expect(preview.notes).toContain('1 file has several pictures (set/bar/stack.tif): its first is read.')
})

test('a class that is left without training images is asked about', async () => {
  const { doubts } = await previewFolder([...grey.slice(0, 1), ...grey.slice(20, 21), ...grey.slice(40, 41)])
  const { message, choices } = doubts.find(({ code }) => code === 'untrained-class')!
  expect(message).toMatch(/^2 of 3 classes have no image for training, and 2 for validation or test/)
  expect(choices.map(({ options }) => options)).toEqual([{ accept: ['untrained-class'] }])
})

test('an image that declares more than 64 megapixels is listed by its size, without being decoded', async () => {
  const png = Buffer.from(grey[0].bytes)
  png.writeUInt32BE(100_000, 16)
  png.writeUInt32BE(100_000, 20)
  const bmp = Buffer.from(await picture('bmp', 0, 0))
  bmp.writeInt32LE(60_000, 18)
  bmp.writeInt32LE(60_000, 22)
  const { unreadable } = await previewFolder([...grey, { name: 'bar/huge.png', bytes: png }, { name: 'bar/huge.bmp', bytes: bmp }])
  const reasons = Object.fromEntries(unreadable.examples.map(({ name, reason }) => [name, reason]))
  // The changed header does not fit its checksum either: whichever is found first.
  expect(reasons['set/bar/huge.png']).toMatch(/100000 x 100000 pixels; at most 64 million|cannot be decoded/)
  expect(reasons['set/bar/huge.bmp']).toMatch(/ends at byte/)
})

test('the limit of pixels holds for sound images too', () =>
  inFolder(async (folder) => {
    await place(join(folder, 'set'), grey)
    const error = await problem(() => previewPaths([join(folder, 'set')], {}, { imagePixels: 100 }))
    expect(error.message).toMatch(/none of its 60 images can be read \(set\/bar\/0\.png: it has 12 x 12 pixels/)
  }))

test('links are not followed', () =>
  inFolder(async (folder) => {
    await place(join(folder, 'set'), grey)
    await place(join(folder, 'secret'), [{ name: 'x/a.png', bytes: grey[0].bytes }])
    symlinkSync(join(folder, 'secret', 'x'), join(folder, 'set', 'linked'))
    symlinkSync(join(folder, 'secret', 'x', 'a.png'), join(folder, 'set', 'bar', 'linked.png'))
    const preview = await previewPaths([join(folder, 'set')])
    expect(preview.count).toBe(60)
    expect(preview.classes.map(({ name }) => name)).toEqual(['bar', 'beam', 'block'])
    expect(preview.notes).toContain('2 links in set were not followed.')
  }))

test('the preview counts duplicates, and those between classes and parts', async () => {
  const files = [
    ...grey.map(({ name, bytes }) => ({ name: `train/${name}`, bytes })),
    { name: 'train/beam/copy.png', bytes: grey[0].bytes },
    { name: 'test/bar/leak.png', bytes: grey[1].bytes },
  ]
  const { duplicates, classes, samples, labelColumn } = await previewFolder(files)
  // Drawn places repeat after six.
  expect(duplicates).toMatchObject({ acrossClasses: 1, acrossSplits: 1 })
  expect(duplicates.count).toBeGreaterThanOrEqual(2)
  expect(classes.map(({ name, parts }) => [name, parts])).toEqual([
    ['bar', { train: 20, validation: 0, test: 1 }],
    ['beam', { train: 21, validation: 0, test: 0 }],
    ['block', { train: 20, validation: 0, test: 0 }],
  ])
  expect(samples.length).toBe(50)
  expect(new Set(samples.slice(0, 3).map(({ className }) => className)).size).toBe(3)
  expect(samples.every(({ pixels }) => pixels.length === 144)).toBe(true)
  expect(labelColumn).toBeNull()
})

test('the split is as chosen; parts keep to themselves', async () => {
  const files = ['train', 'test'].flatMap((split) => grey.map(({ name, bytes }) => ({ name: `${split}/${name}`, bytes })))
  const set = await importFolder(files, { split: { train: 30, validation: 12, test: 9 } })
  expect(set).toMatchObject({ count: 51, suggestedSplit: { train: 30, validation: 12, test: 9 } })
  expect(set.source.order).toMatch(/69 images that the split does not ask for were left out/)
  const error = await problem(() => importFolder(files, { split: { train: 30, validation: 12, test: 61 } }))
  expect(error).toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining('there are 60 for training, 60 for test') as string,
  })
})

test.each<[string, () => Sample[], RegExp]>([
  ['one image', () => grey.slice(0, 1), /there is only one class|no data set|in no folder/],
  ['images without folders', () => grey.map(({ bytes }, i) => ({ name: `${i}.png`, bytes })), /are in no folder that says their class/],
  ['one folder', () => grey.slice(0, 20), /in no folder that says their class|only one class/],
  ['nothing for training', () => grey.map(({ name, bytes }) => ({ name: `test/${name}`, bytes })), /no image is for training/],
  [
    'too many classes',
    () => Array.from({ length: 300 }, (_, i) => ({ name: `c${i}/a.png`, bytes: grey[i % 60].bytes })),
    /300 classes \(c0, c1, c10, \.\.\.\); at most 256/,
  ],
])('%s: named, with what to do', async (_what, files, errorText) => {
  const error = await problem(() => importFolder(files()))
  expect(error.code).toBe('bad-input')
  expect(error.message).toMatch(errorText)
  expect(error.remedy).not.toBe('')
})

test('a data set that would be too large is refused before its pixels are read', async () => {
  const error = await problem(() => importFolder(grey, {}, { datasetBytes: 60 * 144 - 1 }))
  expect(error.message).toMatch(/60 images of 12 x 12 x 1 are 8640 bytes; at most/)
})

test('damaged images are listed, whatever was done to them', async () => {
  const files: Sample[] = []
  for (const [label, name] of shapeNames.entries())
    for (const kind of ['png', 'jpeg', 'webp', 'tiff', 'gif', 'bmp'] as const)
      files.push({ name: `${name}/a.${kind}`, bytes: await picture(kind, label, 3, [1, 0.5, 0.2]) })
  for (const name of shapeNames)
    files.push({ name: `${name}/b.pgm`, bytes: Buffer.concat([Buffer.from('P5\n12 12\n255\n'), drawn(0, shapeNames.indexOf(name))]) })
  await fuzz('images', files, 60)
})

test('damaged texts beside images end in a sentence, or in images of the classes that can be read', async () => {
  const labelled = [...Array(12).keys()].map((i) => ({ image: `images/${i}.png`, label: shapeNames[i % 3] }))
  const loose = await Promise.all(labelled.map(async ({ image }, i) => ({ name: image, bytes: await picture('png', i % 3, i) })))
  const sorted = loose.map(({ bytes }, i) => ({ name: `${shapeNames[i % 3]}/${i}.png`, bytes }))
  const lines = (items: readonly string[]) => Buffer.from(`${items.join('\n')}\n`)
  const json = (value: unknown) => Buffer.from(JSON.stringify(value))
  const listed = sorted.map(({ name }) => name)
  const texts: [Sample[], Sample[]][] = [
    [loose, [{ name: 'metadata.jsonl', bytes: lines(labelled.map((one) => JSON.stringify(one))) }]],
    [
      loose,
      [
        {
          name: 'labels.json',
          bytes: json({ classes: shapeNames, labels: Object.fromEntries(labelled.map(({ image }, i) => [image, i % 3])) }),
        },
      ],
    ],
    [
      loose,
      [
        {
          name: 'tasks.json',
          bytes: json(
            labelled.map(({ image, label }) => ({ data: { image }, annotations: [{ result: [{ value: { choices: [label] } }] }] })),
          ),
        },
      ],
    ],
    [
      loose,
      [
        {
          name: 'annotations.json',
          bytes: json({
            images: labelled.map(({ image }, id) => ({ id, file_name: image })),
            annotations: labelled.map((_, id) => ({ image_id: id, category_id: id % 3 })),
            categories: shapeNames.map((name, id) => ({ id, name })),
          }),
        },
      ],
    ],
    [loose, [{ name: 'labels.csv', bytes: lines(['image,label', ...labelled.map(({ image, label }) => `${image},${label}`)]) }]],
    [
      sorted,
      [
        { name: 'train.txt', bytes: lines(listed.slice(0, 9)) },
        { name: 'test.txt', bytes: lines(listed.slice(9)) },
      ],
    ],
  ]
  for (const [images, beside] of texts) {
    await fuzz(`images and ${beside[0].name}`, beside, 60, { runs: 60, beside: images })
  }
})
