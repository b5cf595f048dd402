import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { NamedArrays } from '../../analyses/analysis.ts'
import { asColours } from '../../analyses/network-values.ts'
import { analyses } from '../../analyses/registry.ts'
import { presets } from '../../shared/presets.ts'
import { settingsOf } from '../../shared/settings.ts'
import { listed } from '../../shared/wording.ts'
import { buildReport } from './build-report.ts'
import type { ReportFile, ReportFormat, ReportInput } from './input.ts'
import { contentSecurityPolicy } from './render/html.ts'
import { inflatePdf, pagesOf } from './testing/inflate-pdf.ts'
import { resultIn, syntheticInput } from './testing/synthetic-input.ts'

const formats: ReportFormat[] = ['html', 'pdf', 'md', 'figures']
const text = async (input: ReportInput, format: 'html' | 'md'): Promise<string> =>
  new TextDecoder().decode((await buildReport(input, format))[0].bytes)
const pdf = async (input: ReportInput): Promise<Uint8Array> => (await buildReport(input, 'pdf'))[0].bytes

/** Made once for the tests that only look. */
const example = { html: text(syntheticInput(), 'html'), pdf: pdf(syntheticInput()) }

const sums = (files: ReportFile[]): string[] =>
  files.map(({ name, bytes }) => `${name} ${createHash('sha256').update(bytes).digest('hex')}`)

/** Names that each format could take for its own markup, with characters that no document may carry. */
const hostile =
  '<script>alert(1)</script> #eval("panic()") #panic() *b* [x](javascript:alert(1)) `r` $x$ @ref | ]]> &amp; \\ "q" \'s\' 😀\u0000\u202e\ud800'

const hostilelyColoured = ({ coordinates }: NamedArrays): NamedArrays => ({
  coordinates,
  ...asColours({ [hostile]: coordinates.data.slice(0, coordinates.shape[0]) }),
})

function poisoned(): ReportInput {
  const input = syntheticInput()
  return {
    ...input,
    run: { ...input.run, name: hostile, id: '../../x"><img src=x>' },
    document: { ...input.document, preset: hostile, data: { ...input.document.data, id: hostile } },
    preset: null,
    data: { ...input.data, name: hostile, hash: hostile, classes: [hostile, hostile] },
    results: input.results.map((one) => (one.kind === 'map' ? { ...one, arrays: hostilelyColoured(one.arrays) } : one)),
    timings: [{ stage: hostile, seconds: 1, note: hostile }],
    environment: {
      ...input.environment,
      machine: hostile,
      cpu: hostile,
      os: hostile,
      device: hostile,
      networks: hostile,
      commit: hostile,
      versions: { [hostile]: hostile },
    },
    reproduce: { commands: [hostile], checkpoint: hostile, seeds: { [hostile]: 1 } },
  }
}

/** As the answers and readings of an import stand with a data set. */
function imported(): ReportInput {
  const input = syntheticInput()
  const readings = [
    { what: 'images' as const, from: '60 images of 16 x 16: arrays x and fine' },
    { what: 'labels' as const, from: 'the labels fine' },
    { what: 'classes' as const, from: '3: 0, 1, 2' },
    { what: 'splits' as const, from: 'nothing says them: cut from all images' },
    { what: 'pixels' as const, from: 'values from 0 to 16 became 0 to 255' },
  ]
  const options = { labelColumn: 'fine', range: { from: 0, to: 16 }, accept: ['small-class' as const] }
  return { ...input, data: { ...input.data, source: { ...input.data.source, readings, options } } }
}

function bare(): ReportInput {
  const { filters: _f, ...input } = syntheticInput()
  return { ...input, results: [], metrics: [{ name: 'accuracy', points: [] }], timings: [] }
}

function notFinite(): ReportInput {
  const input = syntheticInput()
  for (const series of input.metrics)
    series.points = series.points.map((point) => ({ ...point, value: NaN, low: -Infinity, high: Infinity }))
  Object.assign(resultIn(input, 'evaluation').result, {
    ...{ mean: NaN, std: NaN, min: NaN, max: NaN, loss: NaN, entropy: NaN },
    ...{ accuracies: [NaN, Infinity, 0.5], losses: [] },
  })
  resultIn(input, 'map').arrays['coordinates'].data.fill(NaN)
  const ensemble = resultIn(input, 'ensemble').result
  const sizes = ensemble.sizes.map((size) => ({ ...size, majority: NaN }))
  Object.assign(ensemble, { calibrationError: NaN, disagreement: NaN, sizes })
  Object.assign(resultIn(input, 'distillation').result, { student: NaN, curve: [] })
  return { ...input, made: NaN, run: { ...input.run, created: NaN, seconds: NaN } }
}

