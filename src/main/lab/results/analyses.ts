/**
 * Analyses of a run's networks, whatever their kind: what must be there first, the job, what is stored of it, the line in
 * the run's log. What is particular to a kind, its definition and the parts in its folder say.
 */
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { NamedArrays } from '../../../analyses/analysis.ts'
import { analysisParts } from '../../../analyses/parts.ts'
import type { AnalysisKind, Result } from '../../../analyses/registry.ts'
import { settleRequest } from '../../../analyses/request.ts'
import type { AnalysisRequest, SettledRequest } from '../../../analyses/request.ts'
import type { JobOf } from '../../../shared/engine-protocol.ts'
import { LabError } from '../../../shared/errors.ts'
import { optionFacts } from '../../../analyses/option-facts.ts'
import { otherDataFault, otherDataOption } from '../../../analyses/other-data.ts'
import { otherRunsFault, otherRunsOption, readRunAt } from '../../../analyses/other-runs.ts'
import type { RunPart } from '../../../analyses/run-part.ts'
import { namedTargets } from '../../../analyses/other-target.ts'
import { methodOf } from '../../../methods/registry.ts'
import type { Experiment, Target } from '../../../shared/experiment.ts'
import { quoted } from '../../../shared/names.ts'
import { availableNetworks } from '../../../shared/network-count.ts'
import { layOut } from '../../../shared/target-layout.ts'
import type { TargetLayout } from '../../../shared/target-layout.ts'
import { canonicalJson } from '../../store/files/checksummed-json.ts'
import type { ProbabilityCache, ProbabilityKey, StoredResult } from '../../store/types.ts'
import type { LabContext } from '../context/lab-context.ts'
import type { DatasetService } from '../imports/datasets.ts'
import { onImages } from '../runs/network-choice.ts'
import type { ChosenNetworks, NetworkChoice } from '../runs/network-choice.ts'
import { lines } from '../runs/run-log.ts'
import type { RunService } from '../runs/runs.ts'
import { LabService } from '../context/lab-service.ts'
import { networksWhere } from './networks-where.ts'
import { otherTarget } from './other-targets.ts'

/** What the lab part of an analysis (`lab.ts` in its folder) works with. */
export interface Preparation {
  /** Which networks on which images; null: on none. */
  key: ProbabilityKey | null
  /** The same of networks of other runs that are laid beside them. */
  others: readonly ProbabilityKey[]
  /** What the networks are, and what is asked of them. */
  target: TargetLayout
  options: Record<string, unknown>
  /** Tests the networks where that was not done yet: what each says of each image, and how good it is. */
  evaluate: (key: ProbabilityKey) => Promise<{ result: Result<'evaluation'>; cache: ProbabilityCache }>
  /** Of some of the networks that were tested, [count, images, classes]. @throws LabError `corrupt` */
  read: (cache: ProbabilityCache, first: number, count: number) => Promise<Float32Array>
}

/** Finds what must be there before the job, as arrays to store beside its result. */
export type Prepare = (preparation: Preparation) => Promise<NamedArrays>

export interface Outcome<K extends AnalysisKind = AnalysisKind> {
  result: StoredResult & Result<K>
  /** It was computed before. */
  reused: boolean
}

/** Networks of another run that are laid beside those of the run. */
interface Beside {
  chosen: ChosenNetworks
  count: number
  /** Those on images; null: on none. */
  key: ProbabilityKey | null
}

const partOf = ({ chosen: { run, checkpoint, seed }, count }: Pick<Beside, 'chosen' | 'count'>): RunPart => ({
  ...{ run: run.id, name: run.name, step: checkpoint.record.step, checkpoint: checkpoint.record.hash, seed, count },
})

/** What is asked of other runs names them by id and step from here on. */
function withSteps({ analysis, options }: SettledRequest, beside: readonly Beside[]): Partial<Pick<SettledRequest, 'options'>> {
  const key = otherRunsOption(optionFacts(analysis))?.key
  if (key === undefined || beside.length === 0) return {}
  return { options: { ...options, [key]: beside.map(({ chosen: { run, checkpoint } }) => `${run.id}@${checkpoint.record.step}`) } }
}

/** With the targets that its options name, in order. */
type Settled = SettledRequest & { targets?: Target[] }

type Request<K extends AnalysisKind> = Omit<AnalysisRequest, 'kind'> & { kind: K }

