/** Every drawn place and every cell by number: no two columns, splits or steps of the input are alike. */
import { describe, expect, it } from 'vitest'
import { analyses } from '../../analyses/registry.ts'
import { bandOf } from '../../analyses/ensemble/definition.ts'
import { listed } from '../../shared/wording.ts'
import type { Figure, Table } from './content/document.ts'
import { figuresOf, plain, tablesOf } from './content/document.ts'
import { compose } from './content/compose.ts'
import { accuracyFigure } from './figures/accuracy.ts'
import { filtersFigure } from './figures/filters.ts'
import { diverging } from './figures/theme.ts'
import { shareInterval, wilson } from '../../shared/statistics/intervals.ts'
import type { ReportInput } from './input.ts'
import { readFigure } from './testing/read-figure.ts'
import { resultIn, syntheticInput } from './testing/synthetic-input.ts'

/** Mean square over images of the share of members that are right: it differs less from image to image than the answer of one network. */
const meanMemberSquare = 0.87

/** Few of everything, all different. */
function distinct(): ReportInput {
  const input = syntheticInput({ steps: 8, networks: 6, mapPoints: 5 })
  const series = (name: string, values: number[]) => ({ name, points: values.map((value, i) => ({ step: 100 * (i + 1), value })) })
  input.document = { ...input.document, evaluation: { every: 100, networks: 21, images: 970 } }
  input.metrics = [
    {
      name: 'accuracy',
      points: [0.31, 0.52, 0.64, 0.71, 0.83, 0.86, 0.88].map((value, i) => ({
        step: 100 * (i + 1),
        value,
        low: value - 0.02 * (i + 1),
        high: value + 0.03 + 0.001 * i,
      })),
    },
    series('crossEntropy', [2.2, 1.7, 0.9, 0.8]),
    series('entropy', [2810, 2830, 2825, 2844]),
    series('nearest', [110, 170, 150, 130]),
    series('loss', [-1210, -1840, -2230, -1990]),
    series('stepSeconds', [0.21, 0.25, 0.33, 0.29]),
  ]
  Object.assign(resultIn(input, 'evaluation').result, {
    ...{ n: 6, images: 50, split: 'validation', mean: 0.87, std: 0.031, min: 0.78, max: 0.94, entropy: 2801 },
    ...{ accuracies: [0.94, 0.78, 0.86, 0.86, 0.9, 0.88], losses: [0.21, 0.62, 0.43, 0.44, 0.35, 0.36] },
  })
  const vote = (majority: number, meanProbability: number, mostConfident: number) => ({ majority, meanProbability, mostConfident })
  Object.assign(resultIn(input, 'ensemble').result, {
    ...{ n: 60, images: 700, split: 'train', disagreement: 0.0432, disagreementSquare: 0.0216, calibrationError: 0.0217 },
    sizes: [
      { size: 1, draws: 30, ...vote(0.901, 0.912, 0.923), low: vote(0.881, 0.89, 0.9), high: vote(0.93, 0.94, 0.95) },
      { size: 5, draws: 17, ...vote(0.921, 0.934, 0.917), low: vote(0.911, 0.914, 0.905), high: vote(0.927, 0.944, 0.929) },
      {
        ...{ size: 60, draws: 1, ...vote(0.941, 0.955, 0.936), low: vote(0.941, 0.955, 0.936), high: vote(0.941, 0.955, 0.936) },
        overImages: { square: vote(0.941, 0.955, 0.936), withAll: vote(0.941, 0.955, 0.936), all: vote(0.941, 0.955, 0.936) },
      },
    ],
    calibration: [
      { confidence: 0, accuracy: 0, count: 0 },
      { confidence: 0.3, accuracy: 0.4, count: 100 },
      { confidence: 0.6, accuracy: 0.5, count: 250 },
      { confidence: 0.9, accuracy: 0.95, count: 650 },
    ],
  })
  Object.assign(resultIn(input, 'distillation').result, {
    ...{ student: 0.951, ensemble: 0.963, bestMember: 0.944, meanMember: 0.925, n: 33, images: 400, split: 'validation' },
    curve: [
      { step: 0, accuracy: 0.1, loss: 2.3 },
      { step: 70, accuracy: 0.8, loss: 0.9 },
      { step: 150, accuracy: 0.9, loss: 0.4 },
    ],
  })
  const { products } = resultIn(input, 'distillation').result
  products![3][3] = meanMemberSquare
  const map = resultIn(input, 'map')
  map.result.n = 5
  map.arrays['coordinates'].data = new Float32Array([1, 20, 3, 40, -5, 60, 7, -10, 0, 0])
  map.arrays['value:accuracy'].data = new Float32Array([0.5, 0.6, 0.7, 0.8, 0.9])
  map.arrays['value:loss'].data = new Float32Array([1.5, 1.4, 1.3, 1.2, 1.1])
  for (const one of input.results) one.count = (one.result as { n: number }).n
  input.timings = [
    { stage: 'Training', seconds: 101.4, note: '700 steps' },
    { stage: 'Map', seconds: 25.35, note: '5 networks' },
  ]
  return input
}

