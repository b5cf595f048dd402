/** Files of each kind that are asked about, one kind a doubt: what the page of questions says and shows is what comes of them. */
import sharp from 'sharp'
import type { DoubtCode } from '../../../shared/import-options.ts'
import { zipOf } from './archives.ts'
import { matFile } from './mat.ts'
import { npy } from './npy.ts'
import { drawn, picture } from './pictures.ts'
import type { Sample } from './samples.ts'

const names = ['cat', 'dog', 'eel'] as const
const side = 16
const places = Array.from({ length: 60 }, (_, i) => i)

/** Class folders of drawn shapes; `path` gives the name of each. */
function pictures(path: (i: number, name: string) => string, among: readonly number[] = places, from = 0): Promise<Sample[]> {
  return Promise.all(
    among.map(async (i) => ({
      name: path(i, names[i % 3]),
      bytes: await picture('png', i % 3, from + Math.floor(i / 3), undefined, side),
    })),
  )
}

/** Images made of the numbers of drawn shapes. */
async function painted(pixels: (i: number) => { data: Uint8Array; size: number; channels: 1 | 4 }): Promise<Sample[]> {
  return Promise.all(
    places.map(async (i) => {
      const { data, size, channels } = pixels(i)
      const bytes = await sharp(data, { raw: { width: size, height: size, channels } })
        .png()
        .toBuffer()
      return { name: `${names[i % 3]}/${i}.png`, bytes }
    }),
  )
}

const plain = (i: number, name: string): string => `${name}/${i}.png`
const shapeOf = (i: number, size = side): Uint8Array => drawn(i % 3, Math.floor(i / 3), size)
/** All images in one array. */
const array = (name: string, colours = 1): Sample =>
  npy(
    name,
    '|u1',
    colours === 1 ? [60, side, side] : [60, side * side * colours],
    places.flatMap((i) => Array.from(shapeOf(i)).flatMap((value) => [value, value >> 1, 255 - value].slice(0, colours))),
  )
const labels = (name: string, label: (i: number) => number): Sample => npy(name, '<i8', [60], places.map(label))
const arrays = async (...all: Sample[]): Promise<Sample[]> => [{ name: 'set.npz', bytes: await zipOf(all) }]
const table = (label: (i: number) => string): string =>
  ['label', ...Array.from({ length: 64 }, (_, k) => `pixel${k}`)].join(',') +
  places.map((i) => `\r\n${[label(i), ...shapeOf(i, 8)].join(',')}`).join('')

/** For each doubt: its files, in one folder. */
export const doubtCases: Readonly<Record<DoubtCode, () => Promise<Sample[]>>> = {
  'label-column': () =>
    arrays(
      array('images'),
      labels('coarse_labels', (i) => i % 3),
      labels('fine_labels', (i) => i % 6),
    ),
  'image-column': () =>
    arrays(
      array('images_left'),
      { ...array('images_right'), bytes: array('images_right').bytes.map((byte, at) => (at < 128 ? byte : 255 - byte)) },
      labels('labels', (i) => i % 3),
    ),
  'parts-unknown': () => pictures((i, name) => `${i < 45 ? 'train' : 'holdout'}/${name}/${i}.png`),
  'class-level': () => pictures((i, name) => `${name === 'eel' ? 'fish' : 'mammals'}/${name}/${i}.png`),
  'class-by-name': () => pictures((i, name) => `${name}.${i}.png`),
  'labels-differ': async () => [
    ...(await pictures(plain)),
    { name: 'train.csv', bytes: Buffer.from(`image,label${places.map((i) => `\n${i}.png,${i % 2 === 0 ? 'x' : 'y'}`).join('')}`) },
  ],
  'paired-images': async () => [
    ...(await pictures(plain)),
    ...(await painted((i) => ({ data: Uint8Array.from(shapeOf(i), (value) => (value > 150 ? 255 : 0)), size: side, channels: 1 }))).map(
      ({ name, bytes }) => ({ name: name.replace('.png', '_mask.png'), bytes }),
    ),
  ],
  'pixel-range': () => painted((i) => ({ data: Uint8Array.from(shapeOf(i), (value) => Math.round(value / 27)), size: side, channels: 1 })),
  'pixel-order': () => {
    const values = Array.from({ length: side * side }, (_, at) =>
      places.map((i) => shapeOf(i)[(at % side) * side + Math.floor(at / side)]),
    ).flat()
    const fields = { X: { shape: [60, side * side], values }, y: { shape: [60, 1], values: places.map((i) => i % 3) } }
    return Promise.resolve([{ name: 'set.mat', bytes: matFile(fields) }])
  },
  'channel-order': () =>
    arrays(
      array('data', 3),
      labels('labels', (i) => i % 3),
    ),
  'one-value': () =>
    painted((i) => ({ data: Uint8Array.from(Array.from(shapeOf(i)).flatMap((value) => [255, 255, 255, value])), size: side, channels: 4 })),
  'labels-missing': () => pictures((i, name) => `${i < 3 ? 'unlabeled' : name}/${i}.png`),
  'classes-alike': () => pictures((i, name) => `${i < 9 ? `${name} - Copy` : name}/${i}.png`),
  'odd-labels': () =>
    arrays(
      array('images'),
      labels('labels', (i) => [0, 1, 255][i % 3]),
    ),
  'equal-across-splits': async () => [
    ...(await pictures((i, name) => `train/${name}/${i}.png`)),
    ...(await pictures((i, name) => `test/${name}/${i}.png`, places.slice(0, 12))),
  ],
  'equal-across-classes': async () => [
    ...(await pictures(plain)),
    ...(await pictures(plain, places.slice(0, 9))).map(({ bytes }, i) => ({ name: `fox/${i}.png`, bytes })),
  ],
  'equal-images': async () => {
    const once = (top: string) => pictures((i, name) => `${top}${i < 42 ? 'train' : i < 51 ? 'val' : 'test'}/${name}/${i}.png`)
    return [...(await once('')), ...(await once('copy/'))]
  },
  'unused-images': async () => [
    ...(await pictures(plain)),
    ...places.slice(0, 9).map((i) => ({ name: `fox/${i}.heic`, bytes: Buffer.from('ftypheic') })),
  ],
  'archives-aside': async () => [...(await pictures(plain)), { name: 'full.zip', bytes: await zipOf(await pictures(plain)) }],
  'machine-names': () => pictures((i, name) => `${name === 'eel' ? 'thumbnails' : name}/${i}.png`),
  'small-class': async () => [...(await pictures(plain)), { name: 'lone/0.png', bytes: await picture('png', 0, 41, undefined, side) }],
  'untrained-class': () =>
    arrays(
      array('x_train'),
      labels('y_train', (i) => i % 2),
      array('x_test'),
      labels('y_test', (i) => i % 3),
    ),
  'tiny-images': () =>
    painted((i) => ({ data: Uint8Array.from({ length: 9 }, (_, at) => (i * 37 + at * 61) % 256), size: 3, channels: 1 })),
  'parts-differ': () =>
    arrays(
      array('x_train'),
      labels('y_train', (i) => i % 3),
      { ...array('x_test'), bytes: array('x_test').bytes.map((byte, at) => (at < 128 ? byte : byte >> 3)) },
      labels('y_test', (i) => i % 3),
    ),
  encoding: () =>
    Promise.resolve([
      {
        name: 'letters.csv',
        bytes: Buffer.from(
          table((i) => ['å', 'ä', 'ö'][i % 3]),
          'latin1',
        ),
      },
    ]),
}
