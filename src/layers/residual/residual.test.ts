import { expect, it } from 'vitest'
import { gaugeSteps } from '../../engine/gauge/gauge-steps.ts'
import { studentTarget } from '../../engine/distillation/student.ts'
import { checkDocument } from '../../main/lab/experiment/document.ts'
import { openDocument } from '../../shared/open-document.ts'
import { presets } from '../../shared/presets.ts'
import { settingOf } from '../../shared/settings.ts'
import { layOut } from '../../shared/target-layout.ts'
import type { LayerSettings } from '../layer-kind.ts'
import { chainWords, deepest, type Layer } from '../registry.ts'

const conv = (filters: number, kernel = 3): Layer => ({ kind: 'convolution', kernel, filters, activation: 'none' })
const norm = (activation: 'relu' | 'none'): Layer => ({ kind: 'normalisation', over: 'image', activation })
const pool: Layer = { kind: 'max-pool', size: 2 }
const end: Layer = { kind: 'dense', units: 10, activation: 'none' }
const block = (layers: Layer[], shortcut: Layer[] = []): Layer => ({ kind: 'residual', layers, shortcut, activation: 'relu' })
const targetOf = (...layers: Layer[]) => ({ input: { height: 28, width: 28, channels: 1 }, layers: [...layers, end] })
const documentOf = (layers: LayerSettings[]) => ({
  ...presets['mnist-quick'],
  target: { ...presets['mnist-quick'].target, layers: [...layers, end] },
})

it('is refused by the name of its place where its ways give unlike shapes, with the projection that would do', () => {
  const refusal = (...layers: Layer[]) => {
    try {
      layOut(targetOf(...layers))
    } catch (error) {
      return error
    }
    return undefined
  }
  expect(refusal(conv(4), block([conv(8), pool]))).toMatchObject({
    message: 'target.layers[1]: its layers give 14 × 14 × 8 and its shortcut 28 × 28 × 4, which cannot be added.',
    remedy: 'Give it a projection as shortcut: a 1 × 1 convolution with 8 filters and stride 2.',
  })
  expect(refusal(block([conv(4), block([conv(5)])], [conv(5, 1)]))).toMatchObject({
    message: expect.stringContaining('target.layers[0].layers[1]: its layers give 28 × 28 × 5 and its shortcut 28 × 28 × 4') as string,
    remedy: 'Give it a projection as shortcut: a 1 × 1 convolution with 5 filters.',
  })
  expect(refusal(block([conv(1), { kind: 'dense', units: 1, activation: 'relu' }]))).toMatchObject({
    message: expect.stringContaining('target.layers[0].layers[1]: a dense layer cannot stand within another one') as string,
  })
})

it('may hold others, so many deep and no deeper, whatever the document', () => {
  const nested = (depth: number): Layer => (depth === 0 ? conv(1) : block([nested(depth - 1)]))
  const nestedDeeply = JSON.parse(`${'{"kind":"residual","layers":['.repeat(5000)}${']}'.repeat(5000)}`) as LayerSettings
  expect(
    layOut(checkDocument({ ...documentOf([nested(deepest)]), method: { ...presets['mnist-quick'].method, generators: [[4], [4]] } }).target)
      .weighted,
  ).toHaveLength(2)
  for (const layer of [nested(deepest + 1), nestedDeeply]) {
    expect(() => checkDocument(openDocument(documentOf([layer])))).toThrow(
      `target.layers.0${'.layers.0'.repeat(deepest)}.kind is "residual": layers that hold others lie within each other at most ${deepest} deep.`,
    )
  }
})

it('may hold only kinds that there are', () => {
  const unknown = block([], [{ kind: 'attention' } as never])
  expect(() => openDocument(documentOf([unknown]))).toThrow('This version of Weightscape knows no layer "attention".')
  expect(() => checkDocument(documentOf([unknown]))).toThrow('target.layers.0.shortcut.0.kind is "attention", which is not allowed.')
})

it('lets the gauge scale what is normalised within, and nothing whose scale goes around', () => {
  const layers = [conv(4), norm('relu'), block([conv(8), norm('relu'), conv(8), norm('none')], [conv(8, 1)]), conv(8), block([conv(8)])]
  expect(gaugeSteps(layOut(targetOf(...layers))).map(({ own, pushedBy }) => [own, pushedBy])).toEqual([
    ['normalise', null],
    ['normalise', null],
    ['normalise', null],
    ['nothing', null], // the projection
    ['nothing', null], // read by a block
    ['nothing', null], // the last one of a block
    ['centre', null],
  ])
})

it('is said in words, once where blocks are alike', () => {
  const layers = [conv(8), block([conv(8)]), block([conv(8)]), block([conv(4)], [conv(4, 1)])]
  expect(chainWords(layers)).toEqual([
    'convolution 3 × 3, 8 filters',
    'residual block (convolution 3 × 3, 8 filters), ReLU (2 times)',
    'residual block (convolution 3 × 3, 4 filters; shortcut convolution 1 × 1, 4 filters), ReLU',
  ])
  expect(settingOf('target.layers.2.shortcut.0.filters', documentOf(layers) as never).label).toBe('Filters, shortcut 1 in layer 3')
})

it('has students of other widths', () => {
  const target = targetOf(conv(4), block([conv(4), conv(8)], [conv(8, 1)]))
  expect(studentTarget(target, 0.5).layers).toEqual([conv(2), block([conv(2), conv(4)], [conv(4, 1)]), end])
})
