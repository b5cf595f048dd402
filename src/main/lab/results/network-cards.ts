/** One sampled network at a glance, from what an evaluation kept of it. */
import { ofKind } from '../../../analyses/registry.ts'
import type { Pictures } from '../../../shared/contract/datasets.ts'
import type { NetworkCard } from '../../../shared/contract/networks.ts'
import { dealtOrder } from '../../../shared/deal.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Data } from '../../../shared/experiment.ts'
import type { DatasetRecord, NetworkBookmark, ProbabilityCache } from '../../store/types.ts'
import type { ImageChoice, NetworkChoice } from '../runs/network-choice.ts'
import type { DatasetService } from '../imports/datasets.ts'
import type { FilterService } from './filters.ts'
import type { LabContext } from '../context/lab-context.ts'
import { picturesOf } from '../imports/pictures.ts'
import { resultsOfCheckpoint } from '../runs/checkpoint-results.ts'
import type { RunService } from '../runs/runs.ts'
import { accuracyOf, confusionOf, lossOf, predictions, rowsOf } from '../../../shared/scores.ts'
import { splitRange } from '../../../shared/split.ts'
import { LabService } from '../context/lab-service.ts'
import { count, plural } from '../../../shared/wording.ts'

/** Images shown that a network is worst at. */
const shownWorst = 24

export class CardService extends LabService<LabContext & { runs: RunService; datasets: DatasetService; filters: FilterService }> {
  /**
   * @throws LabError `not-found` when the network was not tested on these images, `corrupt` when what was
   *   kept of it is damaged (it is then made anew by testing again)
   */
  async card(id: string, index: number, choice: NetworkChoice & ImageChoice): Promise<NetworkCard> {
    const run = this.context.runs.get(id)
    const { hash: checkpoint, step } = this.context.runs.checkpointRecord(run.id, choice.at)
    const seed = choice.seed ?? run.document.seed
    const dataset = this.context.datasets.get(run.document.data.id)
    const images = choice.images ?? run.document.data.split[choice.split]
    const { store } = this.context
    const key = { run: run.id, checkpoint, seed, count: index + 1, dataset: dataset.hash, split: choice.split, images }
    const cache = store.probabilities.find(key)
    if (cache === null) {
      throw new LabError(
        'not-found',
        `Network ${index} of ${run.id} (step ${count(step)}, seed ${seed}) has not been tested on ${plural(images, `${choice.split} image`)}.`,
        'Test the networks first.',
        { action: 'evaluate', run: run.id, settings: { count: index + 1, split: choice.split, images } },
      )
    }
    const probabilities = await store.probabilities.read(cache, index, 1)
    const labels = await store.datasets.labels(run.document.data)
    const { from } = splitRange(run.document.data.split, choice.split)
    const judged = judge(probabilities, labels.subarray(from, from + images), cache)
    const filters = this.context.filters.knownOfNetwork(checkpoint, seed, index)
    const { worst, ...figures } = judged
    return {
      ...{ run: run.id, checkpoint, step, seed, index, images, classNames: dataset.classNames, filters },
      ...figures,
      worst: {
        ...worst,
        pictures: await this.#pictures(
          dataset,
          run.document.data,
          worst.images.map((image) => from + image),
        ),
      },
    }
  }

  /** Keeps a network's receipt under a label, with its accuracy where it was tested. @throws LabError `not-found` */
  bookmark(id: string, index: number, request: NetworkChoice & { label: string }): NetworkBookmark {
    const run = this.context.runs.get(id)
    const { hash: checkpoint } = this.context.runs.checkpointRecord(run.id, request.at)
    const seed = request.seed ?? run.document.seed
    const { store } = this.context
    const tested = ofKind(resultsOfCheckpoint(store, run.id, checkpoint).all, 'evaluation')
      .filter((evaluation) => evaluation.seed === seed && evaluation.result.n > index)
      .sort((a, b) => a.result.images - b.result.images)
      .at(-1)
    const accuracy = tested?.result.accuracies[index] ?? null
    return store.networks.bookmark({ run: run.id, checkpoint, seed, index, label: request.label, accuracy })
  }

  /** @param places in the order of the run's split; pictures are told by their place in the data set */
  async #pictures(dataset: DatasetRecord, data: Data, places: readonly number[]): Promise<Pictures> {
    const order = dealtOrder(data, dataset.count)
    return picturesOf(this.context.store, dataset, order === null ? places : places.map((place) => order[place]))
  }
}

interface Judgement extends Pick<NetworkCard, 'accuracy' | 'loss' | 'classAccuracies' | 'confusion'> {
  worst: { images: number[]; predicted: number[]; probability: number[] }
}

/** @param probabilities of one network, [images, classes] */
function judge(probabilities: Float32Array, labels: Uint8Array, { images, classes }: ProbabilityCache): Judgement {
  const ofTruth = new Float64Array(images)
  const predicted = predictions(probabilities, classes)
  const confusion = confusionOf(predicted, labels, classes)
  let loss = 0
  for (let image = 0; image < images; image++) {
    ofTruth[image] = probabilities[image * classes + labels[image]]
    loss += lossOf(ofTruth[image])
  }
  const worst = Array.from(ofTruth.keys())
    .sort((a, b) => ofTruth[a] - ofTruth[b])
    .slice(0, shownWorst)
  return {
    accuracy: accuracyOf(predicted, labels),
    loss: loss / images,
    classAccuracies: rowsOf(confusion, classes).map(({ total, right }) => (total === 0 ? 0 : right / total)),
    confusion,
    worst: { images: worst, predicted: worst.map((image) => predicted[image]), probability: worst.map((image) => ofTruth[image]) },
  }
}
