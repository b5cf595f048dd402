/**
 * How long the latent cockpit takes from a latent vector to what its picture shows, on the paper's target and hypernetwork:
 * weights, answers about the images and filters, in a process of their own and back. Prints milliseconds: median and p95.
 *
 *   node bench/micro/cockpit.ts [points] [images]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Farm } from '../../src/engine/farm/farm.ts'
import { methodEngine } from '../../src/engine/methods/method-engine.ts'
import { createEngineHost } from '../../src/main/engine-host/host.ts'
import { loadTensorFlow } from '../../src/main/engine-host/load-tensorflow.ts'
import { cockpitImages, pointOn } from '../../src/shared/cockpit.ts'
import { experimentSchema } from '../../src/shared/experiment.ts'
import { presets } from '../../src/shared/presets.ts'
import { quantile } from '../../src/shared/statistics/quantile.ts'

const [points = 200, images = cockpitImages] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'weightscape-cockpit-'))
const host = createEngineHost()
try {
  const split = { train: 1, validation: images, test: 0 }
  const count = images + 1
  const [imagesPath, labelsPath] = [join(folder, 'images'), join(folder, 'labels')]
  writeFileSync(
    imagesPath,
    Uint8Array.from({ length: count * 784 }, (_, i) => (i * 7919) % 256),
  )
  writeFileSync(
    labelsPath,
    Uint8Array.from({ length: count }, (_, i) => i % 10),
  )
  const document = experimentSchema.parse({ ...presets['mnist-paper'], data: { id: 'made-up', split } })
  await loadTensorFlow()
  // Before the first step there are no averages to sample with.
  const checkpoint = { ...(await methodEngine(document)).createTrainer(document, {} as Farm).toCheckpoint(), step: 1 }
  const reference = { hash: 'made-up', imagesPath, labelsPath, count, height: 28, width: 28, channels: 1, classes: 10, split }
  const began = performance.now()
  const exploration = host.explore({ document, checkpoint, data: reference, count: images })
  const axes = await exploration.axes({ kind: 'random', seed: 1, networks: [0, 1] })
  const opened = performance.now() - began
  const times: number[] = []
  for (let point = 0; point < points + 10; point++) {
    const from = performance.now()
    await exploration.point({ z: pointOn(axes, [Math.sin(point), Math.cos(point)]), layer: 1, channel: 0 })
    // The first ones load what later ones have.
    if (point >= 10) times.push(performance.now() - from)
  }
  times.sort((a, b) => a - b)
  const told = { points, images, opened: Math.round(opened), median: quantile(times, 0.5), p95: quantile(times, 0.95), max: times.at(-1) }
  process.stdout.write(`${JSON.stringify(told)}\n`)
} finally {
  await host.close()
  rmSync(folder, { recursive: true })
}
