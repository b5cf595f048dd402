/** A report is made again from the commands that it prints, by a shell, on a fresh data folder: the same numbers, to the digit. */
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { analyses } from '../../analyses/registry.ts'
import { tinySettings, writeTinyIdx } from '../lab/testing/tiny-data.ts'

let folder: string
let files: string[]
let negatives: string[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reproduce-'))
  files = await writeTinyIdx(folder)
  negatives = await negativesOf(files, join(folder, 'negatives'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The same pictures with black and white exchanged: an outsider. */
async function negativesOf(paths: readonly string[], into: string): Promise<string[]> {
  await mkdir(into)
  return Promise.all(
    paths.map(async (path) => {
      const bytes = await readFile(path)
      const isImages = path.endsWith('idx3-ubyte')
      const negative = join(into, basename(path))
      await writeFile(negative, isImages ? bytes.map((byte, at) => (at < 16 ? byte : 255 - byte)) : bytes)
      return negative
    }),
  )
}

const main = join(import.meta.dirname, 'main.ts')

/** Types lines into a shell, in a folder, upon a data folder in it. */
function type(cwd: string, script: string): void {
  const env = { ...process.env, WEIGHTSCAPE_DATA: join(cwd, 'data') }
  const { status, stderr } = spawnSync('sh', ['-ec', script.replaceAll('npm run lab --', `'${process.execPath}' '${main}'`)], {
    ...{ cwd, env, encoding: 'utf8' as const },
  })
  expect(status, stderr).toBe(0)
}

/** What a report says but for who made it and how long it took, and its figures' numbers. */
async function reportIn(cwd: string): Promise<{ text: string; numbers: Record<string, string> }> {
  const names = (await readdir(join(cwd, 'report'))).toSorted()
  const name = names.find((one) => one.endsWith('.md'))!
  const run = name.slice('report-'.length, -'.md'.length)
  const whole = await readFile(join(cwd, 'report', name), 'utf8')
  const text = whole
    .replaceAll(run, 'RUN')
    .replace(/^## Timings$.*?(?=^## )/ms, '')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'WHEN')
    .replaceAll(/^.*\*\*[\d.,\s]+(ms|s|min)\b.*$/gm, 'TOOK')
    // How long a student takes for an image: a sentence, a figure, and a table.
    .replaceAll(/^\| Took \|.*$|Times are on .*?(?= The mean member)/gm, 'TOOK')
    .replaceAll(/^.*milliseconds an image.*$(\n\n(\|.*\n)+)?/gim, 'TOOK')
  const csv = names.filter((one) => one.endsWith('.csv') && !/step-time|milliseconds/.test(one))
  const numbers = await Promise.all(csv.map(async (one) => [one.replace(run, 'RUN'), await readFile(join(cwd, 'report', one), 'utf8')]))
  return { text, numbers: Object.fromEntries(numbers) as Record<string, string> }
}

/** The lines to type, as a reader of the report copies them. */
const commandsIn = (markdown: string): string => /\*\*Commands\*\*\n\n(`{3,})\w*\n(.*?)\n\1/s.exec(markdown)![2]

test('everything that can be made of a run, every option kept', { timeout: 600_000 }, async () => {
  const [first, again] = await Promise.all(['first', 'again'].map((name) => mkdtemp(join(folder, `${name}-`))))
  const data = [
    `npm run lab -- data add ${files.join(' ')} --name bars`,
    `npm run lab -- data add ${negatives.join(' ')} --name negatives`,
  ].join('\n')
  type(
    first,
    [
      data,
      `npm run lab -- train --data bars ${tinySettings.map((setting) => `--set '${setting}'`).join(' ')} --set method.lambda=1200`,
      'npm run lab -- evaluate latest -n 6 --images 7 --seed 77',
      'npm run lab -- evaluate latest -n 8 --images all',
      'npm run lab -- ensemble latest --sizes 1,3,8 -n 8 --images all',
      'npm run lab -- ensemble latest --sizes 1,2 --networks 5,1,2 --images 6',
      'npm run lab -- distil latest -n 4 --steps 30 --learning-rate 0.02 --label-weight 0.5 --width 2 --images all',
      'npm run lab -- calibrate latest -n 5 --bins 4 --images all',
      'npm run lab -- map latest -n 9 --method pca --no-colours',
      'npm run lab -- map latest -n 12 --iterations 50 --components 4 --images 5',
      'npm run lab -- final-test latest',
      'npm run lab -- distil-bench latest -n 4 --widths 1,2 --teachers both --steps 20 --learning-rate 0.02 --images 9',
      'npm run lab -- uncertainty latest -n 5 --images all',
      'npm run lab -- outsider latest --outside negatives -n 4 --images all',
      'npm run lab -- shift latest -n 3 --images 9',
      'npm run lab -- diversity latest -n 5 --images all',
      'npm run lab -- paths latest -n 4 --curve chain --steps 7 --points 4 --images 9',
      'npm run lab -- adversarial latest -n 6 --attack pgd --steps 3 --made-on 2 --every 29 --images 9',
      'npm run lab -- filters latest --networks 1,3 --points 4',
      'npm run lab -- scatter latest -n 8 --components 3 --filters 1,2',
      'npm run lab -- report latest --format md --out report',
    ].join('\n'),
  )
  const made = await reportIn(first)
  const [name] = (await readdir(join(first, 'report'))).filter((one) => one.endsWith('.md'))
  const commands = commandsIn(await readFile(join(first, 'report', name), 'utf8'))
  for (const kept of [
    '--no-colours',
    '--bins 4',
    '--networks 1,2,5',
    '--width 2',
    '--seed 77',
    '--components 4',
    '--split test',
    '--curve chain',
    '--made-on 2',
  ])
    expect(commands).toContain(kept)
  for (const { command } of analyses) expect(commands).toMatch(new RegExp(`^npm run lab -- ${command} `, 'm'))
  type(again, `${data}\n${commands}`)
  const remade = await reportIn(again)
  expect(remade.text).toBe(made.text)
  expect(remade.numbers).toEqual(made.numbers)
  expect(Object.keys(made.numbers).length).toBeGreaterThan(6)
  expect(made.text).toMatch(/looked at \d times: by 1 evaluation, 1 ensemble, 1 student and 1 calibration/)
})