const bin = (confidence: number, accuracy: number, count: number) => ({ confidence, accuracy, count })
const calibrationResult = {
  ...{ n: 3, images: 40, split: 'validation' },
  single: { error: 0.1, bins: [bin(0.55, 0.5, 40), bin(0.9, 0.8, 80)] },
  vote: { error: 0.05, bins: [bin(0.6, 0.7, 9), bin(0.95, 0.9, 30)] },
}

const made = await compose(distinct())
const figure = (id: string): Figure => figuresOf(made).find((one) => one.id === id)!
const cells = (id: string): string[][] => {
  const { columns, rows }: Table = tablesOf(made).find((one) => one.id === id)!
  return [columns.map(({ header }) => plain(header)), ...rows.map((row) => row.map(plain))].map((row) =>
    row.map((cell) => cell.replaceAll('\u00a0', ' ')),
  )
}

/** As near as two decimals of a pixel and labels of ticks let one read. */
function near(read: readonly (readonly number[])[], wanted: readonly (readonly number[])[]): void {
  expect(read.map((row) => row.length)).toEqual(wanted.map((row) => row.length))
  const room = wanted[0]?.map((_, column) => {
    const values = wanted.map((row) => row[column])
    return 0.012 * (Math.max(...values) - Math.min(...values) || Math.abs(values[0]))
  })
  wanted.forEach((row, i) => {
    row.forEach((value, column) => {
      expect(Math.abs(read[i][column] - value), `row ${i}, column ${column}: ${read[i][column]} for ${value}`).toBeLessThan(room[column])
    })
  })
}

