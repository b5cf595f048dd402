/**
 * How long one MNIST target network takes on one thread: laying out its images, loss and gradient of a
 * batch of 32, probabilities of 1,000 images.
 *
 *   node bench/micro/target.ts [processes] [seconds]
 *
 * More processes run the same at once, as a farm does, and share cache and memory bandwidth.
 */
import { spawn } from 'node:child_process'
import { layOut } from '../../src/engine/target-network/layout.ts'
import { createTargetProgram } from '../../src/engine/target-network/target-program.ts'
import { recommendedEnvironment } from '../../src/engine/native/environment.ts'
import { loadTensorFlow } from '../../src/main/engine-host/load-tensorflow.ts'
import { presets } from '../../src/shared/presets.ts'

const [processes = 1, seconds = 5] = process.argv.slice(2).map(Number)

if (process.env['MICRO_TARGET'] === undefined) {
  for (const [title, tuned] of [
    ['malloc tuned', recommendedEnvironment],
    ['malloc as it comes', {}],
  ] as const) {
    const outputs = await Promise.all(Array.from({ length: processes }, () => runChild(tuned)))
    process.stdout.write(`${title}, ${processes} at once (min and median, ms)\n${outputs.join('')}`)
  }
} else {
  await measure()
}

function runChild(tuned: Readonly<Record<string, string>>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const environment = { TF_NUM_INTRAOP_THREADS: '1', ...process.env, ...tuned, MICRO_TARGET: '1' }
  const child = spawn(process.execPath, process.argv.slice(1), { env: environment, stdio: ['ignore', 'pipe', 'ignore'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.on('error', reject)
  child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`Ended with ${code}: ${output}`))))
  return promise
}

async function measure(): Promise<void> {
  await loadTensorFlow()
  const layout = layOut(presets['mnist-paper'].target)
  const program = await createTargetProgram(layout)
  const count = 1000
  const set = {
    images: Uint8Array.from({ length: count * 784 }, (_, i) => Math.max(0, Math.sin(i * 12.9898) * 400 - 200)),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
    count,
    height: 28,
    width: 28,
    channels: 1,
  }
  const weights = Float32Array.from({ length: layout.weightCount }, (_, i) => Math.sin(i * 78.233) * 0.1)
  const indices = Array.from({ length: 32 }, (_, i) => (i * 29) % count)
  const all = program.prepare(
    set,
    Array.from({ length: count }, (_, i) => i),
  )
  const batch = program.prepare(set, indices)
  const parts: Record<string, { work: () => unknown; times: number[]; busy: number[] }> = {
    'prepare 32 images': { work: () => program.prepare(set, indices), times: [], busy: [] },
    'loss and gradient on 32': { work: () => program.lossAndGradientOn(weights, [batch]), times: [], busy: [] },
    'probabilities of 1000': { work: () => program.probabilitiesOn(weights, all, 1), times: [], busy: [] },
  }
  const end = performance.now() + seconds * 1000
  for (let round = 0; performance.now() < end; round++) {
    for (const [name, { work, times, busy }] of Object.entries(parts)) {
      if (name.startsWith('probabilities') && round % 20 !== 0) continue
      const start = performance.now()
      const before = process.threadCpuUsage()
      work()
      const { user, system } = process.threadCpuUsage(before)
      if (round <= 2 && !name.startsWith('probabilities')) continue
      times.push(performance.now() - start)
      busy.push((user + system) / 1000)
    }
  }
  for (const [name, { times, busy }] of Object.entries(parts)) {
    const figures = [times, busy].map((values) => {
      values.sort((a, b) => a - b)
      return [values[0], values[values.length >> 1]].map((value) => (value ?? NaN).toFixed(2).padStart(8)).join('')
    })
    process.stdout.write(`  ${name.padEnd(26)}${figures.join('   of processor')}   (${times.length} times)\n`)
  }
}
