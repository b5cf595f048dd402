/** Files of networks that somebody trained elsewhere, read for a target: every way in which their kernels may lie that fits. */
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { maxNetworks, type KernelLayoutName } from '../../../../methods/imported/schema.ts'
import { badInput } from '../../../data/bad-input.ts'
import { isZip } from '../../../data/tree/zip.ts'
import { sha256 } from '../../../store/files/files.ts'
import { unreadable } from '../../../data/tree/tree-file.ts'
import { LabError } from '../../../../shared/errors.ts'
import type { Target } from '../../../../shared/experiment.ts'
import { plainName } from '../../../../shared/names.ts'
import { hasStatistics, layOut, type TargetLayout } from '../../../../shared/target-layout.ts'
import { percent } from '../../../../shared/wording.ts'
import { maxNumbers, requireRoom } from './file-arrays.ts'
import { differenceFrom, outlineOf, type Difference } from './compare-graph.ts'
import type { FileNetworks, ImageGraph } from './file-networks.ts'
import { NotFollowed } from '../onnx-graph/graph.ts'
import { matchNetwork, placeNetwork, type MatchedNetwork, type NamedNetworks } from './match-networks.ts'
import { readNpz } from './read-npz.ts'
import { readOnnxNetworks } from './read-onnx-networks.ts'
import { readSafetensors } from './read-safetensors.ts'
import { splitNetworks } from './split-networks.ts'

export interface NetworkFilesRequest {
  /** In the order of the networks. */
  paths: readonly string[]
  target: Target
  /** How kernels lie, where somebody says it; absent: every way that fits. */
  layout?: KernelLayoutName
  /** Names of layers in the order of the target's, where somebody says it. */
  modules?: readonly string[]
  /** Networks of which weights are wanted where they can be read in several ways. */
  tried: number
}

export interface NetworkReading {
  layout: KernelLayoutName
  /** float32 [networks, weights], canonical layout; the first few where there are other readings. */
  weights: Float32Array
}

export interface NetworkFiles {
  networks: number
  /** Names, for the person. */
  source: string
  /** Of the one file; of several, of their digests. */
  sha256: string
  /** At least one. */
  readings: NetworkReading[]
  /** Names of layers whose order is not certain; empty: it is. */
  doubted: string[]
  /** Names of the layers as they were matched, of the first network. */
  modules: string[]
  /** What was done to the numbers. */
  notes: string[]
}

/** Several files, as an error names them. */
const together = 'The files together'

const numbersIn = ({ networks }: FileNetworks): number =>
  networks.flat().reduce((sum, { kernel, bias }) => sum + kernel.values.length + (bias?.values.length ?? 0), 0)

/** Bytes of one file. */
const maxBytes = 8 * maxNumbers

