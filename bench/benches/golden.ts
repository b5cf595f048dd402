/** The rivals' own correctness: a rival that computes something else would be no yardstick. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { goldenHypernetwork, goldenTarget } from '../../src/methods/hypernetwork/verification/golden.ts'
import { parseGolden, type Nested } from '../../src/methods/hypernetwork/verification/golden-file.ts'
import { LabError } from '../../src/shared/errors.ts'
import { relativeError } from '../measure/relative-error.ts'
import type { Options } from '../options.ts'
import { formatTable } from '../report/table.ts'
import { startRival } from '../workers/catalogue.ts'
import { paperDocument } from './context.ts'

/** As the engine's own check has it. */
const tolerance = 1e-4

/** Numbers of a golden file that rivals compute too. */
interface Answer {
  loss: number
  crossEntropy: number
  entropy: number
  weights: Nested
  logits: Nested
  gradients: Record<'loss' | 'crossEntropy' | 'entropy', Nested[]>
}

/** Compares every rival with a golden file; returns the table, and whether all are within the tolerance. */
export async function checkRivals({ file, rivals }: Options, say: (line: string) => void): Promise<{ text: string; ok: boolean }> {
  const path = file ?? fileURLToPath(new URL('../../src/methods/hypernetwork/verification/fixtures/authors.json', import.meta.url))
  const golden = parseGolden(readJson(path))
  const tiny = golden.d_tiny_hypernetwork_train_mode
  const target = goldenTarget(golden)
  const experiment = { ...paperDocument(), target, method: goldenHypernetwork(golden, target) }
  const rows: string[][] = []
  let ok = true
  for (const rival of rivals) {
    const worker = await startRival(rival, say)
    const asked = { experiment, parameters: Object.values(tiny.trainable_values), z: tiny.z, x: tiny.x, labels: tiny.labels }
    const found = (await worker.ask('golden', asked)) as unknown as Answer
    await worker.close()
    const worst = (gradients: readonly Nested[], expected: Readonly<Record<string, Nested>>) =>
      Math.max(...Object.values(expected).map((tensor, i) => relativeError(gradients[i] ?? NaN, tensor)))
    const errors = [
      relativeError(found.weights, tiny.flattened_network),
      relativeError(found.logits, tiny.logits),
      relativeError([found.loss, found.crossEntropy, found.entropy], [tiny.loss, tiny.cross_entropy, tiny.entropy]),
      worst(found.gradients.loss, tiny.grad_loss),
      worst(found.gradients.crossEntropy, tiny.grad_cross_entropy),
      worst(found.gradients.entropy, tiny.grad_entropy),
    ]
    ok &&= errors.every((error) => error <= tolerance)
    rows.push([rival, ...errors.map((error) => error.toExponential(1))])
  }
  const head = ['largest relative error', 'weights', 'logits', 'losses', 'gradient: loss', 'cross-entropy', 'entropy']
  return { text: `${formatTable(head, rows)}\n${ok ? 'all' : 'NOT all'} within ${tolerance}`, ok }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown
  } catch (cause) {
    throw new LabError('bad-input', `${path} cannot be read as JSON: ${String(cause)}`, 'Name a golden file.', { cause })
  }
}