export class AnalysisService extends LabService<LabContext & { runs: RunService; datasets: DatasetService }> {
  /**
   * Finds what was asked for; at once where the analysis reuses what is stored, and it is.
   * @throws LabError `invalid-argument` for what the analysis cannot do, `not-found`, `memory`; what its job fails with
   */
  async run<K extends AnalysisKind>(id: string, request: Request<K>): Promise<Outcome<K>> {
    const asked = settleRequest(request)
    const named = this.requireOthers(id, request)
    const settled = this.#otherTargets(id, { ...asked, ...(await this.#otherData(id, asked)) })
    requireAtWill(this.context.runs.get(id).document, settled)
    return this.context.runs.using(id, omitUndefined({ seed: request.seed, at: request.at }), (chosen) =>
      this.#usingAll(named, [], async (others) => {
        const of = (one: ChosenNetworks, count: number): ProbabilityKey | null => this.#key(one, { ...settled, count }, request)
        const key = of(chosen, settled.count)
        const beside = others.map((one): Beside => {
          const count = availableNetworks(one.run.document, settled.count)
          return { chosen: one, count, key: of(one, count) }
        })
        const outcome = await this.#find(chosen, { ...settled, ...withSteps(settled, beside) }, key, beside, request.fresh === true)
        return outcome as Outcome<K> // what a kind stores is of its kind
      }),
    )
  }

  /**
   * Other runs whose networks a request lays beside those of a run; none where it does not.
   * @throws LabError as `otherRunsFault`; `not-found` where there is no such run or checkpoint
   */
  requireOthers(id: string, request: AnalysisRequest): { run: string; at: number }[] {
    const { analysis, options } = settleRequest(request)
    const key = otherRunsOption(optionFacts(analysis))?.key
    const asked = key === undefined ? undefined : (options[key] as string[] | undefined)
    if (key === undefined || asked === undefined) return []
    const { runs } = this.context
    const own = runs.get(id)
    const named = asked.map((text) => {
      const { run, at } = readRunAt(text)
      return { run: runs.get(run), at }
    })
    const tested = analysis.images !== null && !(request.split === undefined && analysis.images.without !== undefined)
    const fault = otherRunsFault(
      own,
      named.map(({ run }) => run),
      key,
      tested,
    )
    if (fault !== null) throw fault
    return named.map(({ run, at }) => ({ run: run.id, at: runs.checkpointRecord(run.id, at).step }))
  }

  /** As `RunService.using`, of several runs. */
  async #usingAll<T>(
    named: readonly { run: string; at: number }[],
    chosen: readonly ChosenNetworks[],
    work: (chosen: readonly ChosenNetworks[]) => Promise<T>,
  ): Promise<T> {
    if (named.length === 0) return work(chosen)
    const [{ run, at }, ...others] = named
    return this.context.runs.using(run, { at }, (one) => this.#usingAll(others, [...chosen, one], work))
  }

  /** A stored result. @throws LabError `not-found` */
  get(id: string, result: number): StoredResult {
    return this.context.store.results.get(this.context.runs.get(id).id, result)
  }

  /** What it keeps beside it. @throws LabError `corrupt` */
  arrays(result: StoredResult): Promise<NamedArrays> {
    return this.context.store.results.arrays(result)
  }

  /** Indices of the networks for which a comparison holds. @throws LabError as `networksWhere` */
  where(id: string, filter: string, choice: NetworkChoice = {}): Promise<number[]> {
    const run = this.context.runs.get(id)
    const checkpoint = this.context.runs.checkpointRecord(run.id, choice.at)
    return networksWhere(this.context.store, { run: run.id, checkpoint, seed: choice.seed ?? run.document.seed }, filter)
  }

  /** What is asked of another data set names it by its hash from here on: a name may come to mean another. @throws LabError as `otherDataFault` */
  async #otherData(id: string, { analysis, options }: SettledRequest): Promise<Pick<SettledRequest, 'options'>> {
    const key = otherDataOption(optionFacts(analysis))?.key
    if (key === undefined) return { options }
    const { datasets, runs } = this.context
    const other = await datasets.resolve(String(options[key]))
    const fault = otherDataFault(datasets.get(runs.get(id).document.data.id), other, key)
    if (fault !== null) throw fault
    return { options: { ...options, [key]: other.hash } }
  }

  /** What names other targets names them by what lasts, and has them at hand. @throws LabError as `otherTarget` */
  #otherTargets(id: string, settled: SettledRequest): Settled {
    const named = namedTargets(optionFacts(settled.analysis), settled.options)
    if (named === undefined) return settled
    const { key, names } = named
    const { runs } = this.context
    const { target } = runs.get(id).document
    const found = names.map((name) => otherTarget(target, name, key, runs))
    const kept = found.map(({ name }) => name)
    const options = { ...settled.options, [key]: Array.isArray(settled.options[key]) ? kept : kept[0] }
    return { ...settled, options, targets: found.map((one) => one.target) }
  }

  /** The images it is measured on; null: none. */
  #key(chosen: ChosenNetworks, { analysis, count }: SettledRequest, { split, images }: AnalysisRequest): ProbabilityKey | null {
    if (analysis.images === null || (split === undefined && analysis.images.without !== undefined)) return null
    return onImages(chosen, count, omitUndefined({ split: split ?? 'validation', images }))
  }

  async #find(
    chosen: ChosenNetworks,
    settled: Settled,
    key: ProbabilityKey | null,
    beside: readonly Beside[],
    fresh: boolean,
  ): Promise<Outcome> {
    const stored = fresh ? undefined : this.#stored(chosen, settled, key)
    if (stored !== undefined) return { result: stored as Outcome['result'], reused: true }
    return { result: (await this.#make(chosen, settled, key, beside)).result as Outcome['result'], reused: false }
  }

  #stored({ run, checkpoint, seed }: ChosenNetworks, settled: SettledRequest, key: ProbabilityKey | null): StoredResult | undefined {
    const { analysis, count, networks, options } = settled
    const { store } = this.context
    if (!analysis.reuses) return undefined
    // Others work on what the networks said: where that is gone, it is found again.
    if (analysis.givesProbabilities === true && key !== null && store.probabilities.find(key) === null) return undefined
    const wanted = canonicalJson({
      ...{ checkpoint: checkpoint.record.hash, seed, count, networks, options },
      ...{ dataset: key?.dataset ?? null, split: key?.split ?? null, images: key?.images ?? null },
    })
    return store.results
      .list(run.id, { kind: analysis.kind, during: false })
      .findLast(
        ({ checkpoint, seed, count, networks, options, dataset, split, images }) =>
          canonicalJson({ checkpoint, seed, count, networks, options, dataset, split, images }) === wanted,
      )
  }

  async #make(
    chosen: ChosenNetworks,
    settled: Settled,
    key: ProbabilityKey | null,
    beside: readonly Beside[] = [],
  ): Promise<{ result: StoredResult; cache: ProbabilityCache | undefined }> {
    const { analysis, count, networks, options, targets } = settled
    const { run, checkpoint, seed } = chosen
    const { store, jobs } = this.context
    const prepared = analysis.parts.includes('lab') ? await this.#prepare(settled, chosen, key, beside) : {}
    const other = otherDataOption(optionFacts(analysis))
    const known = analysis.worksOn === 'probabilities' && key !== null ? await this.#known(chosen, settled, key) : undefined
    const job: JobOf<'analysis'> = {
      kind: 'analysis',
      analysis: analysis.kind,
      document: checkpoint.document,
      ...(known === undefined ? { checkpoint: checkpoint.state } : { probabilities: known }),
      ...(analysis.worksOn === 'weights' ? {} : { data: await this.context.runs.data(run) }),
      ...(other === undefined ? {} : { outside: await this.#outside(String(options[other.key]), key) }),
      ...(await this.#validation(chosen, settled, key)),
      ...(beside.length === 0
        ? {}
        : {
            together: {
              parts: [{ chosen, count }, ...beside].map(partOf),
              others: beside.map(({ chosen: { checkpoint: other } }) => ({ document: other.document, checkpoint: other.state })),
            },
          }),
      seed,
      count,
      ...(networks === null ? {} : { members: networks }),
      ...omitUndefined({ targets }),
      ...(key === null ? {} : { split: key.split, images: key.images }),
      options,
    }
    const writer =
      analysis.givesProbabilities === true && key !== null
        ? await store.probabilities.begin(key, layOut(checkpoint.document.target).classes)
        : undefined
    try {
      const found = await jobs.submit(job, {
        run: run.id,
        total: analysis.total(options, count),
        onEvent: async (event) => {
          if (event.type === 'probabilities') await writer?.write(event.first, event.probabilities)
        },
      }).result
      const cache = await writer?.commit()
      const row = {
        ...{ run: run.id, kind: analysis.kind, step: checkpoint.record.step, checkpoint: checkpoint.record.hash, seed, count, networks },
        ...{ dataset: key?.dataset ?? null, split: key?.split ?? null, images: key?.images ?? null },
        ...{ options, result: found.result },
      }
      const arrays = { ...prepared, ...found.arrays }
      const result = store.results.add(row, Object.keys(arrays).length === 0 ? null : await store.results.write(row, arrays))
      store.events.add(run.id, lines.result(result))
      return { result, cache }
    } catch (thrown) {
      await writer?.discard()
      throw thrown
    }
  }

  /** Another data set, as it was imported. @throws LabError `invalid-argument`: it has no images in the split */
  async #outside(hash: string, key: ProbabilityKey | null): Promise<NonNullable<JobOf<'analysis'>['outside']>> {
    const { datasets } = this.context
    const { name, suggestedSplit } = datasets.get(hash)
    if (key !== null && suggestedSplit[key.split] === 0) {
      throw new LabError('invalid-argument', `${quoted(name)} has no ${key.split} images.`, 'Choose another split.', {
        settings: { split: null },
      })
    }
    return { ...(await datasets.reference({ id: hash, split: suggestedSplit })), name }
  }

  async #prepare(
    { analysis, options }: SettledRequest,
    chosen: ChosenNetworks,
    key: ProbabilityKey | null,
    beside: readonly Beside[],
  ): Promise<NamedArrays> {
    const { prepare } = await analysisParts.lab<Prepare>(analysis.kind)
    return prepare({
      ...{ key, options, target: layOut(chosen.checkpoint.document.target) },
      others: beside.flatMap((one) => one.key ?? []),
      evaluate: (wanted) => this.#evaluation(beside.find((one) => one.key === wanted)?.chosen ?? chosen, wanted),
      read: (cache, first, count) => this.context.store.probabilities.read(cache, first, count),
    })
  }

  /** What networks say of as many validation images, where the analysis chooses on these and is asked of others. */
  async #validation(
    chosen: ChosenNetworks,
    settled: SettledRequest,
    key: ProbabilityKey | null,
  ): Promise<Pick<JobOf<'analysis'>, 'validation'>> {
    const available = chosen.run.document.data.split.validation
    if (settled.analysis.choosesOnValidation !== true || key === null || key.split === 'validation' || available === 0) return {}
    const images = Math.min(key.images, available)
    return { validation: { ...(await this.#known(chosen, settled, { ...key, split: 'validation', images })), images } }
  }

  /** What networks say of images, at least those that are wanted: found first where it is not known. */
  async #known(
    chosen: ChosenNetworks,
    { count, networks }: SettledRequest,
    key: ProbabilityKey,
  ): Promise<{ path: string; networks: number }> {
    const { store } = this.context
    // Named ones are among the first so many.
    const upTo = networks === null ? count : Math.max(...networks) + 1
    const bytes = 4 * upTo * key.images * layOut(chosen.checkpoint.document.target).classes
    const free = process.availableMemory()
    if (bytes > free) {
      throw new LabError(
        'memory',
        `What ${upTo} networks say of ${key.images} images takes ${Math.ceil(bytes / 1e6)} MB, and ${Math.floor(free / 1e6)} MB are available.`,
        'Ask for fewer networks or images.',
      )
    }
    const { cache } = await this.#evaluation(chosen, { ...key, count: upTo }, false)
    // The engine reads the file itself, and cannot tell a damaged one.
    await store.probabilities.verify(cache)
    return { path: cache.path, networks: upTo }
  }

  /** @param exactly just these networks; else what was found of more of them will do */
  async #evaluation(
    chosen: ChosenNetworks,
    key: ProbabilityKey,
    exactly = true,
  ): Promise<{ result: Result<'evaluation'>; cache: ProbabilityCache }> {
    const settled = settleRequest({ kind: 'evaluation', count: key.count })
    const stored = this.#stored(chosen, settled, key)
    const cache = this.context.store.probabilities.find(key)
    if (cache !== null && (stored !== undefined || !exactly)) return { result: stored as unknown as Result<'evaluation'>, cache }
    const made = await this.#make(chosen, settled, key)
    return { result: made.result as unknown as Result<'evaluation'>, cache: made.cache! }
  }
}

/** @throws LabError `invalid-argument`: more networks are drawn than there are, of a method that makes so many and no more */
function requireAtWill({ method }: Pick<Experiment, 'method'>, { analysis, options }: SettledRequest): void {
  const key = analysis.beyond?.(options)
  const there = methodOf(method).networks(method)
  if (key === undefined || there === 'any') return
  throw new LabError(
    'invalid-argument',
    `The run has ${there} networks and no more, so there are no fresh ones.`,
    'Let the ensemble teach, or ask it of a run whose method makes networks at will.',
    { settings: { [key]: null } },
  )
}
