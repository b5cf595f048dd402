import { expect, it } from 'vitest'
import { presets } from './presets.ts'
import { baseOf } from './sweep-base.ts'
import { documentsAsked, readRange, readValues, runsOf, settingInWords, settingsInWords, valuesIn } from './sweep.ts'

it('makes every value meet every other, and each trial', () => {
  const vary = [
    { key: 'method.lambda', values: [1, 2] },
    { key: 'training.imageBatch', values: [3, 4, 5] },
  ]
  const grid = documentsAsked({ presets: ['a', 'b'], vary })
  expect(grid.map(({ preset, settings }) => `${preset},${settings.map(({ value }) => Number(value)).join()}`)).toEqual(
    ['a', 'b'].flatMap((preset) => [1, 2].flatMap((one) => [3, 4, 5].map((other) => `${preset},${one},${other}`))),
  )
  expect(runsOf({ presets: ['a', 'b'], vary, seeds: [1, 2] })).toBe(24)
  expect(documentsAsked({ presets: ['a', 'b'] }).map(({ settings }) => settings)).toEqual([[], []])
})

it('draws the same within the range each time, evenly by size on a log scale, whole where a setting is', () => {
  const random = { ranges: [{ key: 'method.lambda', low: 1, high: 1e4, log: true }], trials: 400, seed: 7 }
  const drawn = documentsAsked({ presets: ['a'], random }).map(({ settings }) => settings[0].value as number)
  expect(drawn).toEqual(documentsAsked({ presets: ['a'], random }).map(({ settings }) => settings[0].value))
  expect(drawn).not.toEqual(documentsAsked({ presets: ['a'], random: { ...random, seed: 8 } }).map(({ settings }) => settings[0].value))
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(1)
  expect(Math.max(...drawn)).toBeLessThanOrEqual(1e4)
  // A quarter in each decade: binomial, four deviations are 35 of 400.
  for (const decade of [0, 1, 2, 3]) {
    const within = drawn.filter((value) => Math.floor(Math.log10(value)) === decade).length
    expect(Math.abs(within - drawn.length / 4)).toBeLessThan(36)
  }
  const whole = { ranges: [{ key: 'training.imageBatch', low: 2, high: 6, log: false }], trials: 50, seed: 1 }
  // Drawn twice, it is one.
  expect(
    documentsAsked({ presets: ['mnist-quick'], random: whole })
      .map(({ settings }) => settings[0].value)
      .toSorted(),
  ).toEqual([2, 3, 4, 5, 6])

  // Of a method that the paper's preset has not; the ends as often as the rest: binomial, four deviations are 32 of 400.
  const ranges = [{ key: 'method.samples', low: 2, high: 6, log: false }, ...random.ranges]
  const samples = documentsAsked({ presets: ['mnist-mnf'], random: { ...random, ranges } }).map(({ settings }) => settings[0].value)
  for (const value of [2, 3, 4, 5, 6]) expect(Math.abs(samples.filter((one) => one === value).length - 80)).toBeLessThan(33)
})

it('reads values and ranges as they are typed', () => {
  expect(readValues('method.lambda=100,1e3, 100')).toEqual({ key: 'method.lambda', values: [100, 1000] })
  expect(readValues('method.extractor=[8,8],[16]')).toEqual({ key: 'method.extractor', values: [[8, 8], [16]] })
  expect(readValues('target.layers[0].activation=relu,tanh')).toEqual({ key: 'target.layers.0.activation', values: ['relu', 'tanh'] })
  for (const text of ['', 'method.lambda', '=3', 'method.lambda=', 'method.lambda=1e400'])
    expect(readValues(text)).toHaveProperty('refusal')
  expect(readRange('method.lambda=10..1e5:log')).toEqual({ key: 'method.lambda', low: 10, high: 1e5, log: true })
  expect(readRange('a=-1..0.5')).toEqual({ key: 'a', low: -1, high: 0.5, log: false })
  expect(readRange('a=0..5:log')).toEqual({ refusal: 'a range on a log scale begins above 0' })
  expect(readRange('a=5..1')).toEqual({ refusal: 'a range has its lower end first' })
  for (const text of ['a', 'a=', 'a=1', 'a=..2', 'a=1..', 'a=x..y', 'a=1..2:lin']) expect(readRange(text)).toHaveProperty('refusal')
  expect(valuesIn(' 1, true,')).toEqual([1, true])
  expect(valuesIn('relu, 3,,relu')).toEqual(['relu', 3])
  expect(
    settingsInWords([
      { key: 'method.lambda', value: 100 },
      { key: 'target.layers.0.filters', value: 8 },
    ]),
  ).toBe('λ 100, Filters, layer 1 8')
})

it('tells values with all their digits, and commas between thousands', () => {
  expect(
    [1000, 1e5, 1234567.0001, -2500, 0.0001234, 999, 1e-7, 1e21, 'relu', true, null, [1000, 2]].map((value) =>
      settingInWords('method.lambda', value),
    ),
  ).toEqual([...['1,000', '100,000', '1,234,567.0001', '-2,500', '0.0001234', '999', '1e-7', '1e+21', 'relu', 'true', 'null', '[1000,2]']])
  expect(settingsInWords([{ key: 'method.lambda', value: 10_000 }])).toBe('λ 10,000')
  expect([settingInWords('seed', 12_345), settingInWords('data.split.seed', 12_345)]).toEqual(['12345', '12345'])
})

it('starts from somebody’s own document by what it has otherwise', () => {
  const document = { ...presets['mnist-quick'], seed: 5 }
  const differs = ['seed', 'preset', 'method.lambda', 'training.imageBatch'].map((key) => ({ key, value: 3, preset: 4 }))
  expect(baseOf({ document, differs }, ['method.lambda'])).toEqual({
    ...{ presets: ['mnist-quick'], data: 'mnist' },
    settings: [{ key: 'training.imageBatch', value: 3 }],
  })
})