describe('what is drawn', () => {
  it('accuracy while training: the mean as a line, worst to best as a band, the last half enlarged', () => {
    const points = distinct().metrics[0].points
    const [whole, late] = readFigure(figure('accuracy').svg)
    near(
      whole.lines[0],
      points.map(({ step, value }) => [step, value]),
    )
    near(
      whole.areas[0],
      points.map(({ step, low, high }) => [step, low!, high!]),
    )
    near(
      late.lines[0],
      points.slice(3).map(({ step, value }) => [step, value]),
    )
    near(
      late.areas[0],
      points.slice(3).map(({ step, low, high }) => [step, low!, high!]),
    )
    expect(figure('accuracy').data.columns).toEqual(['step', 'mean on 970 validation images', 'min', 'max'])
    expect(figure('accuracy').data.rows).toEqual(points.map(({ step, value, low, high }) => [step, value, low, high]))
    expect(plain(figure('accuracy').caption)).toBe(
      'Line: mean over the same 21 networks (of the same noise) at each evaluation on the first 970 validation images; band: from the worst of them to the best. ' +
        'At step 700 the mean is 0.880 [0.858,\u00a00.899] (95 % interval of one network on as many images), the worst 0.740 and the best 0.916.',
    )
  })

  it('accuracy of many evaluations: several are drawn as one, and the last is told by itself', () => {
    const points = Array.from({ length: 700 }, (_, i) => ({
      step: 10 * (i + 1),
      value: i / 1000,
      low: i / 1000 - 0.1,
      high: i / 1000 + 0.1,
    }))
    const many = accuracyFigure({ ...distinct(), metrics: [{ name: 'accuracy', points: [...points, { step: 7010, value: NaN }] }] })!
    const last =
      'at step 7,000 the mean is 0.699 [0.669, 0.727] (95 % interval of one network on as many images), the worst 0.599 and the best 0.799'
    expect(many.description.replaceAll('\u00a0', ' ')).toBe(`Accuracy against training step, 700 evaluations: ${last}.`)
    expect(plain(many.caption).replaceAll('\u00a0', ' ')).toContain(
      `best. A${last.slice(1)}. Of up to 3 neighbouring evaluations: the mean, the worst and the best of all. Evaluations without a finite value were left out (1).`,
    )
  })

  it('the objective: each series in its own panel, under its own name', () => {
    expect(plain(figure('objective').caption)).toMatch(
      /noise batch of each step, of 32 networks: .*only those of as many can be compared\./,
    )
    const panels = readFigure(figure('objective').svg)
    const names = [
      'mean cross-entropy (nats)',
      'entropy H (nats, up to a constant)',
      'distance to nearest neighbour (L₁)',
      'loss λ · cross-entropy − H',
    ]
    panels.forEach((panel, place) => {
      const { name, points } = distinct().metrics[place + 1]
      expect(panel.words.at(-1), name).toBe('abcd'[place] + names[place])
      near(
        panel.lines[0],
        points.map(({ step, value }) => [step, value]),
      )
    })
    expect(panels).toHaveLength(4)
    expect(figure('objective').data).toEqual({
      columns: ['step', 'crossEntropy', 'entropy', 'nearest', 'loss'],
      rows: [
        [100, 2.2, 2810, 110, -1210],
        [200, 1.7, 2830, 170, -1840],
        [300, 0.9, 2825, 150, -2230],
        [400, 0.8, 2844, 130, -1990],
      ],
    })
  })

  it('the time of a step in milliseconds, its numbers in seconds', () => {
    const { svg, data, caption } = figure('step-time')
    const [panel] = readFigure(svg)
    near(panel.lines[0], [
      [100, 210],
      [200, 250],
      [300, 330],
      [400, 290],
    ])
    expect(panel.words.at(-1)).toBe('milliseconds per step')
    expect(data).toEqual({
      columns: ['step', 'seconds'],
      rows: [
        [100, 0.21],
        [200, 0.25],
        [300, 0.33],
        [400, 0.29],
      ],
    })
    expect(plain(caption).replaceAll('\u00a0', ' ')).toBe(
      'Wall-clock time on 2 engine processes: median 270 ms, 95th percentile 324 ms, longest 330 ms.',
    )
  })

  it('the histogram: a bar for each accuracy as high as it has networks, the mean where it is', () => {
    const { svg, data, caption, plots } = figure('histogram')
    const [panel] = readFigure(svg)
    const tall = panel.bars.filter(({ height }) => height > 0.5)
    const wanted = [
      [0.78, 1],
      [0.86, 2],
      [0.88, 1],
      [0.9, 1],
      [0.94, 1],
    ]
    near(
      tall.map(({ from, to, height }) => [(from + to) / 2, height]),
      wanted,
    )
    // Networks are counted whole.
    expect([...svg.matchAll(/>(\d(?:\.0)?)<\/text>/g)].map(([, tick]) => tick)).toEqual(['0', '1', '2'])
    expect(panel.rules.at(-1)![0][0]).toBeCloseTo(0.87, 3)
    expect(panel.labels.map(({ text, at }) => [text, Number(at[0].toFixed(3))])).toEqual([['mean 0.870 [0.750,\u00a00.937]', 0.87]])
    expect(plots[0]).toMatchObject({
      x: { label: 'accuracy on 50 validation images' },
      y: { label: 'networks', min: 0 },
      series: [{ kind: 'histogram', y: 'accuracy on 50 validation images' }],
    })
    expect(panel.words).toContain('accuracy on 50 validation images')
    expect(data.columns).toEqual(['network', 'accuracy on 50 validation images', 'loss'])
    expect(data.rows.slice(0, 2)).toEqual([
      [0, 0.94, 0.21],
      [1, 0.78, 0.62],
    ])
    expect(plain(caption)).toMatch(
      /^6 sampled networks: mean 0\.870 \[0\.750,\u00a00\.937\], s\.d\. 0\.031, from 0\.780 to 0\.940\..* 17\u00a0% of them lie more than two s\.d\. below/,
    )
  })

  it('votes by size: the vote of a panel in front with its band, the other two behind', () => {
    const panels = readFigure(figure('ensemble').svg, 0)
    const { sizes } = resultIn(distinct(), 'ensemble').result
    const keys = ['majority', 'meanProbability', 'mostConfident'] as const
    keys.forEach((key, place) => {
      const [first, second, own] = panels[place].lines
      const [a, b] = keys.filter((one) => one !== key)
      near(
        own,
        sizes.map((entry) => [entry.size, entry[key]]),
      )
      near(
        first,
        sizes.map((entry) => [entry.size, entry[a]]),
      )
      near(
        second,
        sizes.map((entry) => [entry.size, entry[b]]),
      )
      near(
        panels[place].areas[0],
        sizes.map((entry) => [entry.size, bandOf(entry, 60).low[key], bandOf(entry, 60).high[key]]),
      )
      near(
        panels[place].dots,
        sizes.map((entry) => [entry.size, entry[key]]),
      )
      expect(panels[place].words).toContain(['Majority', 'Mean probability', 'Most confident'][place])
    })
    expect(plain(figure('ensemble').caption)).toBe(
      'Accuracy on 700 train images against the number of networks that vote, drawn from 60 networks. Line: mean over random ensembles; ' +
        'band: where 9 of 10 ensembles of other networks would lie; grey: the other two votes. With 60 networks: majority 0.941 [0.921,\u00a00.956], mean probability 0.955 [0.937,\u00a00.968], most confident 0.936 [0.915,\u00a00.952].',
    )
    expect(figure('ensemble').data.columns.slice(0, 4)).toEqual(['size', 'draws', 'majority on 700 train images', 'majority low'])
    // One ensemble of all: no percentiles, rather than a band that is closed.
    expect(figure('ensemble').data.rows[2]).toEqual([60, 1, 0.941, null, null, 0.955, null, null, 0.936, null, null])
    // The percentiles of ensembles of 5 of 60, moved from the mean.
    expect(figure('ensemble').data.rows[1].map((one) => Number(Number(one).toFixed(3)))).toEqual([
      5, 17, 0.921, 0.91, 0.928, 0.934, 0.912, 0.945, 0.917, 0.904, 0.93,
    ])
  })

  it('calibration: confidence across, accuracy upwards, shares of images in per cent', () => {
    const { svg, data, caption } = figure('calibration')
    const [reliability, shares] = readFigure(svg)
    near(reliability.dots, [
      [0.3, 0.4],
      [0.6, 0.5],
      [0.9, 0.95],
    ])
    near(reliability.lines[1], [
      [0.3, 0.4],
      [0.6, 0.5],
      [0.9, 0.95],
    ])
    near(reliability.lines[0], [
      [0, 0],
      [1, 1],
    ])
    // Wilson, 1927: 95 % from 40 of 100, computed with statsmodels' proportion_confint.
    expect(reliability.rules[0][0][0]).toBeCloseTo(0.3, 2)
    expect(reliability.rules[0].map(([, y]) => y).sort()[0]).toBeCloseTo(0.3094, 2)
    expect(reliability.rules[0].map(([, y]) => y).sort()[1]).toBeCloseTo(0.498, 2)
    near(
      shares.bars.map(({ from, to, height }) => [(from + to) / 2, height]),
      [
        [0.375, 10],
        [0.625, 25],
        [0.875, 65],
      ],
    )
    expect(data).toEqual({
      columns: ['confidence', 'accuracy', 'images'],
      rows: [
        [0, 0, 0],
        [0.3, 0.4, 100],
        [0.6, 0.5, 250],
        [0.9, 0.95, 650],
      ],
    })
    expect(plain(caption)).toContain('vote of 60 networks on 700 train images')
    expect(plain(caption).replaceAll('\u00a0', ' ')).toContain(
      'Expected calibration error 2.17 % [1.81, 2.44], underconfident: confidence minus accuracy −2.1 points [−3.2, −0.9]; 4 bins; 65 % of the images are in the surest bin, where 95.0 % [93.0, 96.4] are right.',
    )
  })

  it('the student: its curve, and each accuracy beside its own name', () => {
    const [curve, comparison] = readFigure(figure('student').svg)
    near(curve.lines[0], [
      [0, 0.1],
      [70, 0.8],
      [150, 0.9],
    ])
    near(
      comparison.dots.map(([x]) => [x]),
      [[0.963], [0.951], [0.944], [0.925]],
    )
    expect(comparison.words.filter((word) => /^(ensemble|student|best member|mean member)$/.test(word))).toEqual([
      'ensemble',
      'student',
      'best member',
      'mean member',
    ])
    expect(comparison.words).toContain('baccuracy on 400 validation images')
    const whiskers = [
      ...[0.963, 0.951, 0.944].map((share) => wilson(share, 400)!),
      shareInterval({ mean: 0.925, square: meanMemberSquare }, 400)!,
    ]
    near(
      comparison.rules.map(([from, to]) => [from[0], to[0]]),
      whiskers.map(({ low, high }) => [low, high]),
    )
    expect(comparison.labels.map(({ text }) => text)).toEqual([
      '0.963 [0.940,\u00a00.978]',
      '0.951 [0.925,\u00a00.968]',
      '0.944 [0.917,\u00a00.963]',
      '0.925 [0.912,\u00a00.936]',
    ])
    near(
      comparison.labels.map(({ at }) => [at[0]]),
      whiskers.map(({ high }) => [high]),
    )
    // What was measured on other images is not drawn over it, there either.
    expect(figure('student').plots.map(({ y, data, series }) => [y.label, data?.rows ?? null, series])).toEqual([
      ['accuracy on validation images', null, [{ kind: 'line', x: 'step', y: 'accuracy on validation images', name: 'student' }]],
      [
        'accuracy on 400 validation images',
        [0.963, 0.951, 0.944, 0.925].map((share, place) => [place + 1, share, whiskers[place].low, whiskers[place].high]),
        [{ kind: 'points', x: 'place', y: 'accuracy', low: 'low', high: 'high' }],
      ],
    ])
    expect(plain(figure('student').caption)).toMatch(
      /^a: accuracy on the first 1,000 validation images, or all of fewer, while the student learned from mean probabilities, of each 500 training images by 20 networks drawn from the ensemble\. b: on 400 validation images \(whiskers: 95\u00a0% from their number\): .* With an accuracy of 0\.951 \[0\.925,\u00a00\.968\] the student is better than the mean member/,
    )
    expect(figure('student').data).toEqual({
      columns: ['step', 'accuracy on validation images', 'loss'],
      rows: [
        [0, 0.1, 2.3],
        [70, 0.8, 0.9],
        [150, 0.9, 0.4],
      ],
    })
    expect(plain(figure('student').caption)).toContain(
      'student 0.951 [0.925,\u00a00.968], ensemble of 33 networks 0.963 [0.940,\u00a00.978], best member (chosen on these images) 0.944 [0.917,\u00a00.963], mean member 0.925 [0.912,\u00a00.936].',
    )
  })

  it('filters: a row a network, a square a weight, coloured by its sign and size', async () => {
    const input = distinct()
    // Two networks of two filters of 2 x 2 weights on two channels, whose mean counts.
    const means = [
      [0.1, 0.2, 0.3, 0.4],
      [-0.1, -0.2, -0.3, -0.5],
      [1, 0.9, 0.8, 0.7],
      [-1, -0.9, -0.8, -0.6],
    ]
    input.filters = {
      ...{ kernel: 2, channels: 2, filters: 2 },
      networks: [{ index: 4, accuracy: 0.912 }, { index: 7 }],
      on: { images: 500, split: 'validation' },
      weights: Float32Array.from(means.flat().flatMap((mean) => [mean - 0.5, mean + 0.5])),
    }
    const { svg, data, plots, caption } = figuresOf(await compose(input)).find(({ id }) => id === 'filters')!
    expect(data.columns).toEqual(['network', 'filter', 'row 0 column 0', 'row 0 column 1', 'row 1 column 0', 'row 1 column 1'])
    near(data.rows as number[][], [
      [4, 0, ...means[0]],
      [4, 1, ...means[1]],
      [7, 0, ...means[2]],
      [7, 1, ...means[3]],
    ])
    const [upper, lower] = svg.split('<g transform="translate(156,0)"').slice(1)
    // The first square of the first filter, and the last of the last.
    const colourAt = (part: string, place: string) =>
      [...part.matchAll(/<path d="([^"]+)" fill="([^"]+)"/g)].find(([, d]) => d.includes(place))?.[2]
    const lasts = [...lower.matchAll(/M([\d.]+) ([\d.]+)h/g)].map(([, x, y]) => [Number(x), Number(y)])
    const [right, bottom] = [Math.max(...lasts.map(([x]) => x)), Math.max(...lasts.map(([, y]) => y))]
    const corner = `M${right.toFixed(2)} ${bottom.toFixed(2)}h`
    const levels = [colourAt(upper, 'M0.00 0.00h'), colourAt(lower, 'M0.00 0.00h'), colourAt(lower, corner)]
    expect(levels).toEqual([
      diverging[Math.round(0.55 * (diverging.length - 1))],
      diverging.at(-1),
      diverging[Math.round(0.2 * (diverging.length - 1))],
    ])
    expect(svg).toMatch(/network 4<.*0\.912 \[0\.884,\u00a00\.934\]<.*network 7</)
    expect(plain(caption)).toContain('(below its name its accuracy on 500 validation images, in brackets its 95 % interval over them)')
    const saved = filtersFigure(input.filters, 'Filters of two')!
    expect(saved.title).toBe('Filters of two')
    const [above, ...below] = saved.svg.split('<g transform="translate(156,0)"')
    expect(above).toMatch(/>Filters of two<.*Blue below zero, red above, full colour at ±1, mean over channels</)
    expect(below).toEqual([upper, lower].map((part) => part.replace(/translate\(0,(\d+)/, (_, y) => `translate(0,${Number(y) + 44}`)))
    const cells = plots[0].data!.rows as number[][]
    // A row and a column of zeros between.
    expect(cells.filter(([, y]) => y === 0).map(([, , value]) => Number(value.toFixed(3)))).toEqual([0.1, 0.2, 0, -0.1, -0.2])
    expect(cells.filter(([x]) => x === 4).map(([, , value]) => Number(value.toFixed(3)))).toEqual([-0.2, -0.5, 0, -0.9, -0.6])
  })

  it('the map: x across, y upwards on one scale, and who is how good', () => {
    const { svg, data, caption } = figure('map-tsne')
    expect(plain(caption)).toContain('coloured by accuracy on 10,000 test images')
    expect(plain(caption)).toMatch(/On so many images a network in the middle of the scale has 0\.7\d+ \[.*\], a 95 % interval\.$/)
    const places = [...svg.matchAll(/<path [^>]*\bd="M[\d.]+ [\d.]+h\.01[^>]*>/g)].flatMap(([path]) => {
      const colour = /stroke="([^"]+)"/.exec(path)?.[1]
      return [...path.matchAll(/M([\d.]+) ([\d.]+)h\.01/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y), colour }))
    })
    const wanted = [
      [1, 20],
      [3, 40],
      [-5, 60],
      [7, -10],
      [0, 0],
    ]
    const scale = (places[4].y - places[2].y) / 60
    expect(places).toHaveLength(5)
    places.forEach(({ x, y }, i) => {
      expect((x - places[4].x) / scale).toBeCloseTo(wanted[i][0], 0)
      expect((places[4].y - y) / scale).toBeCloseTo(wanted[i][1], 0)
    })
    expect(new Set(places.map(({ colour }) => colour)).size).toBe(5)
    expect([data.columns, data.rows[1].map((value) => Number(Number(value).toFixed(3)))]).toEqual([
      ['network', 'x', 'y', 'accuracy', 'loss (nats)'],
      [1, 3, 40, 0.6, 1.4],
    ])
    // From the lowest below to the highest above.
    const ticks = [...svg.matchAll(/y="([\d.]+)"[^>]*>(0\.\d+)</g)].map(([, y, value]) => [Number(value), Number(y)])
    expect(ticks.map(([value]) => value)).toEqual([0.5, 0.6, 0.7, 0.8, 0.9])
    for (const [i, [, y]] of ticks.slice(1).entries()) expect(y).toBeLessThan(ticks[i][1])
  })
})

