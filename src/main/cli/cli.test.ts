import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, symlinkSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Command } from 'commander'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { LabError } from '../../shared/errors.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import { createLab } from '../lab/lab.ts'
import { readPoint } from './commands/cockpit.ts'
import { fakeEngine } from '../lab/testing/fake-engine.ts'
import type { Faults } from '../lab/testing/fake-engine.ts'
import { picture } from '../data/testing/pictures.ts'
import { tinySettings, writeTinyIdx } from '../lab/testing/tiny-data.ts'
import { collect, formats, gatherers, name, note, tags, words as commaWords } from './option-values.ts'
import { table } from './tables.ts'
import type * as Tables from './tables.ts'
import { buildProgram } from './program.ts'
import { leavesOf } from './reference/commands.ts'
import { referenceHost } from './reference/host.ts'
import { exitCodeOf, runCommandLine } from './run.ts'
import type { CliHost } from './cli-host.ts'
import { studyCommand } from '../../shared/study-command.ts'
import { sweepDefaults } from '../../shared/study.ts'
import { bareShares } from '../../shared/statistics/testing/bare-shares.ts'

/** Tables of which a row has more or fewer cells than the head. */
const ragged: string[] = []
vi.mock('./tables.ts', async (original) => {
  const own = await original<typeof Tables>()
  const table: typeof own.table = (head, rows) => {
    ragged.push(...rows.filter((row) => row.length !== head.length).map((row) => `${head.join()}: ${row.join()}`))
    return own.table(head, rows)
  }
  return { ...own, table }
})
afterEach(() => expect(ragged).toEqual([]))

let folder: string
let dataDir: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Call {
  code: number
  out: string
  err: string
  /** What stdout says, as JSON lines. */
  lines: Record<string, unknown>[]
  last: Record<string, unknown>
}

/** Runs a command line with an engine double. */
async function call(words: string[], faults: Faults = {}, interruptAt?: number): Promise<Call> {
  let out = ''
  let err = ''
  let interrupt: () => void = () => undefined
  const host: CliHost = {
    program: 'lab',
    version: '9.9.9',
    stdout: (text) => {
      out += text
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
    openEngine: () =>
      fakeEngine({
        ...faults,
        onStep: (step) => {
          if (step === interruptAt) interrupt()
        },
      }),
    pages: join(folder, 'pages'),
    openBrowser: () => undefined,
    onInterrupt: (handler) => {
      interrupt = handler
      return () => undefined
    },
    exit: () => undefined,
  }
  const code = await runCommandLine(words, host)
  const lines = words.includes('--json')
    ? out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    : []
  return { code, out, err, lines, last: lines[lines.length - 1] ?? {} }
}

const tiny = ['--data', 'bars', ...tinySettings.flatMap((setting) => ['--set', setting])]

async function train(...more: string[]): Promise<string> {
  const { code, last } = await call(['train', ...tiny, ...more, '--json'])
  expect(code).toBe(0)
  return last.run as string
}

/** Names and kinds of the members of a JSON object. */
const kinds = (object: object) =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value]),
  )

const hashes = (shown: Record<string, unknown>) =>
  (shown.checkpoints as { step: number; hash: string }[]).map(({ step, hash }) => [step, hash])

/** How the students of a shown run learned. */
const learned = (shown: Record<string, unknown>) => (shown.students as { options: object }[]).map(({ options }) => options)

let serial = 0
beforeEach(() => {
  dataDir = join(folder, `data-${++serial}`)
})

describe('help', () => {
  it('names every command, with examples, and nothing that does not exist', async () => {
    const { code, out } = await call(['--help'])
    expect(code).toBe(0)
    for (const command of [
      'demo',
      'data',
      'train',
      'resume',
      'fork',
      'runs',
      'show',
      'sample',
      'evaluate',
      'ensemble',
      'distil',
      'map',
      'report',
      'export',
      'verify',
      'serve',
    ]) {
      expect(out).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
    }
    expect(out).toContain('130 interrupted')
  })

  it.each(['demo', 'train', 'resume', 'fork', 'show', 'sample', 'evaluate', 'ensemble', 'distil', 'map', 'report', 'export', 'verify'])(
    'of %s gives an example, --data-dir and --json',
    async (command) => {
      const { code, out } = await call([command, '--help'])
      expect(code).toBe(0)
      expect(out).toContain(`lab ${command}`)
      expect(out).toContain('Examples:')
      expect(out).toContain('--data-dir <dir>')
      expect(out).toContain('--json')
    },
  )

  it('of train lists the settings with their values and ranges', async () => {
    const { out } = await call(['train', '--help'])
    expect(out).toMatch(/method\.noiseBatch +32 +a whole number from 2 to 4096/)
    expect(out).toMatch(/method\.lambda +1000 +a number above 0/)
  })

  it('tells the version', async () => {
    expect(await call(['--version'])).toMatchObject({ code: 0, out: '9.9.9\n' })
  })
})

