import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tarGzOf, zipOf } from '../data/testing/archives.ts'
import { place } from '../data/testing/imports.ts'
import { classFolders } from '../data/testing/pictures.ts'
import { fakeEngine } from '../lab/testing/fake-engine.ts'
import { runCommandLine } from './run.ts'
import type { CliHost } from './cli-host.ts'

let folder: string
let dataDir: string
let serial = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-add-'))
  const files = await classFolders(20, { colour: true })
  await place(join(folder, 'shapes'), [...files, { name: 'bar/torn.png', bytes: files[0].bytes.subarray(0, 40) }])
  await writeFile(join(folder, 'shapes.zip'), await zipOf(files))
  await writeFile(join(folder, 'evil.tar.gz'), await tarGzOf([...files, { name: '../../evil.png', bytes: files[0].bytes }]))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(() => {
  dataDir = join(folder, `data-${++serial}`)
})

interface Call {
  code: number
  out: string
  err: string
  lines: Record<string, unknown>[]
}

/** @param interruptAt the first words on stdout at which Ctrl+C comes */
async function add(words: string[], interruptAt?: string): Promise<Call> {
  let [out, err] = ['', '']
  let interrupt: () => void = () => undefined
  const host: CliHost = {
    program: 'lab',
    version: '9.9.9',
    stdout: (text) => {
      out += text
      if (interruptAt !== undefined && text.includes(interruptAt)) interrupt()
    },
    stderr: (text) => {
      err += text
    },
    terminal: false,
    columns: 100,
    env: { WEIGHTSCAPE_DATA: dataDir },
    platform: 'linux',
    home: folder,
    now: Date.now,
    pages: '',
    openBrowser: () => undefined,
    openEngine: () => fakeEngine(),
    onInterrupt: (handler) => {
      interrupt = handler
      return () => undefined
    },
    exit: () => undefined,
  }
  const code = await runCommandLine(['data', 'add', ...words], host)
  const lines = words.includes('--json')
    ? out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    : []
  return { code, out, err, lines }
}

const at = (name: string): string => join(folder, name)
const kept = async (): Promise<string[]> => (await readdir(join(dataDir, 'datasets')).catch(() => [])).sort()