it('plots for LaTeX draw the same columns as the figures', () => {
  const plots = (id: string) => figure(id).plots
  const steps = { label: 'training step' }
  expect(plots('accuracy')).toEqual([
    {
      x: steps,
      y: { label: 'accuracy on 970 validation images', max: 1 },
      series: [{ kind: 'line', x: 'step', y: 'mean on 970 validation images', low: 'min', high: 'max' }],
    },
  ])
  expect(plots('objective').map(({ y, series }) => [y.label.replaceAll('\u00a0', ' '), series])).toEqual([
    ['cross-entropy (nats)', [{ kind: 'line', x: 'step', y: 'crossEntropy' }]],
    ['entropy (nats)', [{ kind: 'line', x: 'step', y: 'entropy' }]],
    ['nearest-neighbour distance', [{ kind: 'line', x: 'step', y: 'nearest' }]],
    ['loss', [{ kind: 'line', x: 'step', y: 'loss' }]],
  ])
  expect(plots('step-time')).toEqual([
    { x: steps, y: { label: 'seconds per step', min: 0 }, series: [{ kind: 'line', x: 'step', y: 'seconds' }] },
  ])
  expect(plots('ensemble').map(({ x, y, series }) => [x, y.label, series])).toEqual(
    [
      ['majority', 'majority'],
      ['meanProbability', 'mean probability'],
      ['mostConfident', 'most confident'],
    ].map(([, name]) => [
      { label: 'networks', log: true },
      `accuracy on 700 train images, ${name}`,
      [{ kind: 'line', x: 'size', y: 'accuracy', low: 'low', high: 'high' }],
    ]),
  )
  // All that is drawn lies within, with a little room.
  expect(plots('ensemble').map(({ y }) => [y.min, y.max].map((end) => Number(end!.toFixed(3))))).toEqual(Array(3).fill([0.876, 0.959]))
  expect(plots('calibration')).toEqual([
    {
      x: { label: 'confidence', min: 0, max: 1 },
      y: { label: 'accuracy', min: 0, max: 1 },
      data: {
        columns: ['confidence', 'accuracy', 'low', 'high', 'right as often as it says'],
        rows: [
          [0.3, 0.4, 100],
          [0.6, 0.5, 250],
          [0.9, 0.95, 650],
        ].map(([confidence, accuracy, images]) => {
          const { low, high } = wilson(accuracy, images)!
          return [confidence, accuracy, low, high, confidence]
        }),
      },
      series: [
        { kind: 'points', x: 'confidence', y: 'accuracy', low: 'low', high: 'high', name: 'vote' },
        { kind: 'line', x: 'confidence', y: 'right as often as it says', name: 'right as often as it says' },
      ],
    },
  ])
  expect(plots('map-tsne').map(({ series }) => series)).toEqual([[{ kind: 'points', x: 'x', y: 'y', colour: 'accuracy' }]])
})