describe('HTML', () => {
  it('is one file with a strict policy, no scripts and nothing to load', async () => {
    const files = await buildReport(syntheticInput(), 'html')
    expect(files.map(({ name }) => name)).toEqual(['report-7f3a9c21.html'])
    const page = new TextDecoder().decode(files[0].bytes)
    expect(page).toContain(`<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">`)
    expect(contentSecurityPolicy).toMatch(/^default-src 'none'; style-src 'unsafe-inline'; img-src data:/)
    expect(page.match(/<script|<link|<img|<iframe|\son\w+=|url\(|@import|javascript:/i)).toBeNull()
    expect(page).toContain('prefers-color-scheme:dark')
  })

  it('names every figure and heads every table', async () => {
    const page = await example.html
    const drawings = page.match(/<svg [^>]*>/g) ?? []
    expect(drawings).toHaveLength(11)
    for (const drawing of drawings) {
      const [, title, description] = /aria-labelledby="(\S+) (\S+)"/.exec(drawing) ?? []
      expect(page).toMatch(new RegExp(`<title id="${title}">[^<]+</title><desc id="${description}">[^<]+</desc>`))
    }
    expect(page.match(/<figcaption>/g)).toHaveLength(11)
    for (const table of page.match(/<table[\s\S]*?<\/table>/g) ?? []) expect(table).toMatch(/<caption>.*<th scope="col"/)
    const ids = (page.match(/\sid="[^"]+"/g) ?? []).map((id) => id.trim())
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('says the numbers', async () => {
    const input = syntheticInput()
    const page = await example.html
    const { mean, std } = resultIn(input, 'evaluation').result
    expect(page).toContain(`200 sampled networks: mean ${mean.toFixed(4)} [`)
    expect(page).toContain(`], s.d. ${std.toFixed(3)}`)
    for (const needed of [input.data.hash, input.reproduce.checkpoint, input.environment.commit!, 'method.lambda', '1905.02898'])
      expect(page).toContain(needed)
    // Only what differs from the preset stands in the table of settings.
    const settings = /<table id="table-settings">[\s\S]*?<\/table>/.exec(page)?.[0] ?? ''
    expect([...settings.matchAll(/<code>([a-zA-Z.]+)<\/code><\/th>/g)].map((match) => match[1])).toEqual([
      'method.lambda',
      'training.steps',
      'training.learningRate',
      'training.warmup',
      'seed',
    ])
  })

  it('escapes every text from outside', async () => {
    const page = await text(poisoned(), 'html')
    expect(page.match(/<script|<img|[\u0000\u202e]/)).toBeNull()
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    // Every tag there is one of those that the report is built of.
    const tags = new Set([...page.matchAll(/<\/?([a-zA-Z][\w-]*)/g)].map((match) => match[1]))
    const known =
      'html head meta title style body header p h1 code nav ul li a main section h2 h3 dl div dt dd figure svg desc g line path rect circle text tspan image figcaption b i table caption thead tr th tbody td ol pre strong footer time'.split(
        ' ',
      )
    expect([...tags].filter((tag) => !known.includes(tag))).toEqual([])
    for (const [, source] of page.matchAll(/<image [^>]*href="([^"]*)"/g))
      expect(source).toMatch(/^data:image\/png;base64,[A-Za-z0-9+/=]+$/)
  })
})

describe('PDF', () => {
  it('has its pages, and its fonts inside', async () => {
    const first = await example.pdf
    expect(new TextDecoder('latin1').decode(first.subarray(0, 5))).toBe('%PDF-')
    expect(pagesOf(first)).toBe(8)
    const inside = inflatePdf(first)
    expect(inside.includes('LibertinusSerif')).toBe(true)
    expect(inside.match(/pdfaid:part.?>2<[\s\S]*pdfaid:conformance.?>A</)).not.toBeNull()
    // For whoever reads it by ear: a title, a language, tags, and words for every picture.
    for (const tag of ['/Title', '/Lang', '/StructTreeRoot', '/Marked true', '/S /H1', '/S /TH', '/S /Figure', '/Alt'])
      expect(inside).toContain(tag)
    expect(inside.match(/\/JavaScript|\/Launch|\/EmbeddedFile/)).toBeNull()
  })

  it('lets a table of few rows that are long go on over pages: cut at the end of one, its rows would be lost', async () => {
    const { renderPdf } = await import('./render/pdf.ts')
    const columns = ['a', 'b', 'c'].map((header) => ({ header: [header], align: 'left' as const }))
    const rows = Array.from({ length: 12 }, (_, i) => [[`row ${i}`], ['many words '.repeat(60)], ['more '.repeat(60)]])
    const table = { id: 'x', title: 'Long', caption: [], columns, rows }
    const sections = [{ id: 's', title: 'S', blocks: [{ kind: 'table' as const, table }] }]
    expect(pagesOf(renderPdf({ title: 'T', short: 'T', subtitle: [], made: 0, sections }))).toBeGreaterThan(1)
  })

  it('keeps figures as vectors, but for images of the data set', async () => {
    const input = syntheticInput()
    const { samples: _samples, ...data } = input.data
    expect(inflatePdf(await pdf({ ...input, data })).match(/\/Subtype\s*\/Image/)).toBeNull()
    expect(inflatePdf(await example.pdf).match(/\/Subtype\s*\/Image/g)?.length).toBeGreaterThanOrEqual(input.data.classes.length)
  })

  it('draws every network of a map, be it the only one of its colour', async () => {
    const { filters: _filters, ...input } = syntheticInput({ mapPoints: 5 })
    const bytes = await pdf({ ...input, metrics: [], results: input.results.filter(({ kind }) => kind === 'map') })
    // Round caps, then one short line.
    expect(inflatePdf(bytes).match(/\n1 J\n[\d.]+ [\d.]+ m\n[\d.]+ [\d.]+ l\nS/g)).toHaveLength(5)
  })

  it('takes text for text, not for Typst', async () => {
    const bytes = await pdf(poisoned())
    expect(pagesOf(bytes)).toBeGreaterThan(3)
    expect(inflatePdf(bytes).includes('eval')).toBe(true)
  })

  it('stays small with ten thousand networks on the map and long series', async () => {
    const bytes = await pdf(syntheticInput({ mapPoints: 10_000, networks: 1000, steps: 13_000, classes: 100 }))
    expect(bytes.length).toBeLessThan(1_000_000)
  })
})

describe('Markdown', () => {
  it('refers to the files that come with it, and to all of them', async () => {
    const [report, ...others] = await buildReport(syntheticInput(), 'md')
    const words = new TextDecoder().decode(report.bytes)
    const named = [...words.matchAll(/\]\((report-[\w.-]+)\)/g)].map((match) => match[1])
    expect(others.map(({ name }) => name).sort()).toEqual([...named].sort())
    expect(others.filter(({ name }) => name.endsWith('.svg'))).toHaveLength(11)
  })

  it('escapes every text from outside', async () => {
    const words = (await text(poisoned(), 'md')).replace(/^```[\s\S]*?^```$/gm, '').replace(/`+[^`].*?`+/g, '')
    expect(words.match(/<script|(?<!\\)\]\(javascript|[\u0000\u202e]/)).toBeNull()
  })
})

describe.each(formats)('any input as %s', (format) => {
  it.each([
    ['nothing but the run', bare],
    ['values that are not finite', notFinite],
    ['one network, one step, one class', () => syntheticInput({ networks: 1, mapPoints: 1, steps: 1, classes: 1 })],
    ['hostile names', poisoned],
    ['very long names', () => ({ ...syntheticInput(), run: { ...syntheticInput().run, name: 'x'.repeat(5000) } })],
    ['no name', () => ({ ...syntheticInput(), run: { ...syntheticInput().run, name: ' \n ' } })],
  ])('%s', async (_what, make) => {
    for (const { name, bytes } of await buildReport(make(), format)) {
      expect(name).toMatch(/^report-[\w-]+\.(html|pdf|md|svg|csv|zip)$/)
      expect(bytes.length).toBeGreaterThan(0)
      if (/\.(html|md|svg)$/.test(name)) expect(new TextDecoder().decode(bytes).match(/NaN|Infinity|undefined/)).toBeNull()
    }
  })
})

it.each(['html', 'md'] as const)('the same input gives the same %s', async (format) => {
  const made = async (): Promise<string[]> => sums(await buildReport(syntheticInput({ seed: 5, mapPoints: 50 }), format))
  expect(await made()).toEqual(await made())
})

it('tells what was not made', async () => {
  expect(await text(bare(), 'md')).toContain(`Not made for this report: ${listed(analyses.map(({ title }) => title.toLowerCase()))}.`)
})

it('draws the components of a PCA with their shares', async () => {
  const figures = await buildReport(syntheticInput({ method: 'pca' }), 'md')
  const map = new TextDecoder().decode(figures.find(({ name }) => name.endsWith('-map-pca.svg'))?.bytes).replaceAll(/&#160;|\u00a0/g, ' ')
  expect(map).toContain('first component (31 % of variance)')
  expect(map).toContain('second component (12 % of variance)')
})

/** The cells of a table of the Markdown report, row by row, by the table's title. */
async function tableIn(input: ReportInput, title: string): Promise<string[][]> {
  const words = await text(input, 'md')
  const [, rows = ''] = new RegExp(`\\. ${title}\\.\\*\\*[^\\n]*\\n\\n((?:\\|.*\\n)+)`).exec(words) ?? []
  return rows
    .trim()
    .split('\n')
    .map((row) =>
      row
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim()),
    )
}

it('shows a map by each method', async () => {
  const input = syntheticInput()
  input.results.push(resultIn(syntheticInput({ method: 'pca' }), 'map'))
  const page = await text(input, 'html')
  for (const title of ['The manifold by t-SNE', 'The manifold by principal components'])
    expect(page).toMatch(new RegExp(`Figure \\d+\\. ${title}`))
  expect(page.match(/id="figure-map-[a-z]+"/g)).toEqual(['id="figure-map-tsne"', 'id="figure-map-pca"'])
})

it('says of networks that they were picked by hand', async () => {
  const input = syntheticInput()
  for (const one of input.results) if (['ensemble', 'distillation'].includes(one.kind)) one.networks = [3, 5]
  const words = await text(input, 'md')
  expect(words.match(/200 hand\\?-picked networks/g)?.length).toBeGreaterThanOrEqual(3)
  expect(await text(syntheticInput(), 'md')).not.toContain('picked')
})

it('says whose answers the student learned from', async () => {
  const [many, few] = [syntheticInput(), syntheticInput()]
  resultIn(few, 'distillation').result.n = 20
  expect(await text(many, 'md')).toContain('of each 500 training images by 20 networks drawn from the ensemble')
  expect(await text(few, 'md')).toContain('learned from the ensemble’s mean probabilities')
})

it('tells how the data were read, what broke the training off, and every setting', async () => {
  const input = syntheticInput()
  input.data.source = {
    format: 'image-folders',
    files: Array.from({ length: 11 }, (_, i) => `file${i}`),
    order: 'shuffled by a fixed seed',
    changes: 'made grey',
    leftAside: 'notes.txt',
  }
  input.run.interruptions = Array.from({ length: 7 }, (_, i) => ({
    at: Date.UTC(2026, 2, 1, 9, i),
    step: 100 * i,
    text: `Interrupted ${i}`,
  }))
  const data = Object.fromEntries(await tableIn(input, 'Data and target network')) as Record<string, string>
  expect(data['Read from']).toBe(
    'image-folders: file0, file1, file2, file3, file4, file5, file6, file7 and 3 other files; not used: notes.txt',
  )
  expect([data['Done to the images'], data['Order']]).toEqual(['made grey', 'shuffled by a fixed seed'])
  const receipt = await tableIn(input, 'What this report was made from')
  const begin = receipt.findIndex(([name]) => name === 'Broken off 7 times')
  expect(receipt.slice(begin, begin + 5).map((row) => row[1])).toEqual(
    [2, 3, 4, 5, 6].map((i) => `2026-03-01 09:0${i} UTC, step ${100 * i}: Interrupted ${i}`),
  )
  expect(await text(input, 'md')).toContain('Training was broken off 7 times (see Reproduce).')
  const settings = Object.fromEntries(await tableIn(input, 'Method, training and evaluation')) as Record<string, string>
  expect(settings).toMatchObject({
    'Accuracy against diversity, λ': '1,200',
    'Latent dimension, d': '300',
    'Learning rate, η': '0.0012',
    Extractor: '\\[300, 300\\]',
    Steps: '400 steps',
    Seed: '42',
  })
})

it.each(Object.values(presets))('every setting of $preset has a meaning', (preset) => {
  for (const { key, label } of settingsOf(preset)) expect(label, key).not.toBe(key)
})

it('says how the data were read, and what was answered', async () => {
  const rows = [
    ['Labels from', 'the labels fine'],
    ['Splits from', 'nothing says them: cut from all images'],
    ['Pixels from', 'values from 0 to 16 became 0 to 255'],
    ['Chosen at import', 'label column fine; range from:0, to:16'],
    ['Accepted as read', 'a class has a single image, or none that can be read'],
  ]
  const plain = await text(syntheticInput(), 'md')
  const md = await text(imported(), 'md')
  const html = await text(imported(), 'html')
  for (const [title, value] of rows) {
    expect(plain).not.toContain(title)
    expect(md).toMatch(new RegExp(`\\| ${title} +\\| ${value} +\\|`))
    expect(html.replaceAll(/<[^>]+>/g, '|')).toMatch(new RegExp(`${title}\\|+\\s*\\|*${value}`))
  }
})
