/** Which arrays of a file are which network's, and which of these make a layer. */
import { badInput } from '../../../data/bad-input.ts'
import { hasStatistics, type TargetLayout } from '../../../../shared/target-layout.ts'
import { describeRows } from '../weight-rows.ts'
import type { FileArray, FileContents } from './file-arrays.ts'
import type { FileModule, FileNetworks } from './file-networks.ts'

const byNumber = new Intl.Collator('en', { numeric: true })
/** Names as numbers in them count: `features.3` before `features.10`. */
export const naturally = (a: string, b: string): number => byNumber.compare(a, b)

const ownNames = /^(networks\.\d+\.)?layers\.\d+\.(kernel|bias)$/

const statisticsNames = /^(networks\.\d+\.)?statistics\.\d+\.\w+$/

/** @throws LabError `bad-input` where they make no networks, whatever the target */
export function splitNetworks(file: string, contents: FileContents, target: TargetLayout): FileNetworks {
  const { texts, converted, isSorted } = contents
  // Found anew, on the reference batch of the target.
  const arrays = contents.arrays.filter(({ name }) => !hasStatistics(target) || !statisticsNames.test(name))
  const rows = arrays.find(({ name }) => name === 'weights')
  const layout = texts.get('layout')
  const seen = new Set<string>()
  const twice = arrays.find(({ name }) => seen.size === seen.add(name).size)
  if (twice !== undefined)
    throw badInput(
      file,
      `it holds the array ${twice.name} twice, and which of the two is meant is not to be told.`,
      'Save each array once.',
    )
  if (rows !== undefined && layout !== undefined) return { ...ofRows(file, rows, layout, target), converted }
  if (arrays.some(({ name }) => /^(extractor|weight_generator\d*)\//.test(name)))
    throw badInput(file, 'it holds a hypernetwork, and no networks.', 'Sample networks in the lab that has it, and import these.')
  if (arrays.length === 0)
    throw badInput(file, 'it holds no arrays of floating-point numbers.', 'Save the weights of a network, each array under its name.')
  const members = membersOf(file, arrays, target)
  return {
    networks: members.map((own) => modulesOf(file, own)),
    isOrdered: !isSorted,
    isOwn: arrays.every(({ name }) => ownNames.test(name)),
    converted,
  }
}

/** Rows of this lab's own: a network each, with where its arrays lie in a row. */
function ofRows(file: string, { shape, values }: FileArray, layout: string, target: TargetLayout): Omit<FileNetworks, 'converted'> {
  if (layout !== JSON.stringify(describeRows(target)) || shape.length !== 2 || shape[1] !== target.completeCount)
    throw badInput(file, 'its networks are of another target.', 'Choose the target that they were sampled for.')
  const networks = Array.from({ length: shape[0] }, (_, i) =>
    target.weighted.map(({ index, arrays }): FileModule => {
      const [kernel, bias] = arrays.map(({ name, shape: own, offset, size }): FileArray => {
        const begin = i * target.completeCount + offset
        return { name: `layers.${index}.${name}`, shape: own, values: values.subarray(begin, begin + size) }
      })
      return { name: `layers.${index}`, kernel, ...(bias === undefined ? {} : { bias }) }
    }),
  )
  return { networks, isOrdered: true, isOwn: true }
}

/** The arrays of each network: one behind another in each array, under a number each, one after another, or of one alone. */
function membersOf(file: string, arrays: readonly FileArray[], { weighted }: TargetLayout): FileArray[][] {
  const each = weighted.reduce((sum, { arrays: own }) => sum + own.length, 0)
  if (arrays.some(({ shape }) => shape.length === 3 || shape.length === 5)) return stacked(file, arrays)
  if (arrays.length <= each) return [[...arrays]]
  const named = arrays.map((array) => ({ array, parts: /^(.*?)(\d+)([./].+)$/.exec(array.name) }))
  const numbered = Map.groupBy(named, ({ parts }) => (parts === null ? '' : parts[1] + parts[2]))
  const rests = new Set(
    [...numbered.values()].map((own) =>
      own
        .map(({ parts }) => parts?.[3])
        .sort()
        .join(),
    ),
  )
  if (!numbered.has('') && rests.size === 1 && [...numbered.values()][0].length === each)
    return [...numbered]
      .toSorted(([a], [b]) => naturally(a, b))
      .map(([, own]) => own.map(({ array, parts }) => ({ ...array, name: parts![3].slice(1) })))
  if (arrays.length % each === 0 && arrays.every(({ name }) => /^arr_\d+$/.test(name))) {
    const inOrder = arrays.toSorted((a, b) => naturally(a.name, b.name))
    return Array.from({ length: arrays.length / each }, (_, i) => inOrder.slice(i * each, (i + 1) * each))
  }
  return [[...arrays]]
}

function stacked(file: string, arrays: readonly FileArray[]): FileArray[][] {
  const [{ name, shape: first }] = arrays
  const other = arrays.find(({ shape }) => shape.length === 0 || shape[0] !== first[0])
  if (other !== undefined)
    throw badInput(
      file,
      `${name} seems to hold several networks, one behind another, and has the shape ${inShape(first)}; ${other.name} has ${inShape(other.shape)}.`,
      'Let the first axis of each array count the networks, or save each network in a file of its own.',
    )
  // Without numbers an axis may claim any length.
  const empty = arrays.find(({ values }) => values.length === 0)
  if (empty !== undefined)
    throw badInput(file, `the array ${empty.name} [${inShape(empty.shape)}] holds no numbers.`, 'Save each array with its numbers.')
  return Array.from({ length: first[0] }, (_, i) =>
    arrays.map(({ shape, values, ...array }) => {
      const size = values.length / first[0]
      return { ...array, shape: shape.slice(1), values: values.subarray(i * size, (i + 1) * size) }
    }),
  )
}

/** By names up to the last dot or slash, a kernel and a bias each; where names do not say so, a bias follows its kernel. */
function modulesOf(file: string, arrays: readonly FileArray[]): FileModule[] {
  const named = Map.groupBy(arrays, ({ name }) => /^(.*)[./][^./]*$/.exec(name)?.[1] ?? '')
  const isModule = (own: readonly FileArray[]) => own.filter(({ shape }) => shape.length !== 1).length === 1 && own.length <= 2
  if ([...named.values()].every(isModule))
    return [...named].map(([name, own]) => {
      const [kernel, bias] = own.toSorted((a, b) => b.shape.length - a.shape.length)
      return { name: name === '' ? kernel.name : name, kernel, ...(bias === undefined ? {} : { bias }) }
    })
  const odd = [...named].find(([name, own]) => name !== '' && !isModule(own))
  if (odd !== undefined)
    throw badInput(
      file,
      `${odd[0]} is no layer with a kernel and a bias: it has ${odd[1].map(({ name, shape }) => `${name} [${inShape(shape)}]`).join(', ')}.`,
      'Import networks whose layers a target can have; of batch normalisation, fold mean, variance, scale and offset into the kernel and bias before it.',
    )
  const modules: FileModule[] = []
  for (const array of arrays.toSorted((a, b) => (/^arr_\d+$/.test(a.name) ? naturally(a.name, b.name) : 0))) {
    const last = modules.at(-1)
    if (array.shape.length !== 1) modules.push({ name: array.name, kernel: array })
    else if (last !== undefined && last.bias === undefined) last.bias = array
    else throw badInput(file, `which kernel the bias ${array.name} belongs to is not to be told.`, howToName)
  }
  return modules
}

const howToName =
  'Call the arrays of a layer alike up to the last dot, in the order of the layers: layer0.weight, layer0.bias, layer1.weight and so on.'

export const inShape = (shape: readonly number[]): string => shape.join(' x ')