describe('what tables say', () => {
  it('of votes: a column a vote, with its own interval', () => {
    expect(cells('votes')).toEqual([
      ['Networks', 'Ensembles', 'Majority', 'Mean probability', 'Most confident'],
      ['1', '30', ...['0.901', '0.912', '0.923'].map((share) => `${share} [no interval: made before intervals were]`)],
      ['5', '17', ...['0.921', '0.934', '0.917'].map((share) => `${share} [no interval: made before intervals were]`)],
      ['60', '1', '0.941 [0.921, 0.956]', '0.955 [0.937, 0.968]', '0.936 [0.915, 0.952]'],
    ])
    expect(plain(tablesOf(made).find(({ id }) => id === 'votes')!.caption)).toBe(
      'Mean accuracy of random ensembles of the first 60 networks on 700 train images; in brackets 95 % intervals over images. ' +
        'Two networks disagree on 4.3\u00a0% [3.4,\u00a05.5] of the images.',
    )
  })

  it('of times: seconds, and shares of their sum', () => {
    expect(cells('timings')).toEqual([
      ['Stage', 'What', 'Time', 'Share'],
      ['Training', '700 steps', '1 min 41 s', '80 %'],
      ['Map', '5 networks', '25 s', '20 %'],
      ['Together', '', '2 min 07 s', ''],
    ])
  })

  it('of settings: the preset before this run', () => {
    expect(cells('settings').slice(0, 3)).toEqual([
      ['Setting', 'Meaning', 'Preset', 'This run'],
      ['method.lambda', 'Accuracy against diversity, λ', '1,000', '1,200'],
      ['training.steps', 'Steps', '700', '8'],
    ])
  })

  it('of the data: sizes of the splits in their order', () => {
    expect(Object.fromEntries(cells('data'))).toMatchObject({
      Split: '55,000 training, 5,000 validation, 10,000 test',
      Images: '28 × 28 pixels, 1 channel',
    })
  })

  it('of the data: the first twelve classes, and how many more', async () => {
    const input = distinct()
    input.data = { ...input.data, shape: [17, 23, 3], classes: Array.from({ length: 15 }, (_, i) => `c${i}`) }
    const table = tablesOf(await compose(input)).find(({ id }) => id === 'data')!
    const rows = Object.fromEntries(table.rows.map((row) => row.map(plain))) as Record<string, string>
    expect(rows['Classes']).toBe('15: c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11 and 3 more')
    expect(rows['Images']).toBe('17 × 23 pixels, 3 channels')
  })

  it('of what it was made from: each fact under its own name', async () => {
    const input = distinct()
    const { environment, run } = input
    run.interruptions = [
      { at: Date.UTC(2026, 2, 3, 4, 5), step: 120, text: 'Interrupted' },
      { at: Date.UTC(2026, 2, 3, 4, 6), step: null, text: 'Failed' },
    ]
    input.environment = { ...environment, device: 'L4', farmProcesses: 3 }
    input.reproduce.seeds = { training: 42, map: 7 }
    const { rows } = tablesOf(await compose(input)).find(({ id }) => id === 'receipt')!
    expect(rows.map((row) => row.map((cell) => plain(cell).replaceAll('\u00a0', ' ')))).toEqual([
      ['Run', 'Digits, quick manifold, 7f3a9c21, begun 2026-03-01 14:05 UTC, finished'],
      ['Broken off 2 times', '2026-03-03 04:05 UTC, step 120: Interrupted'],
      ['', '2026-03-03 04:06 UTC: Failed'],
      ['Data (SHA-256)', input.data.hash],
      ['Checkpoint (SHA-256)', `${input.reproduce.checkpoint}, step 8`],
      ['Seeds', 'training 42, map 7'],
      ['Machine', 'lab-04: Intel Xeon Platinum 8481C, 2 cores, 26 GB, L4'],
      ['System', 'Debian GNU/Linux 12, Linux 6.1 x64'],
      ['Engine processes', '3'],
      ['Versions', 'weightscape 0.1.0, node 24.21.0, TensorFlow.js 4.22.0, tensorflow 2.18.0'],
      ['Commit', environment.commit],
    ])
  })

  it('of method, training and evaluation: each setting with its unit', () => {
    const rows = Object.fromEntries(cells('all-settings')) as Record<string, string>
    expect(rows).toMatchObject({
      'Accuracy against diversity, λ': '1,200',
      'Networks per step, N': '32 networks',
      'Latent dimension, d': '300',
      Extractor: '[300, 300]',
      'Learning rate, η': '0.0012',
      'Warm-up': '50 steps',
      'Networks per evaluation': '21 networks',
      'Images per evaluation': '970 images',
      Seed: '42',
    })
    expect(Object.keys(rows).filter((name) => /Split|Layers|Training images/.test(name))).toEqual([])
  })

  it('in short, in words: what broke off, what the figures are of, what is missing', async () => {
    const words = async (input: ReportInput) =>
      (await compose(input)).sections[0].blocks.flatMap((block) => (block.kind === 'paragraph' ? plain(block.text) : []))
    const input = distinct()
    const looked =
      'In brackets: 95 % intervals. They are over images, of the entropy over networks. The test images of this run were looked at 4 times: by 1 evaluation, 1 ensemble, 1 student and 1 map.'
    const alone = 'One seed was trained (42): no interval here says how far runs of other seeds lie apart.'
    /** What stands at the end about analyses that are not there. */
    const missing = (results: ReportInput['results']) => {
      const made = new Set(results.map(({ kind }) => kind))
      return `Not made for this report: ${listed(analyses.filter(({ kind }) => !made.has(kind)).map(({ title }) => title.toLowerCase()))}.`
    }
    expect(await words(input)).toEqual([`${looked} ${alone} ${missing(input.results)}`])
    const elsewhere = input.results.map((one, place) => ({ ...one, split: 'validation' as const, images: place === 0 ? 10 : 20 }))
    const [mixed] = await words({ ...input, results: elsewhere })
    expect(mixed).toContain('The test images were not looked at yet')
    expect(mixed).toContain('evaluated once on all test images by npm run lab -- final-test')
    const row = (await compose({ ...input, results: elsewhere })).sections[0].blocks.find((block) => block.kind === 'numbers')
    // The evaluation is of 10 images, the ensemble and the student of 20: one row, one basis.
    expect(row?.items.map(({ value, note }) => [value, note.replace(/^.*\], /, '')])).toEqual([
      ['–', 'not on these images, but on 10 validation images: see below'],
      ['–', 'not on these images, but on 10 validation images: see below'],
      ['0.955', 'vote of 60 by mean probability, 60 networks on 20 validation images'],
      ['0.951', 'distilled in 3,000 steps on at most 20,000 training images from these, 33 networks on 20 validation images'],
      ['1\u00a0min\u00a041\u00a0s', '8 steps'],
    ])
    const calibrated = { ...resultIn(input, 'ensemble'), kind: 'calibration', result: calibrationResult }
    expect(await words({ ...input, results: [...input.results, calibrated] })).toEqual([expect.stringContaining('looked at')])
    const paused = { ...input.run, state: 'paused', interruptions: [{ at: 0, step: null, text: '' }] }
    const left = [...input.results.slice(2), calibrated]
    const [broken] = await words({ ...input, run: paused, results: left })
    expect(broken).toMatch(/^The run is paused: figures are those of step 8\. Training was broken off once \(see Reproduce\)\. /)
    expect(broken.endsWith(missing(left))).toBe(true)
  })

  it('of an analysis without a section of its own: its rows and tables, each under its heading', async () => {
    const input = distinct()
    input.results.push({ ...resultIn(input, 'ensemble'), kind: 'calibration', result: calibrationResult })
    const tables = tablesOf(await compose(input)).filter(({ id }) => id.startsWith('calibration'))
    expect(tables.map(({ id, title, caption }) => [id, title, plain(caption)])).toEqual([
      ['calibration-1', 'Calibration', expect.stringMatching(/^Calibration error of 3 networks on 40 validation images: .*\.$/)],
      ['calibration-2', 'Single networks', '60 networks on 10,000 test images.'],
      ['calibration-3', 'Vote by mean probability', '60 networks on 10,000 test images.'],
    ])
    expect(tables[1].columns.map(({ header }) => plain(header))).toEqual(['Confidence', 'Accuracy', 'Answers'])
    const spaced = (rows: Table['rows']) => rows.map((row) => row.map((cell) => plain(cell).replaceAll('\u00a0', ' ')))
    expect(spaced(tables[1].rows)).toEqual([
      ['55.00 %', '50 % [26, 74]', '40'],
      ['90.00 %', '80 % [62, 91]', '80'],
    ])
    expect(spaced(tables[2].rows)).toEqual([
      ['60.00 %', '70 % [38, 90]', '9'],
      ['95.00 %', '90 % [74, 97]', '30'],
    ])
  })

  it('in short', () => {
    const [block] = made.sections[0].blocks
    const items =
      block.kind === 'numbers'
        ? block.items.map(({ label, value, note }) => [label, value, note].join(' | ').replaceAll('\u00a0', ' '))
        : []
    expect(items).toEqual([
      'Mean network | 0.870 | [0.750, 0.937], 6 networks on 10,000 test images',
      'Entropy | 2,801 | [no interval: under 30 networks], 6 networks on 10,000 test images',
      'Ensemble | 0.955 | [0.937, 0.968], vote of 60 by mean probability, 60 networks on 10,000 test images',
      'Student | 0.951 | [0.925, 0.968], distilled in 3,000 steps on at most 20,000 training images from these, 33 networks on 10,000 test images',
      'Training | 1 min 41 s | 8 steps',
    ])
  })
})