describe('invalid argument', () => {
  it.each([
    [['trian'], "Unknown command 'trian'. Did you mean train?"],
    [['data', 'lst'], "Unknown command 'lst'. Did you mean list?"],
    [['list'], "Unknown command 'list'. Did you mean runs?"],
    [['rm', 'x'], "Unknown command 'rm'. Did you mean runs remove?"],
    [['train', '--lr', '0.1'], "Unknown option '--lr'. Did you mean --set training.learningRate=...?"],
    [['train', '--learning-rate=0.1'], 'Did you mean --set training.learningRate=...?'],
    [['train', '--lambda', '3'], 'Did you mean --set method.lambda=...?'],
    [['show', '--lambda', '3'], "Unknown option '--lambda'."],
    [['runs', 'edit', 'latest'], 'Nothing was said that is to change.'],
    [['runs', 'edit', 'latest', '--tag', 'a'.repeat(61)], 'A name has at most 60 characters.'],
    [['runs', 'edit', 'latest', '--tag', 'a', '--no-tags'], "'--tag <t>' cannot be used with option '--no-tags'"],
    [['train', '--stesp', '3'], "Unknown option '--stesp'. Did you mean --steps?"],
    [['resume'], "Missing required argument 'run'."],
    [['evaluate', 'latest'], "Required option '-n, --count <n>' not specified."],
    [['export', 'latest', '--student'], "'--format <format>' not specified. It is one of tfjs, onnx, npz, safetensors."],
    [['evaluate', 'latest', '-n', 'many'], 'It must be a whole number from 1 to 100000.'],
    [['evaluate', 'latest', '-n', '0'], 'It must be a whole number from 1 to 100000.'],
    [['train', '--name', ' '], 'A name is missing.'],
    [['train', '--name', 'x'.repeat(201)], 'A name has at most 200 characters.'],
    [['evaluate', 'latest', '-n', '5', '--split', 'tset'], 'Allowed choices are validation, test, train.'],
    [['train', '--steps', '2.5'], 'It must be a whole number from 1 to 10000000.'],
    [['train', '--seed', '-1'], 'It must be a whole number from 0 to 4294967295.'],
    [['ensemble', 'latest', '--sizes', '1,x'], 'It must be whole numbers from 1 to 100000 with commas between'],
    [['report', 'latest', '--format', 'docx'], 'It must be some of html, pdf, md'],
    [['distil', 'latest', '--label-weight', '2'], 'It must be a number from 0 to 1.'],
    [['runs', 'extra'], 'Too many arguments'],
    [[], 'A command is missing.'],
    [['train', '--seeds', '5..1'], '5..1 runs backwards: write 1..5.'],
    [['train', '--seeds', '1,1'], 'Seed 1 is named twice'],
    [['train', '--seeds', ''], 'No seed is named'],
    [['train', '--seeds', '1..10000000'], '10,000,000 seeds are too many: at most 100 at a time.'],
    [['train', '--seeds', '1..2', '--seed', '3'], "'--seeds <list>' cannot be used with option '--seed <s>'"],
    [['train', '--seeds', '1..2', '--set', 'seed=3'], 'seed is set twice.'],
    [['train', '--preset', 'mnist-quik'], 'There is no preset "mnist-quik". Did you mean "mnist-quick"?'],
    [['train', '--set', 'training.step=3'], 'There is no setting "training.step". Did you mean "training.steps"?'],
    [['train', '--set', 'lambda=3'], 'There is no setting "lambda". Did you mean "method.lambda"?'],
    [['train', '--set', 'training.lr=0.1'], 'There is no setting "training.lr". Did you mean "training.learningRate"?'],
    [['train', '--set', 'batch_size=4'], 'There is no setting "batch_size". Did you mean "training.imageBatch"?'],
    [['train', '--set', 'trainin.epsilon=1'], 'There is no setting "trainin.epsilon". Did you mean "training.epsilon"?'],
    [['train', '--set', 'training.learningRate=2'], 'training.learningRate is 2, which is not allowed.'],
    [['train', '--set', 'seed=1e999'], 'seed is Infinity, which is not allowed.'],
    [['train', '--set', 'training.steps=3', '--steps', '4'], 'training.steps is set twice.'],
    [['train', '--preset', 'mnist-quick', '--document', 'x.json'], 'not both'],
    [['train', '--set', 'target=@'], '--set target=@ names no file.'],
    [['sample', 'latest', '-n', '1', '--out', 'networks.csv'], 'The ending of networks.csv says no format.'],
    [['toy', '--out', 'toy.txt'], 'toy.txt says no format.'],
    [['scatter', 'latest', '--out', 's.txt'], 's.txt says no format.'],
    [['export', 'latest', '--format', 'npz', '--out', 'x.npz'], 'Say what to write'],
    [['data', 'add', 'x', '--rename', '10=0', '--rename', '10=1'], '"10" is said twice, and otherwise each time.'],
    [['data', 'add', 'x', '--part', 'a=test', '--part', 'a=train'], '"a" is said twice, and otherwise each time.'],
    [['train', '--steps', '5', '--steps', '6'], '--steps is given twice, as "5" and as "6".'],
    [['evaluate', 'latest', '-n', '5', '--count', '6'], '--count is given twice, as "5" and as "6".'],
    [['runs', '--data-dir', 'a', '--data-dir', 'b'], '--data-dir is given twice, as "a" and as "b".'],
    [['data', 'add', 'images.npz', ''], '<path> is empty.'],
    [['cockpit', 'latest', '--amounts', '0.2,,0.5'], 'It must be at most'],
  ])('%j exits with 2 and says what would be right', async (words, sentence) => {
    const text = await call(words)
    expect(text.code).toBe(2)
    expect(text.out).toBe('')
    expect(text.err).toContain(sentence)
    const { code, lines, last } = await call([...words, '--json'])
    if (words.length === 0) return // --json alone is no command
    expect(code).toBe(2)
    expect(lines.length).toBe(1)
    expect(last).toMatchObject({ event: 'error', code: 'invalid-argument', message: expect.stringContaining(sentence) as string })
    expect(last.remedy).not.toBe('')
  })
})

it.each([
  [['runs', 'edit'], 'lab runs edit --help'],
  [['runs', 'delete'], 'lab runs remove --help'],
  [['data', 'lst'], 'lab data --help'],
  [['trian'], 'lab --help'],
])('%j names the help of the command that was meant', async (words, help) => {
  expect((await call(words)).err).toContain(`See what is possible with: ${help}\n`)
})

/** As it is called: `study run`. */
const calledAs = (command: Command): string[] => [...(command.parent!.parent === null ? [] : [command.parent!.name()]), command.name()]

/** Options that must be given, but for one, with something for each. */
const neededBy = ({ options }: Command, but: string | undefined): string[] =>
  options
    .filter(({ mandatory, long, defaultValue }) => mandatory && long !== but && defaultValue === undefined)
    .flatMap(({ long, argChoices }) => [long!, long === '--out' ? join(folder, 'x.npz') : (argChoices?.[0] ?? '3')])

it('refuses an empty path, whatever option or argument of whatever command it is', async () => {
  const isPath = /<(dir|folder|file|path|golden|image)/
  let asked = 0
  for (const command of leavesOf(buildProgram(referenceHost))) {
    const { registeredArguments, options } = command
    const given = (empty?: number) => registeredArguments.map((_, i) => (i === empty ? '' : 'x'))
    const lines = [
      ...registeredArguments.map((one, i) => [`<${one.name()}>`, [...given(i), ...neededBy(command, undefined)]] as const),
      ...options.map(({ flags, long }) => [flags, [...given(), ...neededBy(command, long), long!, '']] as const),
    ]
    for (const [what, words] of lines.filter(([name]) => isPath.test(name))) {
      asked++
      const { code, err } = await call([...calledAs(command), ...words])
      expect([...calledAs(command), what, code, err]).toEqual([...calledAs(command), what, 2, expect.stringContaining(`${what} is empty.`)])
    }
  }
  expect(asked).toBeGreaterThan(40)
})

it('takes what an option is without being typed, typed', () => {
  const options = leavesOf(buildProgram(referenceHost)).flatMap((command) => command.options)
  const told = options.filter(({ parseArg, defaultValue }) => parseArg !== undefined && ['number', 'string'].includes(typeof defaultValue))
  expect(told.length).toBeGreaterThan(10)
  for (const { flags, parseArg, defaultValue } of told) {
    const read = parseArg as (text: string, before: undefined) => unknown
    expect([flags, read(String(defaultValue), undefined)]).toEqual([flags, defaultValue])
  }
})

