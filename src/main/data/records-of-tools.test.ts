/** Classes in JSON as tools for labels and other programs write it, beside images in one folder. */
import { beforeAll, expect, test } from 'vitest'
import type { DoubtCode } from '../../shared/import-options.ts'
import { previewFolder } from './testing/imports.ts'
import { problem, type Sample } from './testing/samples.ts'
import { all, classesOf, classOf, codes, drawn, names, text } from './testing/three-classes.ts'

let images: Sample[] = []
beforeAll(async () => {
  images = await drawn((i) => `images/${i}.png`)
})

const json = (name: string, value: unknown): Sample => text(name, JSON.stringify(value))
const lines = (name: string, make: (i: number) => unknown): Sample => text(name, ...all(30, (i) => JSON.stringify(make(i))))
const file = (i: number) => `${i}.png`
const counted = (make: (i: number) => string) => Object.fromEntries(all(30, (i) => [i, make(i)]))
const via = (regions: (i: number) => unknown[], attributes: (i: number) => object) =>
  Object.fromEntries(
    all(30, (i) => [`${file(i)}1234`, { filename: file(i), size: 1234, regions: regions(i), file_attributes: attributes(i) }]),
  )
const none = () => []
const part = (i: number) => (i < 24 ? 'train' : 'test')

test.each<[string, Sample, DoubtCode[], number?]>([
  [
    'VGG Image Annotator',
    json(
      'via.json',
      via(none, (i) => ({ class: classOf(i) })),
    ),
    [],
  ],
  [
    'a project of VGG Image Annotator',
    json('via.json', { _via_settings: {}, _via_img_metadata: via(none, (i) => ({ class: classOf(i) })), _via_attributes: {} }),
    [],
  ],
  [
    'Azure Custom Vision',
    json(
      'images.json',
      all(30, (i) => ({ name: file(i), tags: [{ tagId: 't', tagName: classOf(i) }] })),
    ),
    [],
  ],
  [
    'Edge Impulse',
    json('info.labels', {
      version: 1,
      files: all(30, (i) => ({ path: file(i), category: `${part(i)}ing`, label: { type: 'label', label: classOf(i) } })),
    }),
    [],
    6,
  ],
  [
    'Datumaro',
    json('default.json', {
      categories: { label: { labels: names.map((name) => ({ name })) } },
      items: all(30, (i) => ({ id: String(i), annotations: [{ type: 'label', label_id: i % 3 }], image: { path: file(i) } })),
    }),
    [],
  ],
  [
    'Vertex AI',
    lines('data.jsonl', (i) => ({
      imageGcsUri: `gs://bucket/${file(i)}`,
      classificationAnnotation: { displayName: classOf(i) },
      dataItemResourceLabels: { 'aiplatform.googleapis.com/ml_use': `${part(i)}${i < 24 ? 'ing' : ''}` },
    })),
    [],
    6,
  ],
  [
    'Labelbox',
    lines('export.ndjson', (i) => ({
      data_row: { id: `id${i}`, external_id: file(i) },
      projects: { p: { labels: [{ annotations: { objects: [], classifications: [{ radio_answer: { name: classOf(i) } }] } }] } },
    })),
    [],
  ],
  [
    'SageMaker, whose classes have numbers and names',
    lines('output.manifest', (i) => ({ 'source-ref': `s3://b/${file(i)}`, kind: i % 3, 'kind-metadata': { 'class-name': classOf(i) } })),
    [],
  ],
  ['a list for each class', json('labels.json', Object.fromEntries(names.map((name, k) => [name, all(10, (i) => file(3 * i + k))]))), []],
  [
    'a list of records for each part',
    json('data.json', {
      train: all(24, (i) => ({ file: file(i), label: classOf(i) })),
      test: all(6, (i) => ({ file: file(24 + i), label: classOf(i) })),
    }),
    [],
    6,
  ],
  [
    "CoOp's splits, with numbers and names of classes",
    json('split.json', { train: all(24, (i) => [file(i), i % 3, classOf(i)]), test: all(6, (i) => [file(24 + i), i % 3, classOf(i)]) }),
    [],
    6,
  ],
  ['a list for each column', json('labels.json', { image: all(30, file), label: all(30, classOf) }), []],
  ['a column as pandas writes it', json('labels.json', { image: counted(file), label: counted(classOf) }), []],
  ['a record for each name', json('labels.json', Object.fromEntries(all(30, (i) => [file(i), { class: classOf(i), score: 0.9 }]))), []],
])('%s', async (_what, labels, asked, tested = 0) => {
  const found = await previewFolder([...images, labels])
  expect(codes(found)).toEqual(asked)
  expect(Object.values(classesOf(found))).toEqual([10, 10, 10])
  if (asked.length === 0) expect(Object.keys(classesOf(found))).toEqual(names)
  if (tested > 0) expect(found.suggestedSplit.test).toBe(tested)
})

