import { beforeEach, describe, expect, it } from 'vitest'
import type { LayerSettings, Shape } from '../../../layers/layer-kind.ts'
import { layerKinds } from '../../../layers/registry.ts'
import { presets } from '../../../shared/presets.ts'
import { startingTargets } from '../../../shared/starting-targets.ts'
import { scriptedClient } from '../../testing/scripted-client.ts'
import { ExperimentDraft, experimentDraftSchema } from '../experiment.svelte.ts'
import { SessionDraft } from '../session-draft.ts'
import { allNodes } from './layer-nodes.ts'
import { TargetDraft } from './target-draft.svelte.ts'
import type { DataShape } from './target-survey.ts'

const plan = {
  document: presets['mnist-quick'],
  differs: [],
  estimate: { stepSeconds: 0.1, seconds: 70, memoryBytes: 1, diskBytes: 1, basis: 'b' },
  command: 'c',
  doubts: [],
  notes: [],
  weights: 20_018,
}
const shapes: Record<string, DataShape> = { leaves: { input: { height: 32, width: 32, channels: 3 }, classes: 4 } }

/** Takes the rim away. */
const cut = {
  ...layerKinds['max-pool'],
  kind: 'cut',
  outputShape: (_: LayerSettings, [height, width, channels]: Shape): Shape => [height - 20, width - 20, channels],
}

