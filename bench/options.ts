/** The command line of the benchmark. */
import { parseArgs } from 'node:util'
import { LabError } from '../src/shared/errors.ts'
import { methodRivals, defaultRivals, type MethodRival } from './workers/catalogue.ts'

export const benches = [
  'step',
  'sample',
  'evaluate',
  'attack',
  'tsne',
  'components',
  'accuracy',
  'curves',
  'golden',
  'references',
  'ui',
  'imports',
  'coverage',
] as const
export type BenchName = (typeof benches)[number]

export interface Options {
  bench: BenchName
  json: boolean
  /** Turns of each participant; undefined: the bench's own number. */
  rounds: number | undefined
  rivals: readonly MethodRival[]
  /** Of ours in `accuracy`, the rival runs it too, and mnist-paper; of all in `step`. Undefined: the bench's own. */
  preset: string | undefined
  /** key=value settings on top of the preset, for ours in `accuracy`. */
  set: readonly string[]
  /** Farm processes of ours; undefined: one a core. */
  processes: number | undefined
  /** Where ours runs: networks one by one in farm processes, or all at once on the device that TensorFlow has. */
  device: 'cpu' | 'gpu'
  /** Each is a race of its own in `accuracy`; the other benches take the first. */
  seeds: readonly number[]
  /** Steps between looks at the accuracy, and the first step looked at by ours. */
  every: number
  from: number
  /** Steps after which `accuracy` gives up. */
  limit: number
  /** Points for `tsne` and `components`: a file of little-endian float32, [n, dimensions]. */
  points: string | undefined
  dimensions: number
  /** Seconds of metrics in `ui`. */
  seconds: number
  /** The golden file of `golden`; undefined: the engine's own. */
  file: string | undefined
}

export const help = `npm run bench -- BENCH [options]

  step       one training step of mnist-paper, or of another preset: ours and the rivals in turns
  sample     weights of 200 networks at a time
  evaluate   200 networks on 1,000 validation images
  attack     fast gradient sign on one network: 1,000 images, 30 perturbations, against JAX
  tsne       3,000 points of 50 dimensions to the plane, against openTSNE and scikit-learn
  components 6 principal components of 3,000 networks, against scikit-learn
  accuracy   training time until 200 sampled networks are good: ours (mnist-quick) against the
             TensorFlow graph with the same document, and with the paper's
  curves     accuracy of deep ensemble, MC dropout and Bayes by Backprop as they train: ours, and the
             same in PyTorch
  ui         the window in a Chromium of this machine, while a run trains and while metrics rain
  imports    a preview of 60,000 images in each form, with the most memory of the process that reads
             them (Linux)
  coverage   how often each kind of interval holds what is so, on made-up measurements
  golden [FILE]  whether the rivals are right: their numbers against golden ones
  references whether laplace-torch, torch-uncertainty, Blitz and posteriors still say what the
             methods are held against (a download of some 5 GB)

  --rivals LIST     of ${methodRivals.join(', ')}; "none" for ours alone (default: ${defaultRivals.join(',')};
                    torch is a download of some 5 GB)
  --rounds N        turns each; ui: how often each thing is done; coverage: times as many
                    trials as its test has (default: 8, coverage: 20)
  --processes N     farm processes of ours (default: one a core)
  --device gpu      ours runs all networks at once, on the GPU that TensorFlow has, else on the
                    processor (default: cpu, one by one in farm processes)
  --preset NAME     accuracy: the preset of ours (default: mnist-quick); curves: one alone; step: of all (default:
                    mnist-paper; deep ensembles, dropout and Bayes by Backprop
                    have torch as their only rival, other methods none)
  --set KEY=VALUE   accuracy: a setting of ours, on top of the preset; repeatable
  --seeds LIST      accuracy, curves: a race each (default: 8734); otherwise the first is the rivals', and that of coverage
  --from N          accuracy: first step at which ours is looked at (default: 100)
  --every N         accuracy: steps between looks (default: 25)
  --limit N         accuracy: steps after which a participant gives up (default: 1500)
  --points FILE     tsne, components: float32 points instead of the built-in ones
  --dimensions N    tsne, components: of each point in that file (default: 50)
  --seconds N       ui: of 5,000 metrics a second (default: 60)
  --json            the table goes to stderr; the last line of stdout is the result
`

/**
 * Reads the arguments; null when help was asked for.
 * @throws LabError `invalid-argument`
 */
export function readOptions(args: readonly string[]): Options | null {
  const { values, positionals } = parse(args)
  if (values.help) return null
  const [name, file, ...more] = positionals
  const bench = benches.find((known) => known === name)
  if (bench === undefined) throw wrong(name === undefined ? 'No bench was named.' : `There is no bench "${name}".`)
  if (more.length > 0 || (file !== undefined && bench !== 'golden')) {
    throw wrong(bench === 'golden' ? '"golden" takes the path of one file.' : `"${bench}" takes options only.`)
  }
  return {
    bench,
    file,
    json: values.json,
    rounds: values.rounds === undefined ? undefined : whole('rounds', values.rounds),
    rivals: readRivals(values.rivals),
    device: readDevice(values.device),
    preset: values.preset,
    set: values.set,
    processes: values.processes === undefined ? undefined : whole('processes', values.processes),
    seeds: values.seeds.split(',').map((seed) => whole('seeds', seed, 0)),
    every: whole('every', values.every),
    from: whole('from', values.from),
    limit: whole('limit', values.limit),
    points: values.points,
    dimensions: whole('dimensions', values.dimensions, 2),
    seconds: whole('seconds', values.seconds, 8),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        json: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        rivals: { type: 'string', default: defaultRivals.join(',') },
        processes: { type: 'string' },
        device: { type: 'string', default: 'cpu' },
        preset: { type: 'string' },
        set: { type: 'string', multiple: true, default: [] },
        seeds: { type: 'string', default: '8734' },
        from: { type: 'string', default: '100' },
        every: { type: 'string', default: '25' },
        limit: { type: 'string', default: '1500' },
        points: { type: 'string' },
        dimensions: { type: 'string', default: '50' },
        seconds: { type: 'string', default: '60' },
      },
    })
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause))
  }
}

function readDevice(text: string): Options['device'] {
  if (text === 'cpu' || text === 'gpu') return text
  throw wrong(`--device is "${text}", but must be cpu or gpu.`)
}

function readRivals(text: string): MethodRival[] {
  if (text === 'none') return []
  return text.split(',').map((name) => {
    const rival = methodRivals.find((known) => known === name.trim())
    if (rival === undefined) throw wrong(`There is no rival "${name}".`)
    return rival
  })
}

function whole(option: string, text: string, least = 1): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least) throw wrong(`--${option} is "${text}", but must be a whole number of at least ${least}.`)
  return value
}

function wrong(message: string): LabError {
  return new LabError('invalid-argument', message, 'See npm run bench -- --help.')
}