test.each(['ignore', 'reject'])('what was answered with "%s" has no class (Prodigy)', async (answer) => {
  const found = await previewFolder([
    ...images,
    lines('a.jsonl', (i) => ({ image: file(i), accept: [classOf(i)], answer: i % 5 === 4 ? answer : 'accept' })),
  ])
  expect(codes(found)).toEqual(['unused-images'])
  expect(classesOf(found)).toEqual({ cat: 8, dog: 8, eel: 8 })
})

test('what several people chose of an image counts, not what one of them skipped (Label Studio)', async () => {
  const chosen = (...choices: string[]) => ({ result: [{ value: { choices } }] })
  const skipped = { ...chosen('dog'), was_cancelled: true }
  const tasks = (last: (i: number) => object) =>
    json(
      'project.json',
      all(30, (i) => ({ data: { image: file(i) }, annotations: [skipped, chosen(classOf(i)), last(i)] })),
    )
  const agreed = await previewFolder([...images, tasks((i) => chosen(classOf(i)))])
  expect(codes(agreed)).toEqual([])
  expect(classesOf(agreed)).toEqual({ cat: 10, dog: 10, eel: 10 })
  const apart = await previewFolder([...images, tasks((i) => chosen(classOf(i < 6 ? i + 1 : i)))])
  expect(codes(apart)).toEqual(['odd-labels'])
  expect(classesOf(apart)).toEqual({ cat: 8, 'cat, dog': 2, dog: 8, 'dog, eel': 2, eel: 8, 'eel, cat': 2 })
})

test('an image of several classes in a list has none of them: it is left out, which is asked about', async () => {
  const found = await previewFolder([...images, lines('a.jsonl', (i) => ({ image: file(i), labels: i < 3 ? names : [classOf(i)] }))])
  expect(classesOf(found)).toEqual({ cat: 9, dog: 9, eel: 9 })
  expect(found.doubts.map(({ code, message }) => [code, message])).toEqual([
    ['unused-images', '3 of 30 images would not be part of the data set: set/images/0.png has no class there.'],
  ])
})

const box = { x: 1, y: 2, width: 5, height: 5 }
test.each([
  [
    'VGG Image Annotator',
    json(
      'via.json',
      via((i) => [{ shape_attributes: box, region_attributes: { kind: classOf(i) } }], none),
    ),
  ],
  [
    'FiftyOne',
    json('samples.json', { samples: all(30, (i) => ({ filepath: file(i), found: { detections: [{ label: classOf(i), ...box }] } })) }),
  ],
  ['Vertex AI', lines('data.jsonl', (i) => ({ imageGcsUri: file(i), boundingBoxAnnotations: [{ displayName: classOf(i), ...box }] }))],
])('a box in each image is no class of it: %s', async (_what, labels) => {
  const error = await problem(() => previewFolder([...images, labels]))
  expect(error.message).toMatch(/tells where things are within the images/)
})