describe('a target being put together', () => {
  let lab: ReturnType<typeof scriptedClient>
  let draft: ExperimentDraft
  let target: TargetDraft
  const ids = () => target.nodes.map(({ id }) => id)
  const kinds = () => target.nodes.map(({ kind }) => kind)
  const setting = (key: string) => target.settings.find((one) => one.key === key)?.value

  beforeEach(async () => {
    lab = scriptedClient()
    draft = new ExperimentDraft(lab, undefined, (data) => shapes[data])
    target = new TargetDraft(draft, { ...layerKinds, cut })
    void draft.read()
    await lab.asked[0].answer(plan)
  })

  it('begins as the preset has it, and asks for nothing', () => {
    expect(target.nodes.map((node) => target.wordsOf(node))).toEqual([
      'Convolution 5 × 5, 32 filters, ReLU',
      'Max-pool 2',
      'Convolution 5 × 5, 16 filters, ReLU',
      'Max-pool 2',
      'Dense 8, ReLU',
      'Dense 10',
    ])
    expect(target.survey.total).toMatchObject({ weights: 20_018, multiplyAdds: 3_142_352 })
    expect(target.figuresOf(ids()[2])).toEqual({ output: '14 × 14 × 16', weights: 12_816, multiplyAdds: 2_508_800, bytes: 12_544 })
    expect([target.settings, target.isChanged, target.startedFrom]).toEqual([[], false, 'mnist-paper'])
  })

  it('adds layers where they can be, and gives their generators by the formula, the others keeping theirs', () => {
    const dense = target.add('dense', { holder: null, chain: 0 })
    const pool = target.add('average-pool', { holder: null, chain: 0 })
    target.type(pool, 'size', '2')
    expect(kinds()).toEqual(['convolution', 'max-pool', 'convolution', 'max-pool', 'average-pool', 'dense', 'dense', 'dense'])
    expect(target.open).toEqual(new Set([dense, pool]))
    expect(setting('method.generators')).toEqual([
      [40, 40],
      [100, 100],
      [100, 100],
      [34, 34, 34],
      [60, 60],
    ])
    target.type(dense, 'generators', '7, 8')
    target.move(dense, -1)
    expect(setting('method.generators')).toEqual([
      [40, 40],
      [100, 100],
      [7, 8],
      [100, 100],
      [60, 60],
    ])
    target.type(dense, 'generators', '')
    target.type(dense, 'units', '64')
    expect(setting('method.generators')).toMatchObject({ 2: [192, 192, 192] })
    expect(setting('target.layers')).toMatchObject({ 5: { kind: 'dense', units: 64, activation: 'relu' } })
  })

  it('says what cannot be at its layer, and asks for no plan of it', () => {
    const [, , convolution] = ids()
    target.move(convolution, 1)
    target.move(convolution, 1)
    expect(target.error?.message).toBe('Layer 5: A convolution cannot follow a dense layer. Put convolutions before dense layers.')
    expect(target.faultAt(convolution)?.message).toMatch(/^A convolution cannot follow a dense layer\./)
    expect([target.settings, target.figuresOf(convolution), draft.problem?.message]).toEqual([[], null, target.error?.message])
    target.move(convolution, -1)
    expect(target.error).toBeNull()

    target.type(convolution, 'kernel', 'x')
    expect(target.faultAt(convolution)).toEqual({
      id: convolution,
      message: 'Kernel: It must be a whole number from 1 to 31.',
      isField: true,
    })
    target.type(convolution, 'kernel', '3')
    target.type(convolution, 'generators', '0')
    expect(target.error?.message).toMatch(/^Layer 4: Weight generator: It must be whole numbers from 1 to 10000/)
    target.type(convolution, 'generators', '')
    target.add('cut', { holder: null, chain: 0, index: 0 })
    expect(target.error).toBeNull()
    const second = target.add('cut', { holder: null, chain: 0, index: 1 })
    expect([target.fault?.id, target.fault?.message]).toEqual([
      second,
      'Nothing is left of 8 × 8 places behind a cut. Take a smaller window or stride, or fewer layers that shrink before it.',
    ])
    target.startFrom(null)
    const last = ids().at(-1)!
    const undo = target.remove(last)
    expect(target.error?.message).toBe(
      'Layer 5: The last layer of the target must be dense, without activation. Let it end with a dense layer without activation, of one unit a class.',
    )
    undo()
    expect([target.error, ids().at(-1)]).toEqual([null, last])
    for (const id of ids()) target.remove(id)
    expect(target.error?.message).toBe('It has no layer yet: add one, or start from a target.')
    target.addOutput()
    expect([target.error, target.survey.total.weights]).toEqual([null, 7850])
  })

  it('puts a layer that needs places before those that leave one', () => {
    target.startFrom('resnet-8')
    const pool = kinds().indexOf('global-average')
    expect(pool).toBeGreaterThan(0)
    const block = target.add('residual', { holder: null, chain: 0 })
    expect(ids().indexOf(block)).toBe(pool)
    expect(kinds()[pool + 1]).toBe('global-average')
    expect(target.error).toBeNull()
  })

  it('puts what works on the images first, and takes numbers with digits behind the point', () => {
    const scaling = target.add('pixel-scaling', { holder: null, chain: 0 })
    expect([ids()[0], target.error]).toEqual([scaling, null])
    target.type(scaling, 'mean', '0.13')
    target.type(scaling, 'deviation', '0')
    expect(target.fault).toMatchObject({ id: scaling, message: expect.stringContaining('numbers above 0 and at most 1') as string })
    target.type(scaling, 'deviation', '')
    expect(setting('target.layers')).toMatchObject({ 0: { kind: 'pixel-scaling', mean: [0.13] } })
    target.type(scaling, 'mean', '0.1, 0.2')
    expect(target.fault).toMatchObject({ id: scaling, message: expect.stringContaining('the images have 1 channel') as string })
  })

  it('follows the data set in images and classes', () => {
    target.duplicate(ids()[0])
    draft.choose({ data: 'leaves' })
    expect(setting('target.layers')).toMatchObject({ 6: { kind: 'dense', units: 4, activation: 'none' } })
    expect(target.figuresOf(ids()[0])?.output).toBe('32 × 32 × 32')
    const last = target.nodes.at(-1)!
    expect(target.factsOf(last).map(({ key }) => key)).toEqual(['activation', 'generators', 'code'])
  })

  it('gives each layer a code by the formula where none is typed, and one for all where they agree', () => {
    const [first, , second] = ids()
    target.type(first, 'filters', '4')
    expect(target.settings.map(({ key }) => key)).toEqual(['target.layers', 'method.generators'])
    expect(target.textOf(target.nodes[0], 'code')).toBe('15')
    target.type(second, 'code', '')
    expect(target.standardOf(target.nodes[2], { key: 'code' } as never)).toBe('7') // log2(4 * 25 + 1)
    expect(setting('method.code')).toEqual([15, 7, 15, 15])
    target.type(second, 'code', '0')
    expect(target.fault).toMatchObject({ id: second, message: 'Code: It must be a whole number from 1 to 1000.', isField: true })
    target.type(second, 'code', '9')
    expect(setting('method.code')).toEqual([15, 9, 15, 15])
  })

  it('edits chains within layers, and moves layers into them and out', () => {
    const block = target.add('residual', { holder: null, chain: 0, index: 0 })
    for (const { id } of target.nodes[0].chains.flat()) target.remove(id)
    expect(target.nodes[0].chains).toEqual([[], []])
    expect(target.error?.message).toBe('Layer 1: Layers: there are none yet. Add one.')
    const inner = target.add('convolution', { holder: block, chain: 0 })
    expect(target.error?.message).toMatch(
      /^Layer 1: Its layers give 28 × 28 × 32 and its shortcut 28 × 28 × 1, which cannot be added\. Give it a/,
    )
    target.type(inner, 'filters', '1')
    expect([target.numberOf(inner), target.figuresOf(block)?.weights, target.figuresOf(inner)?.weights]).toEqual(['1.1.1', 26, 26])
    target.type(inner, 'generators', '9')
    expect(setting('target.layers')).toMatchObject({ 0: { kind: 'residual', layers: [{ kind: 'convolution', filters: 1 }], shortcut: [] } })
    expect(setting('method.generators')).toMatchObject({ 0: [9], 1: [40, 40] })
    target.type(inner, 'filters', '0')
    expect(target.error?.message).toMatch(/^Layer 1\.1\.1: Filters: /)
    target.type(inner, 'filters', '1')

    target.move(inner, 1)
    expect(target.numberOf(inner)).toBe('1.2.1')
    target.move(inner, 1)
    expect([target.numberOf(inner), target.numberOf(block), kinds().slice(0, 2)]).toEqual(['2', '1', ['residual', 'convolution']])
    target.move(inner, -1)
    target.move(inner, -1)
    expect([target.numberOf(inner), target.error]).toEqual(['1.1.1', null])
    target.move(inner, -1)
    expect(target.numberOf(inner)).toBe('1')
    target.toggle(block)
    target.move(inner, 1)
    expect([target.numberOf(inner), target.move(block, -1)]).toEqual(['2', false])

    const copy = target.duplicate(block)
    expect(new Set(allNodes(target.nodes).map(({ id }) => id)).size).toBe(allNodes(target.nodes).length)
    const undo = target.remove(copy)
    target.add('dense', { holder: null, chain: 0 })
    undo()
    expect(kinds().slice(0, 3)).toEqual(['residual', 'residual', 'convolution'])
  })

  it('puts a layer beside another, in whatever chain, but not into itself, and takes that back', () => {
    const block = target.add('residual', { holder: null, chain: 0, index: 0 })
    const [inner] = target.nodes[0].chains[0]
    const before = ids()
    const [, first, pool] = before
    expect(target.putBeside(first, pool, 'behind')).toBe(true)
    expect(ids().slice(0, 3)).toEqual([block, pool, first])
    expect(target.putBeside(first, block, 'before')).toBe(true)
    expect(ids().slice(0, 3)).toEqual([first, block, pool])
    expect(target.putBeside(first, inner.id, 'before')).toBe(true)
    expect(target.numberOf(first)).toBe('1.1.1')
    expect([target.numberOf(inner.id), ids().slice(0, 2)]).toEqual(['1.1.2', [block, pool]])
    // Where it is already; itself; what it holds.
    const nodes = JSON.stringify(target.nodes)
    expect(target.putBeside(first, inner.id, 'before')).toBe(false)
    expect(target.putBeside(pool, block, 'behind')).toBe(false)
    expect(target.putBeside(block, block, 'behind')).toBe(false)
    expect(target.putBeside(block, first, 'behind')).toBe(false)
    expect(JSON.stringify(target.nodes)).toBe(nodes)
    for (let change = 0; change < 3; change++) target.undo()
    expect(ids()).toEqual(before)
  })

  it('puts a layer into what another holds, empty or not, but not into itself', () => {
    const block = target.add('residual', { holder: null, chain: 0, index: 0 })
    const [layers, shortcut] = target.nodes[0].chains
    expect(shortcut).toEqual([])
    const before = ids()
    const [, first, pool] = before
    expect(target.putLast(first, { holder: block, chain: 1 })).toBe(true)
    expect(target.numberOf(first)).toBe('1.2.1')
    expect(target.putLast(pool, { holder: block, chain: 0 })).toBe(true)
    expect(target.numberOf(pool)).toBe(`1.1.${layers.length + 1}`)
    // From before it in the same chain; where it is already; into itself; where nothing is held.
    expect(target.putLast(layers[0].id, { holder: block, chain: 0 })).toBe(true)
    expect(target.numberOf(layers[0].id)).toBe(`1.1.${layers.length + 1}`)
    expect(target.putLast(layers[0].id, { holder: block, chain: 0 })).toBe(false)
    expect(target.putLast(block, { holder: block, chain: 0 })).toBe(false)
    expect(target.putLast(first, { holder: block, chain: 2 })).toBe(false)
    for (let change = 0; change < 3; change++) target.undo()
    expect(ids()).toEqual(before)
  })

  it('starts from a target of the list, and back', () => {
    for (const { key } of startingTargets) {
      const undo = target.startFrom(key)
      expect([target.startedFrom, target.error]).toEqual([key, null])
      expect(setting('method.generators')).toHaveLength(target.survey.weighted.length)
      undo()
    }
    expect(target.isChanged).toBe(false)
  })

  it('takes changes back one by one, what was typed into a field at once', () => {
    const [first, second] = ids()
    target.remove(second)
    target.type(first, 'filters', '6')
    target.type(first, 'filters', '64')
    target.move(first, 1)
    expect(kinds().slice(0, 2)).toEqual(['convolution', 'convolution'])
    expect([target.undo(), ids()[0], target.textOf(target.nodes[0], 'filters')]).toEqual([true, first, '64'])
    expect([target.undo(), target.textOf(target.nodes[0], 'filters')]).toEqual([true, '32'])
    expect([target.undo(), target.isChanged, ids()[1]]).toEqual([true, false, second])
    expect(target.undo()).toBe(false)
  })

  it('is kept for the next view', () => {
    let text: string | null = null
    const storage = () => ({
      getItem: () => text,
      setItem: (_: string, value: string) => void (text = value),
      removeItem: () => void (text = null),
    })
    const kept = new SessionDraft('a', experimentDraftSchema, storage)
    const first = new ExperimentDraft(scriptedClient(), kept)
    first.target.startFrom('dense-32')
    first.keep()
    const second = new ExperimentDraft(scriptedClient(), kept)
    expect(second.target.settings).toEqual(first.target.settings)
    const added = second.target.add('dense', { holder: null, chain: 0 })
    expect(second.target.nodes.filter(({ id }) => id === added)).toHaveLength(1)
  })
})