/** @throws LabError `bad-input`, `not-found`, `invalid-argument`: what was found, and the way out */
export async function readNetworkFiles({ paths, target, layout, modules, tried }: NetworkFilesRequest): Promise<NetworkFiles> {
  const laid = layOut(target)
  const digests: string[] = []
  const files: NamedNetworks[] = []
  let numbers = 0
  for (const path of paths) {
    const file = plainName(basename(path))
    const bytes = await bytesOf(path)
    digests.push(sha256(bytes))
    const read = await readOne(file, bytes, laid)
    numbers += numbersIn(read)
    requireRoom(together, numbers)
    files.push({ file, ...read })
  }
  const count = files.reduce((sum, { networks }) => sum + networks.length, 0)
  if (count === 0) throw badInput(files[0].file, 'it holds no network.', 'Give a file with at least one.')
  requireRoom(paths.length === 1 ? files[0].file : together, count * laid.weightCount)
  if (count > maxNetworks)
    throw badInput(
      paths.length === 1 ? files[0].file : together,
      `there are ${count} networks; at most ${maxNetworks} become one run.`,
      'Import fewer networks at a time.',
    )
  const found = matchAll(laid, files, layout, modules)
  const readings = distinct(
    found.map(({ name, matched }) => ({ layout: name, weights: placed(laid, matched.slice(0, found.length > 1 ? tried : count), name) })),
  )
  if (readings.length === 1 && found.length > 1)
    readings[0].weights = placed(laid, found.find(({ name }) => name === readings[0].layout)!.matched, readings[0].layout)
  for (const { weights } of readings) requireFinite(weights, laid)
  const uncompared = compareGraphs(laid, files, found)
  const [{ matched }] = found
  return {
    networks: count,
    source: sourceOf(files.map(({ file }) => file)),
    sha256: digests.length === 1 ? digests[0] : sha256(...digests.map((digest) => `${digest}\n`)),
    readings,
    doubted: modules === undefined ? [...new Set(matched.flatMap(({ doubted }) => doubted))] : [],
    modules: matched[0].modules.map(({ name }) => name),
    notes: [...new Set(files.flatMap(({ converted }) => [...converted]))]
      .map((type) => `Numbers of ${type} were brought to float32.`)
      .concat(uncompared),
  }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    const found = await stat(path)
    const name = plainName(basename(path))
    if (!found.isFile()) throw badInput(name, 'it is no file.', 'Give the files of the networks, one by one or by a pattern.')
    if (found.size > maxBytes)
      throw badInput(name, `it has ${found.size} bytes; at most ${maxBytes} are read.`, 'Import fewer networks at a time.')
    return await readFile(path)
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** What is known of files that are not read. */
const others: readonly { is: RegExp; words: string; remedy: string }[] = [
  {
    is: /^\x80[\x02-\x05]|^PK[^]*data\.pkl/,
    words: 'it is a pickle of PyTorch or Python, which could run anything: it is never read.',
    remedy:
      'Save it as safetensors, in Python: import torch; from safetensors.torch import save_file; save_file({k: v.contiguous() for k, v in torch.load("network.pt", weights_only=True).items()}, "network.safetensors").',
  },
  {
    is: /^\x89HDF|^PK[^]*model\.weights\.h5/,
    words: 'it is a file of Keras in HDF5, which is not read here.',
    remedy:
      'Save it as NPZ, in Python: import keras, numpy as np; m = keras.models.load_model("network.keras"); np.savez("network.npz", **{w.path: w.numpy() for w in m.weights}).',
  },
]

async function readOne(file: string, bytes: Uint8Array, target: TargetLayout): Promise<Omit<NamedNetworks, 'file'>> {
  const ends = Buffer.concat([bytes.subarray(0, 4096), bytes.subarray(Math.max(4096, bytes.length - 65_536))]).toString('latin1')
  // First of all: the length of its header may begin as a pickle does.
  if (ends[8] === '{' && ends[7] === '\0') return splitNetworks(file, readSafetensors(file, bytes), target)
  const other = others.find(({ is }) => is.test(ends))
  if (other !== undefined) throw badInput(file, other.words, other.remedy)
  if (isZip(bytes)) return splitNetworks(file, await readNpz(file, bytes), target)
  if (/\.onnx$/i.test(file) || bytes[0] === 8) return readOnnxNetworks(file, bytes, target)
  throw badInput(
    file,
    bytes.length === 0 ? 'it is empty.' : 'it is no safetensors, NPZ or ONNX file, or its beginning is damaged.',
    'Save the weights as safetensors or NPZ, or export the network as ONNX.',
  )
}

interface Found {
  name: KernelLayoutName
  matched: MatchedNetwork[]
}

/** Every layout in which all networks fit. @throws LabError why none does */
function matchAll(target: TargetLayout, files: readonly NamedNetworks[], stated?: KernelLayoutName, modules?: readonly string[]): Found[] {
  const isGraph = files.map(({ networks }) => networks.some((own) => own.some(({ graph }) => graph !== undefined || own.length === 0)))
  const graphs = isGraph.filter(Boolean).length
  if (graphs > 0 && graphs < files.length)
    throw new LabError('invalid-argument', 'Some of the files are ONNX and others are not.', 'Import those of ONNX as a run of their own.')
  if (stated !== undefined && stated.startsWith('onnx') !== graphs > 0)
    throw new LabError(
      'invalid-argument',
      graphs > 0
        ? 'The graph of an ONNX file says itself how its kernels lie.'
        : 'Only an ONNX file has a graph that says how its kernels lie.',
      graphs > 0 ? 'Leave the layout out, or say one of those of ONNX.' : 'Say another layout, or leave it out.',
      { settings: { layout: null } },
    )
  const known = stated ?? (graphs === 0 && files.every(({ isOwn }) => isOwn) ? 'lab' : undefined)
  // What is called `weight` is PyTorch's, most often: where nothing fits, it is told as that has it.
  const isTorch = files.some(({ networks: [first] }) => first.some(({ kernel }) => kernel.name.endsWith('weight')))
  const all = ['keras', 'pytorch', 'pytorch-channels-last'] as const
  const unknown = graphs > 0 ? (['onnx', 'onnx-channels-last'] as const) : isTorch ? [all[1], all[2], all[0]] : all
  const tried = known === undefined ? unknown : [known]
  const errors: unknown[] = []
  const found = tried.flatMap((name): Found[] => {
    try {
      return [{ name, matched: files.flatMap((one) => one.networks.map((own) => matchNetwork(target, one, own, name, modules))) }]
    } catch (error) {
      errors.push(error)
      return []
    }
  })
  if (found.length === 0) throw errors[0]
  return found
}

/**
 * Compares what graphs compute with what the target does with their weights: layers, strides, padding and scaling are the target's.
 * Graphs that are alike but for their weights are compared once.
 * @returns notes of those that are not followed
 * @throws LabError `bad-input` where they differ, whichever way kernels lie
 */
function compareGraphs(target: TargetLayout, files: readonly NamedNetworks[], found: readonly Found[]): string[] {
  const notes = new Set<string>()
  const compared = new Set<string>()
  let first = 0
  for (const { file, networks, computes } of files) {
    const from = first
    first += networks.length
    if (computes === undefined || compared.has(outlineOf(computes, networks))) continue
    compared.add(outlineOf(computes, networks))
    try {
      if (hasStatistics(target)) throw new NotFollowed('means and variances over the batch, which are found anew')
      const apart = found.map(({ name, matched }) => {
        const weights = matched.slice(from, first).map((network) => placed(target, [network], name))
        return differenceFrom(computes, target, weights)
      })
      const [difference] = apart
      if (difference !== null && !apart.includes(null)) throw otherGraph(file, computes, difference)
    } catch (error) {
      if (!(error instanceof NotFollowed)) throw error
      notes.add(
        `Whether the target computes what the graph does was not compared: what that has is not followed here (${plainName(error.message)}).`,
      )
    }
  }
  return [...notes]
}

const otherGraph = (file: string, { nodes }: ImageGraph, { graph, target }: Difference): LabError =>
  badInput(
    file,
    `its graph computes something else than the target does with its weights: of a made-up image ${percent(graph)} for a class, and not ${percent(target)}.`,
    `Choose a target that has the graph's activations, strides, padding, pooling and scaling of pixels (${nodes
      .map(({ operator }) => operator)
      .join(', ')
      .slice(0, 300)}). To take the weights into another, save them as safetensors.`,
    { settings: { target: null } },
  )

function placed(target: TargetLayout, networks: readonly MatchedNetwork[], layout: KernelLayoutName): Float32Array {
  const { weightCount } = target
  const weights = new Float32Array(networks.length * weightCount)
  networks.forEach((network, i) => placeNetwork(target, network, layout, weights.subarray(i * weightCount, (i + 1) * weightCount)))
  return weights
}

/** Layouts that come to the same weights are one reading. */
function distinct(readings: readonly NetworkReading[]): NetworkReading[] {
  const bytes = ({ weights }: NetworkReading) => Buffer.from(weights.buffer, weights.byteOffset, weights.byteLength)
  return readings.filter((one, i) => !readings.slice(0, i).some((before) => bytes(before).equals(bytes(one))))
}

function requireFinite(weights: Float32Array, { weightCount, weighted }: TargetLayout): void {
  const at = weights.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return
  const place = at % weightCount
  const layer = weighted.findLast(({ offset }) => offset <= place)!
  throw new LabError(
    'bad-input',
    `Network ${Math.floor(at / weightCount)} holds ${weights[at]} among the weights of its layer ${layer.index + 1}: it is not finite.`,
    'Leave that network out, or train it again.',
  )
}

/** "net-0.npz", "net-0.npz, net-1.npz and 18 others" */
function sourceOf(names: readonly string[]): string {
  const shown = names.slice(0, 2).map((name) => name.slice(0, 80))
  if (names.length <= 2) return shown.join(' and ')
  return `${shown.join(', ')} and ${names.length - 2} other${names.length === 3 ? '' : 's'}`
}