describe('data add', () => {
  it('imports class folders, and says what became of them', async () => {
    const { code, out } = await add([at('shapes'), '--size', '16x16', '--grey', '--name', 'drawn'])
    expect(code).toBe(0)
    expect(out).toMatch(/^name +drawn$/m)
    expect(out).toMatch(/^images +60, each 16 x 16 pixels, 1 channel/m)
    expect(out).toMatch(/^changes +all 60 images resized to 16 x 16; all 60 images made grey; 1 image that could not be read left out$/m)
    expect(out).toContain('Next: lab train --data drawn')
    expect((await kept()).length).toBe(1)
  })

  it('names what it did not use, as the preview does', async () => {
    const files = await classFolders(5)
    await place(at('noted'), [...files, { name: 'measured.csv', bytes: Buffer.from('label,a,b,c,d\n'.padEnd(20_000, '0,1,2,3,4\n')) }])
    for (const words of [[], ['--preview']])
      expect((await add([at('noted'), ...words])).out).toContain('1 file of other kinds was not used (noted/measured.csv).')
  })

  it('shows what it would import, and keeps nothing', async () => {
    const { code, out } = await add([at('shapes'), '--preview'])
    expect(code).toBe(0)
    expect(out).toMatch(/^recognised +61 images in 3 class folders$/m)
    expect(out).toMatch(/^split +48 training, 6 validation, 6 test$/m)
    expect(out).toMatch(/^bar +20 +33\.3 %$/m)
    expect(out).toContain('Could not be read:\n  shapes/bar/torn.png: it cannot be decoded')
    expect(out).toContain('Nothing was kept.')
    expect(await kept()).toEqual([])
  })

  it('tells programs the same, with its progress', async () => {
    const preview = await add([at('shapes.zip'), '--preview', '--json', '--split', '30,20,10'])
    expect(preview.lines.at(-1)).toMatchObject({
      event: 'result',
      format: 'image-folders',
      count: 60,
      samples: 50,
      suggestedSplit: { train: 30, validation: 20, test: 10 },
    })
    const { lines } = await add([at('shapes.zip'), '--json'])
    expect(lines.filter(({ event }) => event === 'progress')).toContainEqual({
      event: 'progress',
      job: 'import',
      phase: 'previewing',
      doing: 'reading images',
      done: 60,
      total: 60,
    })
    expect(lines.at(-1)).toMatchObject({ event: 'result', name: 'shapes', count: 60, classNames: ['bar', 'beam', 'block'] })
  })

  it('asks where something is in doubt: nothing is kept, the exit code is 2, and the answer is an option', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `${['å', 'ä'][i % 2]},${Array.from({ length: 16 }, (_, k) => (i * 5 + k) % 256).join(',')}`,
    )
    await writeFile(
      at('letters.csv'),
      Buffer.from(['label', ...Array.from({ length: 16 }, (_, k) => `,pixel${k}`), '\n', rows.join('\n')].join(''), 'latin1'),
    )
    const asked = await add([at('letters.csv')])
    expect(asked.code).toBe(2)
    expect(asked.out).toContain('  --encoding windows-1252  ')
    expect(asked.out).toContain('  --accept encoding  ')
    const told = await add([at('letters.csv'), '--json'])
    expect(told.code).toBe(2)
    expect(told.lines.at(-1)).toMatchObject({
      event: 'result',
      readings: expect.anything() as object,
      doubts: [
        {
          code: 'encoding',
          choices: [
            ...['windows-1252', 'windows-1250', 'windows-1251'].map((encoding) => ({ options: { encoding } })),
            { options: { accept: ['encoding'] } },
          ],
        },
      ],
    })
    expect(await kept()).toEqual([])
    const answered = await add([at('letters.csv'), '--encoding', 'windows-1252', '--json'])
    expect(answered.code).toBe(0)
    expect(answered.lines.at(-1)).toMatchObject({
      classNames: ['ä', 'å'],
      known: false,
      doubts: [],
      source: { options: { encoding: 'windows-1252' } },
    })
    const again = await add([at('letters.csv'), '--accept', 'encoding', '--name', 'other', '--json'])
    expect(again.lines.at(-1)).toMatchObject({ known: true, name: 'letters' })
  })

  it('ends on Ctrl+C with 130, and nothing of it is left', async () => {
    const { code, lines } = await add([at('shapes'), '--json'], 'looking at images')
    expect(code).toBe(130)
    expect(lines.at(-1)).toMatchObject({ event: 'error', code: 'cancelled' })
    expect(await kept()).toEqual([])
  })

  it('refuses an archive that points out of its folder, whole', async () => {
    const { code, err } = await add([at('evil.tar.gz')])
    expect(code).toBe(1)
    expect(err).toContain('error: evil.tar.gz: its entry "../../evil.png" points out of its folder ("..").')
    expect(await kept()).toEqual([])
  })

  it.each([
    [['--size', '65x65'], 'It must be height x width, each from 1 to 64'],
    [['--size', 'big'], 'It must be height x width'],
    [['--shape', '4x4x9'], 'It must be height x width x channels'],
    [['--split', '0,1,1'], 'It must be the images for training, validation and test'],
    [['--fit', 'squeeze'], 'Allowed choices are crop, pad, stretch.'],
    [['--grey', '--colour'], "cannot be used with option '--colour'"],
    [['--split', '90,20,10'], 'The split asks for 90 images for training'],
  ])('%j exits with 2 and says what would be right', async (words, sentence) => {
    const { code, err } = await add([at('shapes'), ...words])
    expect(code).toBe(2)
    expect(err).toContain(sentence)
    expect(await kept()).toEqual([])
  })
})
