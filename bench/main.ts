/** npm run bench: ours and rivals side by side, in one run on one machine. */
import { LabError, toErrorValue } from '../src/shared/errors.ts'
import { accuracyBench } from './benches/accuracy.ts'
import type { Bench } from './benches/context.ts'
import { coverageBench } from './benches/coverage.ts'
import { curvesBench } from './benches/curves.ts'
import { checkRivals } from './benches/golden.ts'
import { checkReferences } from './benches/references.ts'
import { attackBench, evaluateBench, sampleBench, stepBench } from './benches/repeated.ts'
import { importsBench } from './benches/imports.ts'
import { componentsBench, tsneBench } from './benches/points.ts'
import { uiBench } from './benches/ui.ts'
import { help, readOptions, type BenchName, type Options } from './options.ts'
import { describeMachine, machineLine } from './report/machine.ts'
import { keepResult, type BenchResult } from './report/results.ts'
import { killWorkers } from './workers/line-worker.ts'

/** Benches that compare numbers, not times. */
const checks = { golden: checkRivals, references: checkReferences }

const benches: Readonly<Record<Exclude<BenchName, keyof typeof checks>, Bench>> = {
  step: stepBench,
  sample: sampleBench,
  evaluate: evaluateBench,
  attack: attackBench,
  tsne: tsneBench,
  components: componentsBench,
  accuracy: accuracyBench,
  curves: curvesBench,
  ui: uiBench,
  imports: importsBench,
  coverage: coverageBench,
}

process.once('exit', killWorkers)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))

async function run(options: Options): Promise<void> {
  const print = options.json ? (text: string) => console.error(text) : (text: string) => console.log(text)
  const say = (line: string) => console.error(line)
  const { bench } = options
  if (bench === 'golden' || bench === 'references') {
    const { text, ok } = await checks[bench](options, say)
    print(text)
    if (options.json) console.log(JSON.stringify({ event: 'result', bench, ok }))
    process.exitCode = ok ? 0 : 1
    return
  }
  const machine = describeMachine()
  const { text, ...found } = await benches[bench]({ options, machine, say })
  const names = [bench, bench === 'step' || bench === 'curves' ? options.preset : undefined, options.device === 'gpu' ? 'gpu' : undefined]
  const result: BenchResult = {
    event: 'result',
    bench: names.filter((name) => name !== undefined).join('-'),
    ...found,
    machine,
  }
  print(text)
  if (result.ratio !== null) print(`ours over the fastest rival, by medians: ${result.ratio.toFixed(3)}`)
  print(machineLine(machine, result.versions))
  print(`kept in ${keepResult(result).join(' and ')}`)
  if (options.json) console.log(JSON.stringify(result))
}

let json = process.argv.includes('--json')
try {
  const options = readOptions(process.argv.slice(2))
  if (options === null) console.log(help)
  else {
    json = options.json
    await run(options)
  }
} catch (thrown) {
  const error = toErrorValue(thrown)
  console.error(`${error.message}\n${error.remedy}`)
  if (json) console.log(JSON.stringify({ event: 'error', ...error }))
  process.exitCode = thrown instanceof LabError && thrown.code === 'invalid-argument' ? 2 : 1
}
killWorkers()
