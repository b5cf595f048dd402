/** What an experiment would be and take, before it is made. */
import { availableParallelism, cpus } from 'node:os'
import { methodOf } from '../../../methods/registry.ts'
import { stepMetrics } from '../../../shared/metrics.ts'
import { arithmeticOf, trainedNetworks } from '../../../shared/arithmetic.ts'
import type { Plan } from '../../../shared/contract/runs.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { presets } from '../../../shared/presets.ts'
import { imageCosts, layOut } from '../../../shared/target-layout.ts'
import { processBytes, trainingBytes } from '../../../shared/training-memory.ts'
import type { DatasetRecord, Run } from '../../store/types.ts'
import { settingsBetween, trainCommand } from './command-lines.ts'
import type { DatasetService } from '../imports/datasets.ts'
import { sizeKeys } from '../experiment/architecture.ts'
import { differences, documentValue } from '../../../shared/document-differences.ts'
import { fitToData } from '../experiment/fit-to-data.ts'
import type { LabContext } from '../context/lab-context.ts'
import type { NewRunRequest, RunService } from './runs.ts'
import { LabService } from '../context/lab-service.ts'

/**
 * Multiplications and additions a second and core, where no run has shown what this machine does: about
 * what `mnist-quick` reaches on one core of a server of 2023, everything between the sums counted.
 */
const guessedRate = 2e10
const float = 4
/** Points that a test on the way leaves: mean, extremes, loss, entropy. */
const testMetrics = 5
/** A point of a metric in the database, with its part of the tree, bytes. */
const pointBytes = 32
/** Runs looked through for one like it. */
const lookedThrough = 50

type Estimate = Plan['estimate']

export class PlanningService extends LabService<LabContext & { runs: RunService; datasets: DatasetService }> {
  /** @throws LabError `invalid-argument`, `not-found`: as making the run would */
  async plan({ seeds, ...request }: NewRunRequest & { seeds?: readonly number[] }): Promise<Plan> {
    const document = await this.context.runs.document(request)
    const dataset = this.context.datasets.get(document.data.id)
    const known = Object.hasOwn(presets, document.preset)
    const preset = known ? await this.context.runs.withColours(fitToData(presets[document.preset], shapeOf(dataset))) : document
    const { seed } = preset
    const settings = settingsBetween(preset, seeds === undefined ? document : { ...document, seed })
    return {
      document,
      differs: differences([document, preset]).map(({ key, values: [value, standard] }) => ({ key, value, preset: standard })),
      estimate: this.#estimate(document, dataset),
      command: trainCommand(document.preset, dataset.name, settings, seeds),
      ...(await this.context.runs.splitFacts(document)),
      weights: layOut(document.target).weightCount,
    }
  }

  #estimate(document: Experiment, dataset: DatasetRecord): Estimate {
    const { steps, checkpointEvery } = document.training
    const { stepSeconds, basis } = this.#pace(document)
    const state = float * arithmeticOf(document).state
    const metrics = methodOf(document.method).metrics.length + stepMetrics.length
    const checkpoints = Math.min(3, 2 + Math.floor(steps / checkpointEvery))
    const tests = document.evaluation.every > 0 ? Math.ceil(steps / document.evaluation.every) : 0
    return {
      stepSeconds,
      seconds: stepSeconds * (steps + (tests * operationsATest(document)) / operationsAStep(document)),
      memoryBytes: processBytes + trainingBytes(document, dataset, this.context.farmProcesses),
      diskBytes: checkpoints * state + (steps * metrics + tests * testMetrics) * pointBytes,
      basis,
    }
  }

  /** From the newest run of the same sizes on this machine, else of any sizes, in proportion; else a guess. */
  #pace(document: Experiment): { stepSeconds: number; basis: string } {
    const cpu = cpus()[0]?.model.trim() ?? 'unknown'
    let other: { run: Run; seconds: number } | undefined
    for (const { id, step } of this.context.store.runs.page(lookedThrough)) {
      if (step < 5) continue
      const run = this.#readable(id)
      if (run === undefined) continue
      if (run.machine?.cpu !== cpu || run.machine.cores !== availableParallelism()) continue
      const seconds = this.#medianStep(id)
      if (seconds === undefined) continue
      if (sizesOf(run.document) === sizesOf(document)) {
        return { stepSeconds: seconds, basis: `The median step of ${run.name}, which has the same sizes, on this machine.` }
      }
      other ??= { run, seconds }
    }
    if (other !== undefined) {
      const { run, seconds } = other
      const factor = operationsAStep(document) / operationsAStep(run.document)
      return { stepSeconds: seconds * factor, basis: `In proportion to ${run.name}, which has other sizes, on this machine: rough.` }
    }
    const cores = availableParallelism()
    return {
      stepSeconds: operationsAStep(document) / (guessedRate * cores),
      basis: `A guess from the number of operations on ${cores} core${cores === 1 ? '' : 's'}: no run has been timed on this machine yet.`,
    }
  }

  /** A run that this version cannot read says nothing of others. */
  #readable(id: string): Run | undefined {
    try {
      return this.context.store.runs.get(id)
    } catch (thrown) {
      if (thrown instanceof LabError && ['bad-input', 'corrupt'].includes(thrown.code)) return undefined
      throw thrown
    }
  }

  #medianStep(run: string): number | undefined {
    const { metrics } = this.context.store
    const last = metrics.latest(run).stepMilliseconds?.step
    if (last === undefined) return undefined
    const values = metrics
      .read(run, 'stepMilliseconds', { from: Math.max(0, last - 200) })
      .flatMap(({ value }) => (value > 0 ? [value] : []))
    return values.length === 0 ? undefined : values.sort((a, b) => a - b)[values.length >> 1] / 1000
  }
}

const shapeOf = (dataset: DatasetRecord) => ({ ...dataset, split: dataset.suggestedSplit })

/** What decides how long a step takes. */
function sizesOf(document: Experiment): string {
  return JSON.stringify([
    sizeKeys(document).map((key) => documentValue(document, key)),
    arithmeticOf(document).networks,
    document.training.imageBatch,
  ])
}

/** Multiplications and additions of a step: three passes' worth (forward, and twice back) through target and method. */
function operationsAStep(document: Experiment): number {
  const { operations } = arithmeticOf(document)
  const image = imageCosts(layOut(document.target))
  return 3 * trainedNetworks(document) * (document.training.imageBatch * image.operations + operations)
}

/** Of a test on the way: forward alone. */
function operationsATest(document: Experiment): number {
  const { networks, images } = document.evaluation
  return networks * (images * imageCosts(layOut(document.target)).operations + arithmeticOf(document).operations)
}