it('says of every option that adds to what was given before that it may be given several times, and of no other', () => {
  const says = /may be repeated|may be given many times/
  for (const command of leavesOf(buildProgram(referenceHost)))
    for (const option of command.options)
      if (!option.variadic) expect([option.flags, gatherers.has(option.parseArg)]).toEqual([option.flags, says.test(option.description)])
})

describe('numbers without end', () => {
  /** Every option of every command that takes a number or several. */
  const options = leavesOf(buildProgram(referenceHost)).flatMap((command) =>
    command.options
      .filter(
        (option) => option.parseArg !== undefined && ![collect, name, note, tags, formats, commaWords].includes(option.parseArg as never),
      )
      .map((option) => [calledAs(command).join(' '), option.long!, command] as const),
  )

  it('are refused in a sentence, or come to one, by every option that takes a number', async () => {
    await call(['data', 'add', ...(await writeTinyIdx(folder)), '--name', 'bars'])
    const run = await train()
    expect(options.length).toBeGreaterThan(30)
    for (const [command, option, leaf] of options) {
      const { registeredArguments } = leaf
      const needed = neededBy(leaf, option)
      const words =
        command === 'train'
          ? tiny
          : command === 'toy'
            ? ['--steps', '1']
            : registeredArguments.length === 0
              ? []
              : command === 'study run'
                ? ['numbers', '--data', 'bars', '--presets', 'mnist-bayes,mnist-ensemble']
                : ['sweep run', 'sweep submit'].includes(command)
                  ? ['varied', '--data', 'bars', '--vary', 'method.lambda=1,2', '--random', 'training.learningRate=0.1..0.2']
                  : [command === 'data add' ? folder : run]
      for (const value of ['1e9', '1e15', '1e400', '-1', 'NaN', '9'.repeat(400)]) {
        const line = [...command.split(' '), ...words, ...needed, option, value, '--json']
        const { code, last } = await call(line, { refuse: new LabError('conflict', 'It began.', '') })
        expect([line.join(' ').slice(0, 200), last.code]).not.toEqual([expect.anything(), 'internal'])
        // What needs no engine has nothing that refuses what is right.
        const ends = command === 'toy' && value === '1e9' ? [0, 2] : [1, 2]
        expect([line.join(' ').slice(0, 200), code]).toEqual([expect.anything(), expect.toBeOneOf(ends)])
        expect(String(last.message).length).toBeLessThan(700)
      }
    }
  })

  it('of networks end where numbers of networks do', async () => {
    await call(['data', 'add', ...(await writeTinyIdx(folder)), '--name', 'bars'])
    const { last } = await call(['sample', await train(), '-n', '2', '--first', '4294967295', '--out', join(folder, 'last.npz'), '--json'])
    expect(last).toMatchObject({ code: 'invalid-argument', message: 'A seed gives networks 0 to 4294967295, and 4294967296 is asked for.' })
  })
})

describe('text from outside', () => {
  /** Sets the clipboard, colours, turns the reading direction, hides, ends a line. */
  const hostile = 'a\u001b]52;c;aGk=\u0007\u001b[31m\u009b2J\u202eb\u2066c\u200bd\u{e0041}'
  const commanding = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u

  it('never commands the terminal: names of files and classes, of runs and data sets, words of errors', async () => {
    const place = join(folder, hostile)
    for (const name of [hostile, 'plain']) {
      await mkdir(join(place, name), { recursive: true })
      for (const i of [1, 2, 3, 4, 5, 6, 7, 8])
        await writeFile(join(place, name, `${i}${hostile}.png`), await picture('png', name === 'plain' ? 0 : 1, i))
    }
    await writeFile(join(place, 'plain', `${hostile}.png`), 'no image')
    const calls = [
      ['data', 'add', place, '--preview'],
      ['data', 'add', place, '--name', `shapes ${hostile}`],
      ['data', 'list'],
      ['data', 'show', hostile],
      ['train', '--data', hostile],
      ['train', ...tiny, '--name', `a\n${hostile}`],
      ['train', '--document', place],
      ['show', 'latest', '--log'],
      ['runs'],
      [hostile],
      ['verify', place],
    ]
    await call(['data', 'add', ...(await writeTinyIdx(folder)), '--name', 'bars'])
    for (const words of calls) {
      const text = await call(words)
      expect([words, text.out.match(commanding), text.err.match(commanding)]).toEqual([words, null, null])
      const json = await call([...words, '--json'])
      expect([words, json.out.match(commanding)]).toEqual([words, null])
    }
    // What is kept has none of it to begin with.
    const kept = (await call(['data', 'list', '--json'])).last.datasets as { name: string; classNames: string[] }[]
    expect(kept.map(({ name }) => name)).toContain('shapes a]52;c;aGk=[31m2Jbcd')
    expect(kept.flatMap(({ classNames }) => classNames)).toContain('a]52;c;aGk=[31m2Jbcd')
    expect((await call(['runs', '--json'])).last.runs).toMatchObject([
      { name: 'a a]52;c;aGk=[31m2Jbcd' },
      { name: 'a a]52;c;aGk=[31m2Jbcd' },
    ])
  })
})

describe('names without end', () => {
  it('are cut where they are told, and not compared with every other', async () => {
    await call(['data', 'add', ...(await writeTinyIdx(folder)), '--name', 'bars'])
    for (const words of [['show'], ['data', 'show']]) {
      const began = Date.now()
      const { code, last } = await call([...words, 'n'.repeat(100_000), '--json'])
      expect([code, last.message]).toEqual([1, expect.stringMatching(/^There is no (run|data set) "n{200}…"\.$/)])
      expect(Date.now() - began).toBeLessThan(5000)
    }
  })

  it('leave room for the other columns of a table', () => {
    // What commands ask for stays whole.
    const lines = table(['id', 'name', 'images'], [['i'.repeat(90), 'n'.repeat(200), '7']]).split('\n')
    expect(lines[2]).toBe(`${'i'.repeat(90)}  ${'n'.repeat(63)}…       7`)
  })
})

describe('exit codes', () => {
  it('follow from what went wrong', () => {
    const codes: Record<ErrorCode, number> = {
      'invalid-argument': 2,
      cancelled: 130,
      doubtful: 2,
      'bad-input': 1,
      'not-found': 1,
      conflict: 1,
      'newer-store': 1,
      corrupt: 1,
      disk: 1,
      memory: 1,
      diverged: 1,
      'engine-lost': 1,
      'link-lost': 1,
      'set-up': 1,
      internal: 1,
    }
    for (const [code, exit] of Object.entries(codes)) expect(exitCodeOf({ code: code as ErrorCode, message: '', remedy: '' })).toBe(exit)
  })

  it.each(['memory', 'engine-lost', 'set-up'] as const)('1 with a remedy when the engine refuses with %s', async (code) => {
    await call(['data', 'add', ...(await writeTinyIdx(folder)), '--name', 'bars'])
    const { code: exit, last } = await call(['train', ...tiny, '--json'], { refuse: new LabError(code, 'It did not go.', 'Do this.') })
    expect(exit).toBe(1)
    expect(last).toMatchObject({ event: 'error', code, message: 'It did not go.' })
    expect(last.remedy).not.toBe('')
  })
})

describe('a whole job', () => {
  beforeEach(async () => {
    await call(['data', 'add', ...(await writeTinyIdx(folder)), '--name', 'bars'])
  })

  it('imports data, lists and shows it', async () => {
    const { lines, last } = await call(['data', 'list', '--json'])
    expect(lines[0]).toMatchObject({ event: 'dataset', name: 'bars', count: 150, classes: 3 })
    expect(last).toMatchObject({ event: 'result', datasets: [{ name: 'bars' }] })
    expect((await call(['data', 'show', 'bars'])).out).toContain('150, each 6 x 6 pixels')
  })

  it('trains, and its last line has the promised keys', async () => {
    const { code, lines, last, err } = await call(['train', ...tiny, '--name', 'first', '--json'])
    expect(code).toBe(0)
    expect(err).toBe('')
    expect(kinds(last)).toEqual({ event: 'string', run: 'string', step: 'number', seconds: 'number' })
    expect(last).toMatchObject({ event: 'result', step: 20 })
    const progress = lines.filter(({ event }) => event === 'progress')
    expect(progress.at(-1)).toMatchObject({
      job: 'train',
      run: last.run,
      step: 20,
      steps: 20,
      metrics: { loss: expect.any(Number) as number },
    })
  })

  it('repeats a run over seeds, goes on where it was interrupted, and repeats nothing', async () => {
    const words = ['train', ...tiny, '--seeds', '1..3', '--name', 'shapes', '--json']
    const first = await call(words, {}, 11)
    expect(first.code).toBe(130)
    const runs = first.lines.filter(({ event }) => event === 'run') as { run: string; seed: number; state: string }[]
    expect(runs.map(({ seed, state }) => [seed, state])).toEqual([1, 2, 3].map((seed) => [seed, 'new']))
    expect(first.last).toMatchObject({
      code: 'cancelled',
      remedy: 'Give the same command again: it goes on there, and then with the other seeds.',
    })
    const again = await call(words)
    expect(again.code).toBe(0)
    const others = again.lines.filter(({ event }) => event === 'run') as typeof runs
    expect(others.map(({ run }) => run)).toEqual(runs.map(({ run }) => run))
    expect(others.map(({ state }) => state)).toEqual(['goes on at step 11', 'not begun', 'not begun'])
    expect(again.last).toMatchObject({ event: 'result', runs: runs.map(({ run, seed }) => ({ run, seed, state: 'finished', step: 20 })) })
    const third = await call(words)
    expect(third.lines.filter(({ event }) => event === 'run').map(({ state }) => state)).toEqual(Array(3).fill('finished already'))
    expect(third.lines.filter(({ event }) => event === 'progress')).toEqual([])

    const listed = await call(['runs', '--json'])
    expect(listed.last.runs).toHaveLength(3)
    expect((listed.last.runs as object[]).map((run) => ('name' in run ? run.name : ''))).toContain('shapes, seed 2')
    expect((listed.last.runs as { repeat: object }[]).map(({ repeat }) => repeat)).toContainEqual({ place: 2, of: 3 })
    expect((await call(['runs'])).out).toMatch(/ 2 \(2 of 3\) /)

    const found = await call(['evaluate', runs[0].run, '-n', '4', '--over-seeds', '--json'])
    expect(found.code).toBe(0)
    expect(found.lines.filter(({ event }) => event === 'found').map(({ seed }) => seed)).toEqual([1, 2, 3])
    const { overSeeds } = (await call(['show', runs[2].run, '--json'])).last as { overSeeds: { values: Record<string, unknown>[] } }
    const [mean] = overSeeds.values
    expect(mean).toMatchObject({ label: 'Mean network', n: 3, missing: [], deviation: expect.any(Number) as number })
    expect(mean.basis).toBe('step 20, first 4 networks, first 10 validation images')
    expect((await call(['show', runs[2].run])).out).toMatch(/Over 3 seeds[^]*Mean network .* s\.d\. /)

    // A fourth was tried while it trained alone: what all four have is told, not three of one and one of another.
    await call(['evaluate', runs[1].run, '-n', '6'])
    await call(['train', ...tiny, '--seeds', '4', '--json'])
    const { out } = await call(['show', runs[0].run])
    expect(out).toMatch(/sampled\.mean +\d[\d.]* % \[.*\] of 10 validation images \(step 20\)/)
    expect(bareShares(out.slice(0, out.indexOf('Over 4 seeds')))).toEqual([])
    expect(out).toMatch(/Mean network .* the same for all seeds.*seeds 1, 2, 3, 4; step 20, first 3 networks/)
    expect((await call(['evaluate', await train('--set', 'method.lambda=5'), '-n', '4', '--over-seeds'])).err).toContain('has no repeats')
  })

  it('goes on with other seeds where one diverges, and fails in the end', async () => {
    const words = ['train', ...tiny, '--seeds', '1,2', '--json']
    const { code, last } = await call(words, { refuse: new LabError('diverged', 'The loss is not finite at step 3.', 'Learn slower.') })
    expect(code).toBe(1)
    expect((last.runs as { state: string }[]).map(({ state }) => state)).toEqual(['failed', 'failed'])
    expect((await call(words)).lines.filter(({ event }) => event === 'progress')).toEqual([])
  })

  it('says the run and what to do next to a person', async () => {
    const { code, out, err } = await call(['train', ...tiny])
    expect(code).toBe(0)
    expect(out).toMatch(/^Run [a-z]+-[a-z]+(-\d+)? finished: 20 steps in .*\nNext: lab evaluate/)
    expect(err).toContain('20 steps, seed 8734')
  })

  it('applies --steps, --seed and a document', async () => {
    const run = await train('--seed', '7')
    const { last } = await call(['show', run, '--json'])
    expect(last).toMatchObject({ id: run, document: { seed: 7 }, state: 'finished' })
    const path = join(folder, 'document.json')
    await writeFile(path, JSON.stringify(last.document))
    const again = await call(['train', '--document', path, '--json'])
    expect(again.code).toBe(0)
    const second = await call(['show', again.last.run as string, '--json'])
    expect(second.last.documentHash).toBe(last.documentHash)
    expect((second.last.checkpoints as { hash: string }[])[0].hash).toBe((last.checkpoints as { hash: string }[])[0].hash)
  })

  it('deals a split of its own, and asks about equal images on both sides of it', async () => {
    const [images, labels] = await writeTinyIdx(folder)
    const bytes = await readFile(images)
    // Image 1 again as image 4: both come for training, and are of one class.
    bytes.copy(bytes, 16 + 4 * 36, 16 + 36, 16 + 2 * 36)
    const [pixels, classes] = ['twins-images-idx3-ubyte', 'twins-labels-idx1-ubyte'].map((one) => join(folder, one))
    await writeFile(pixels, bytes)
    await writeFile(classes, await readFile(labels))
    await call(['data', 'add', pixels, classes, '--name', 'twins', '--accept', 'equal-across-splits'])
    const words = ['train', ...tiny.slice(2), '--data', 'twins', '--split', '0.5,0.25,0.25', '--split-from', 'all']
    const outcomes = []
    for (const seed of ['1', '2', '3', '4', '5', '6']) outcomes.push({ seed, ...(await call([...words, '--split-seed', seed, '--json'])) })
    const leaking = outcomes.find(({ code }) => code === 2)!
    expect(outcomes.map(({ code }) => code)).toContain(0)
    expect(leaking.last).toMatchObject({
      code: 'doubtful',
      message: expect.stringMatching(/1 of 30 (validation|test) images is also among those for training/) as string,
      remedy: expect.stringContaining('--accept equal-across-splits') as string,
    })
    const { code, last } = await call([...words, '--split-seed', leaking.seed, '--accept', 'equal-across-splits', '--json'])
    expect(code).toBe(0)
    expect((await call(['show', String(last.run)])).out).toContain(
      `60 training, 30 validation, 30 test; dealt anew from 120 images, seed ${leaking.seed}; images that are equal across splits kept`,
    )
    for (const wrong of ['0.5', '0.5,x', '1.5,2', '-1,2,3']) {
      const { code: status, err } = await call(['train', '--data', 'twins', `--split=${wrong}`])
      expect({ status, err }).toEqual({ status: 2, err: expect.stringContaining('such as 0.8,0.1,0.1 or 800,100,100') as string })
    }
  })

  it('Ctrl+C pauses with a checkpoint and exits with 130; resume goes on; runs lists', async () => {
    const paused = await call(['train', ...tiny, '--json'], {}, 7)
    expect(paused.code).toBe(130)
    expect(paused.last).toMatchObject({
      event: 'error',
      code: 'cancelled',
      message: expect.stringContaining('is paused at step') as string,
    })
    const { lines, last: listed } = await call(['runs', '--json'])
    expect(lines[0]).toMatchObject({ event: 'run', state: 'paused' })
    const [run] = listed.runs as { id: string; name: string; state: string; step: number }[]
    expect(kinds(run)).toMatchObject({ id: 'string', name: 'string', state: 'string', step: 'number' })
    expect(paused.last.remedy).toBe(`Go on with it: lab resume ${run.id}`)
    const { code, last } = await call(['resume', run.id, '--json'])
    expect(code).toBe(0)
    expect(last).toMatchObject({ event: 'result', run: run.id, step: 20 })
    expect((await call(['runs'])).out).toMatch(new RegExp(`${run.id} .*finished +20/20`))
  })

  it('forks', async () => {
    const run = await train()
    const { code, last } = await call(['fork', run, '--at', '15', '--set', 'method.lambda=10', '--json'])
    expect(code).toBe(0)
    expect(kinds(last)).toEqual({ event: 'string', run: 'string', step: 'number', seconds: 'number' })
    expect(last.run).not.toBe(run)
    expect((await call(['show', last.run as string])).out).toContain(`from ${run} at step 15`)
  })

  it('samples, evaluates, votes, distils, maps, reports and exports', async () => {
    const run = await train()
    const networks = join(folder, 'networks.npz')
    const sampled = await call(['sample', run, '-n', '4', '--out', networks, '--json'])
    expect(kinds(sampled.last)).toEqual({ event: 'string', n: 'number', seconds: 'number', path: 'string' })
    expect((await readFile(networks)).subarray(0, 2).toString()).toBe('PK')

    const evaluated = await call(['evaluate', run, '-n', '5', '--images', '10', '--json'])
    expect(kinds(evaluated.last)).toMatchObject({
      n: 'number',
      images: 'number',
      mean: 'number',
      std: 'number',
      min: 'number',
      max: 'number',
      loss: 'number',
      entropy: 'number',
    })
    expect((await call(['evaluate', run, '-n', '5', '--images', '10'])).out).toContain('computed before')

    const voted = await call(['ensemble', run, '--sizes', '1,5', '--images', '10', '--json'])
    const [size] = voted.last.sizes as object[]
    expect(kinds(size)).toMatchObject({
      size: 'number',
      majority: 'number',
      meanProbability: 'number',
      mostConfident: 'number',
      low: 'object',
      high: 'object',
    })

    const distilled = await call(['distil', run, '-n', '3', '--json'])
    expect(kinds(distilled.last)).toMatchObject({
      student: 'number',
      ensemble: 'number',
      bestMember: 'number',
      meanMember: 'number',
      path: 'string',
    })

    const map = await call(['map', run, '-n', '6', '--out', join(folder, 'map.csv'), '--json'])
    expect(kinds(map.last)).toMatchObject({ n: 'number', seconds: 'number', klDivergence: 'number', path: 'string' })
    expect(await readFile(map.last.path as string, 'utf8')).toMatch(/^index,x,y,accuracy,loss,disagreement/)

    const reported = await call(['report', run, '--format', 'html,md', '--out', join(folder, 'report'), '--json'])
    const [html] = reported.last.reports as string[]
    const page = await readFile(html, 'utf8')
    expect(page).toContain(run)
    expect(page).not.toContain('<script')

    for (const what of [['--network', '2'], ['--student']]) {
      const exported = await call(['export', run, ...what, '--format', 'safetensors', '--out', join(folder, 'one.safetensors'), '--json'])
      expect(exported).toMatchObject({ code: 0, last: { event: 'result', path: join(folder, 'one.safetensors') } })
    }
    const shown = (await call(['show', run])).out
    expect(shown).not.toContain('Training began')
    const log = (await call(['show', run, '--log'])).out
    expect(log).toMatch(/Log\n(.*\n)*.*step 0: Training began/)
    for (const word of ['Evaluations', 'Ensembles', 'Students', 'Maps', 'Reports']) expect(shown).toContain(word)
  })

  it('gives a run another name, tags and a note, and puts it and its data into the trash and back', async () => {
    const run = await train()
    const edited = await call(['runs', 'edit', run, '--name', 'base', '--tag', 'paper', '--tag', 'lambda', '--note', 'looked at', '--json'])
    expect(edited.last).toMatchObject({ id: run, name: 'base', tags: ['paper', 'lambda'], note: 'looked at' })
    expect((await call(['show', 'base'])).out).toMatch(/tags +paper, lambda\nnote +looked at\n/)
    expect((await call(['runs', 'edit', 'base', '--no-tags', '--json'])).last).toMatchObject({ tags: [], note: 'looked at' })
    const { dataset } = (await call(['show', run, '--json'])).last as { dataset: string }
    expect((await call(['data', 'remove', dataset])).err).toContain('is used by the run')
    const others = (await call(['runs', '--json'])).lines.filter(({ event }) => event === 'run').map(({ id }) => String(id))
    const removed = await call(['runs', 'remove', 'base', ...others, run])
    expect(removed.out).toContain(`${run} `)
    expect((await call(['runs'])).out).toContain('There are no runs yet.')
    expect((await call(['data', 'remove', dataset, '--json'])).last).toMatchObject({ removed: dataset })
    expect((await call(['trash', '--restore', dataset, ...others])).out).toContain('Restored')
    expect((await call(['show', 'base'])).code).toBe(0)
  })

  it('writes commands into its report that do the same again', async () => {
    const run = await train('--seed', '5')
    const fork = String((await call(['fork', run, '--at', '15', '--set', 'method.lambda=10', '--json'])).last.run)
    await call(['evaluate', fork, '-n', '4', '--images', '10'])
    await call(['ensemble', fork, '--sizes', '1,4', '--images', '10'])
    await call(['distil', fork, '-n', '3', '--steps', '7', '--label-weight', '0.3', '--width', '2'])
    await call(['map', fork, '-n', '5', '--method', 'pca'])
    const file = join(folder, 'again', 'once.md')
    expect((await call(['report', fork, '--format', 'html,md', '--out', file])).err).toContain(
      '--out names one file, once.md, and --format asks for html, md.',
    )
    const reported = await call(['report', fork, '--out', file, '--json'])
    expect(reported.last.reports).toEqual([file])
    expect(await readdir(join(folder, 'again'))).toContain('once.md')
    const text = await readFile((reported.last.reports as string[])[0], 'utf8')
    const block = (/\*\*Commands\*\*\n+```\n([^]*?)\n```/.exec(text) ?? [])[1]
    // As a shell reads them: what is continued is one line, and quoted pieces that touch are one word.
    const commands = block.replaceAll('\\\n', '').split('\n')
    expect(commands.map((line) => line.split(/ +/)[4])).toEqual([
      ...['train', 'fork', 'evaluate', 'ensemble', 'distil'],
      'evaluate', // of the map's networks
      ...['map', 'report'],
    ])

    const before = await call(['show', fork, '--json'])
    dataDir = join(folder, `data-${++serial}`)
    await call(['data', 'add', ...(await writeTinyIdx(folder)), '--name', 'bars'])
    for (const line of commands) {
      const words = [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", '')).slice(4)
      const named = words.map((word) => (word === run ? 'latest' : word))
      const out = named.indexOf('--out')
      if (out >= 0) named[out + 1] = join(folder, 'twice')
      expect(await call([...named, '--json'])).toMatchObject({ code: 0 })
    }
    const after = await call(['show', 'latest', '--json'])
    expect(hashes(after.last)).toEqual(hashes(before.last))
    expect(learned(after.last)).toEqual(learned(before.last))
    for (const kind of ['ensembles', 'students', 'maps']) expect(after.last[kind]).toHaveLength((before.last[kind] as object[]).length)
  })

  it('says of an option that it changes nothing, and goes on', async () => {
    const run = await train()
    const { code, err } = await call(['map', run, '-n', '3', '--method', 'pca', '--perplexity', '2'])
    expect([code, err]).toEqual([0, expect.stringContaining('--perplexity has no effect without --method tsne.')])
    expect((await call(['map', run, '-n', '4', '--method', 'tsne', '--perplexity', '1'])).err).not.toContain('no effect')
  })

  it.each([
    ['sweep run wide', '--vary method.lambda=100,1e3 --random training.learningRate=0.001..0.01:log --trials 1 --random-seed 5'],
    ['sweep run long', '--vary training.steps=3,4 -n 3 --split test'],
    ['study run each', '--presets mnist-quick,mnist-ensemble --as-presets --set training.steps=4'],
    ['study run seen', '--presets mnist-quick,mnist-ensemble --train-images 96'],
  ])('%s: its command makes the same in another lab', async (name, options) => {
    const common = ['--set', tinySettings[0], '--data', 'bars', '--seeds', '4,9', '--images', '5', '--analyses', 'evaluation']
    const made = async (words: string[]) => {
      const { code, err, last } = await call([...words, '--json'])
      expect(code, err).toBe(0)
      const record = await readFile(join(dataDir, 'studies', `${last.name as string}.json`), 'utf8')
      const { study, plan } = JSON.parse(record.slice(record.indexOf('{'))) as { study: object; plan: object[] }
      return { command: last.command as string, study, plan, done: last.done }
    }
    const { command, ...first } = await made([...`${name} ${options}`.split(' '), ...common])
    dataDir = join(folder, `data-${++serial}`)
    await call(['data', 'add', ...(await writeTinyIdx(folder)), '--name', 'bars'])
    const typed = spawnSync('sh', ['-c', command.replace('npm run lab --', String.raw`printf '%s\n'`)], { encoding: 'utf8' })
    expect(await made(typed.stdout.trim().split('\n'))).toEqual({ command, ...first })
    expect(first).toMatchObject({ plan: [{}, {}], done: 4 })
    const [kind, , own] = name.split(' ')
    expect((await call([kind, 'show', own])).out).toContain('4 of 4 runs over')
    expect((await call([kind, 'list'])).out).toContain('4 of 4')
  })

  it('the command that submits a sweep makes the same sweep', async () => {
    await call(['data', 'add', ...(await writeTinyIdx(folder)), '--name', 'bars'])
    const study = { ...sweepDefaults, data: 'bars', vary: [{ key: 'method.lambda', values: [10, 100] }], seeds: [4, 9] }
    const line = studyCommand('far', study, 'bars', 'submit').replace('npm run lab -- ', '')
    vi.stubEnv('PATH', folder) // where there is no Slurm
    expect((await call([...line.split(' '), '--json'])).last).toMatchObject({ message: 'There is no squeue on this machine.' })
    vi.unstubAllEnvs()
    const { last } = await call(['sweep', 'show', 'far', '--json'])
    expect(last.study).toEqual(study)
    expect(String(last.command)).toBe(studyCommand('far', study, 'bars'))
  })

  it.each([
    ['--minutes 2', { kind: 'seconds', seconds: 120 }],
    ['--train-images 96', { kind: 'images', images: 96 }],
    ['--steps 7', { kind: 'steps', steps: 7 }],
    ['--as-presets', { kind: 'preset' }],
  ])('a study with %s has that budget', async (option, budget) => {
    await call(['data', 'add', ...(await writeTinyIdx(folder)), '--name', 'bars'])
    const line = `study run of-${option.split(' ')[0].slice(2)} --data bars --presets mnist-quick,mnist-ensemble --seeds 1 ${option}`
    expect((await call(line.split(' '), { refuse: new LabError('conflict', 'It began.', '') })).err).toContain('It began.')
    const { last } = await call(['study', 'show', line.split(' ')[2], '--json'])
    expect(last).toMatchObject({ study: { budget } })
  })

  it('prints tables for people', async () => {
    const run = await train()
    expect((await call(['ensemble', run, '--sizes', '1,3', '--images', '10'])).out).toMatch(
      /size +ensembles +mean probability +majority +most confident/,
    )
    expect((await call(['distil', run, '-n', '3'])).out).toMatch(/student +95\s% \[66,\s99\]/)
    expect((await call(['map', run, '-n', '3', '--method', 'pca'])).out).toContain('40.0 % and 20.0 % of variance')
  })
})

describe('files', () => {
  it('are written into folders that are made for them, and where none can be, before anything is computed', async () => {
    await call(['data', 'add', ...(await writeTinyIdx(folder)), '--name', 'bars'])
    const run = await train()
    for (const words of [
      ['map', run, '-n', '4', '--method', 'pca', '--no-colours', '--out'],
      ['sample', run, '-n', '2', '--format', 'npz', '--out'],
      ['export', run, '--network', '1', '--format', 'npz', '--out'],
    ]) {
      const path = join(folder, 'new', words[0], 'deep', 'file')
      expect((await call([...words, path, '--json'])).last).toMatchObject({ event: 'result', path })
      expect((await readFile(path)).length).toBeGreaterThan(0)
      const { code, lines } = await call([...words, join(path, 'inside'), '--json'], { refuse: new LabError('internal', 'Began.', '') })
      expect(code).toBe(1)
      expect(lines).toMatchObject([{ event: 'error', code: 'disk', remedy: 'Choose another (--out).' }])
      const refused = await call([...words, join(folder, 'empty', 'deep', 'file')], { refuse: new LabError('memory', 'Began.', 'Go.') })
      expect([refused.code, refused.err, existsSync(join(folder, 'empty'))]).toEqual([1, expect.stringContaining('Began.'), false])
    }
  })
})

describe('a place that is a lab’s own', () => {
  it('is never written over, by whichever name it is called', async () => {
    await call(['data', 'add', ...(await writeTinyIdx(folder)), '--name', 'bars'])
    const run = await train()
    const link = join(folder, 'link-to-database')
    symlinkSync(join(dataDir, 'weightscape.db'), link)
    for (const path of [link, join(dataDir, 'weightscape.db'), join(dataDir, 'commit-mark'), join(dataDir, 'runs', run, 'x.npz')]) {
      const { code, err } = await call(['sample', run, '-n', '2', '--format', 'npz', '--out', path])
      expect([code, err]).toEqual([2, expect.stringContaining(`belongs to the lab in ${dataDir}: nothing is written over it`)])
    }
    // A data folder may be one that holds other things too.
    expect((await call(['sample', run, '-n', '2', '--out', join(dataDir, 'mine', 'x.npz')])).code).toBe(0)
    expect((await call(['runs', '--json'])).code).toBe(0)
  })
})

describe('a place that is no file', () => {
  it('a pipe gets what a file would hold, and stays a pipe; a link stays a link', async () => {
    await call(['data', 'add', ...(await writeTinyIdx(folder)), '--name', 'bars'])
    const run = await train()
    for (const [i, words] of [
      ['map', run, '-n', '4', '--method', 'pca', '--no-colours'],
      ['sample', run, '-n', '3', '--format', 'npz'],
      ['sample', run, '-n', '3', '--format', 'safetensors'],
      ['export', run, '--network', '1', '--format', 'safetensors'],
      ['export', run, '--network', '1', '--format', 'onnx'],
    ].entries()) {
      const [file, pipe, link] = ['file', 'pipe', 'link'].map((name) => join(folder, `${name}-${i}`))
      spawnSync('mkfifo', [pipe])
      symlinkSync(file, link)
      expect((await call([...words, '--out', link])).code).toBe(0)
      expect(lstatSync(link).isSymbolicLink()).toBe(true)
      const reading = readFile(pipe)
      expect((await call([...words, '--out', pipe])).code).toBe(0)
      expect([words, (await reading).equals(await readFile(file))]).toEqual([words, true])
      expect(lstatSync(pipe).isFIFO()).toBe(true)
    }
    expect((await call(['sample', run, '-n', '1', '--format', 'npz', '--out', folder, '--json'])).last).toMatchObject({
      code: 'invalid-argument',
      message: `${folder} is a folder: it cannot be written as a file.`,
      remedy: 'Choose the path of a file (--out).',
    })
  })
})

describe('verify', () => {
  it('prints the largest errors', async () => {
    const golden = join(folder, 'golden.json')
    await writeFile(golden, '{}')
    const { code, last } = await call(['verify', golden, '--json'])
    expect(code).toBe(0)
    expect(last).toMatchObject({ event: 'result', ok: true, worst: { name: 'weights', relativeError: 1e-6 } })
  })

  it('fails where they are too large, and its last line is the result all the same', async () => {
    const golden = join(folder, 'golden.json')
    await writeFile(golden, '{}')
    const { code, last } = await call(['verify', golden, '--json'], { relativeError: 0.5 })
    expect(code).toBe(1)
    expect(last).toMatchObject({ event: 'result', ok: false, worst: { name: 'weights', relativeError: 0.5 } })
    const told = await call(['verify', golden], { relativeError: 0.5 })
    expect(told.code).toBe(1)
    expect(told.out).toContain('They do not agree: weights by 5.00e-1.')
  })

  it.each([
    ['absent.json', 'not-found', 'absent.json is not there.'],
    ['broken.json', 'bad-input', 'broken.json could not be read: it ends early.'],
  ])('of %s fails with 1', async (name, code, sentence) => {
    await writeFile(join(folder, 'broken.json'), '{')
    const { code: exit, last } = await call(['verify', join(folder, name), '--json'])
    expect(exit).toBe(1)
    expect(last).toMatchObject({ event: 'error', code, message: expect.stringContaining(sentence) as string })
  })
})

describe('bad input', () => {
  it.each([
    [['show', 'absent'], 'There is no run "absent".'],
    [['data', 'show', 'absent'], 'There is no data set "absent".'],
    [['data', 'add', '/absent/images-idx3-ubyte'], '/absent/images-idx3-ubyte is not there.'],
    [['train', '--data', 'absent'], 'There is no data set "absent".'],
    [['train', '--document', '/absent.json'], '/absent.json is not there.'],
    [['train', '--set', 'target=@/absent.json'], '/absent.json is not there.'],
    [['study', 'run', 'of-files', '--set', 'target=@/absent.json'], '/absent.json is not there.'],
    [['sweep', 'run', 'of-files', '--vary', 'method.lambda=1,2', '--set', 'target=@/absent.json'], '/absent.json is not there.'],
    [['study', 'run', '/absent.json'], '/absent.json is not there.'],
    [['sweep', 'submit', 'of-files', '--slurm', '--vary', 'method.lambda=1,2', '--template', '/absent.sh'], '/absent.sh is not there.'],
    [['sweep', 'run', 'of-files', '--vary', 'method.lambda=1,2', '--document', '/'], '/ is a folder, not a file.'],
    [['verify', '/'], '/ is a folder, not a file.'],
  ])('%j names what is not there and exits with 1', async (words, sentence) => {
    const { code, last } = await call([...words, '--json'])
    expect(code).toBe(1)
    expect(last).toMatchObject({ event: 'error', message: expect.stringContaining(sentence) as string })
    expect(last.remedy).not.toBe('')
  })

  it.each([
    ['study', '{"a": 1}', 'has no "name".'],
    ['study', '{"name": "x"}', 'has no "study".'],
    ['sweep', '[1, 2]', 'has no "name".'],
    ['sweep', 'null', 'has no "name".'],
    ['study', '{"name": "x",\n', 'could not be read: it ends early.'],
    ['train', '[1, 2]', 'given.json could not be read: it holds no object.'],
  ])('a file of %s with %s is refused with what is wrong', async (command, text, sentence) => {
    const path = join(folder, 'given.json')
    await writeFile(path, text)
    const { code, last } = await call([...(command === 'train' ? ['train', '--document', path] : [command, 'run', path]), '--json'])
    expect(code).not.toBe(0)
    expect(last).toMatchObject({ event: 'error', message: expect.stringContaining(sentence) as string })
    expect(last.remedy).not.toContain('(--')
  })

  it('a point of the cockpit that is not there is told from a file that is none', async () => {
    const path = join(folder, 'point.json')
    await expect(readPoint(path, 'a')).rejects.toThrow(`${path} is not there.`)
    await writeFile(path, '[1, 2]')
    await expect(readPoint(path, 'a')).rejects.toThrow(`${path} is no point of the latent cockpit.`)
  })

  it('a truncated IDX file is named, and nothing of it is kept', async () => {
    const paths = await writeTinyIdx(folder)
    await writeFile(paths[0], (await readFile(paths[0])).subarray(0, 1000))
    const { code, last } = await call(['data', 'add', ...paths, '--json'])
    expect(code).toBe(1)
    expect(last).toMatchObject({ code: 'bad-input', message: expect.stringContaining('train-images-idx3-ubyte') as string })
    expect((await call(['data', 'list', '--json'])).last).toMatchObject({ datasets: [] })
  })

  it('images and labels that do not agree are named', async () => {
    const paths = await writeTinyIdx(folder)
    await writeFile(paths[1], await readFile(paths[3]))
    expect(await call(['data', 'add', ...paths, '--json'])).toMatchObject({ code: 1, last: { code: 'bad-input' } })
  })

  it.each([['/dev/null/data', 'disk']])('a data folder that cannot be made (%s) is named', async (place, code) => {
    const { code: exit, last } = await call(['train', '--data-dir', place, '--json'])
    expect(exit).toBe(1)
    expect(last).toMatchObject({ event: 'error', code, message: expect.stringContaining(place) as string })
  })

  describe('with a data folder', () => {
    beforeEach(async () => {
      await call(['data', 'add', ...(await writeTinyIdx(folder)), '--name', 'bars'])
    })

    it('in use by another process: who holds it, and what may be done meanwhile', async () => {
      const holder = createLab({ dataDir, engine: fakeEngine(), command: 'train --preset mnist-paper' })
      const { code, last } = await call(['train', ...tiny, '--json'])
      expect(code).toBe(1)
      expect(last).toMatchObject({
        event: 'error',
        code: 'conflict',
        message: expect.stringContaining('train --preset mnist-paper') as string,
      })
      expect((await call(['runs', '--json'])).code).toBe(0)
      await holder.close()
    })

    it('of a newer version: it is refused, and left as it is', async () => {
      const database = new Sqlite(join(dataDir, 'weightscape.db'))
      database.pragma('user_version = 999')
      database.close()
      for (const words of [['train', ...tiny], ['runs']]) {
        expect(await call([...words, '--json'])).toMatchObject({ code: 1, last: { event: 'error', code: 'newer-store' } })
      }
    })

    it('a diverged run: exit 1, the last finite checkpoint, a fork to go on with', async () => {
      const { code, last } = await call(['train', ...tiny, '--json'], { divergeAt: 12 })
      expect(code).toBe(1)
      expect(last).toMatchObject({
        code: 'diverged',
        remedy: expect.stringMatching(/fork [a-z-]+(\d+)? --at 10 --set training\.learningRate=/) as string,
      })
    })

    it('a damaged checkpoint: it is named, and the one before goes on to the same end', async () => {
      const run = await train()
      const paused = await call(['train', ...tiny, '--json'], { dieAfter: 12 })
      const id = (/resume ([\w-]+)/.exec(paused.last.remedy as string) ?? [])[1]
      const { last } = await call(['show', id, '--json'])
      const [newest] = last.checkpoints as { step: number; path: string }[]
      const bytes = await readFile(newest.path)
      bytes[bytes.length - 5] ^= 0xff
      await writeFile(newest.path, bytes)
      const resumed = await call(['resume', id, '--json'])
      expect(resumed.code).toBe(0)
      expect(resumed.lines).toContainEqual({
        event: 'note',
        message: expect.stringContaining(`Checkpoint at step ${newest.step} was skipped`) as string,
      })
      const end = async (name: string) => ((await call(['show', name, '--json'])).last.checkpoints as { hash: string }[])[0].hash
      expect(await end(id)).toBe(await end(run))
    })
  })
})

describe('the program', () => {
  const main = join(import.meta.dirname, 'main.ts')
  const start = (...words: string[]) =>
    spawnSync(process.execPath, [main, ...words], { encoding: 'utf8', env: { ...process.env, WEIGHTSCAPE_DATA: join(folder, 'program') } })

  it('runs as a process, and keeps its words and its results apart', () => {
    const listed = start('runs', '--json')
    expect(listed).toMatchObject({ status: 0, stdout: '{"event":"result","runs":[]}\n', stderr: '' })
    const wrong = start('trian')
    expect(wrong).toMatchObject({ status: 2, stdout: '' })
    expect(wrong.stderr).toContain('Did you mean train?')
  })

  it('loads no TensorFlow', () => {
    const script =
      "process.on('exit', () => console.error(process.report.getReport().sharedObjects.filter((file) => file.includes('tensorflow')).length))"
    const preload = `data:text/javascript,${script}`
    const shown = spawnSync(process.execPath, ['--import', preload, main, 'runs'], {
      encoding: 'utf8',
      env: { ...process.env, WEIGHTSCAPE_DATA: join(folder, 'program') },
    })
    expect(shown.stderr.trim()).toBe('0')
  })
})

afterEach(() => rm(dataDir, { recursive: true, force: true }))
