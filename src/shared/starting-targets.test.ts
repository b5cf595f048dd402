import { expect, it } from 'vitest'
import { targetSchema } from './experiment.ts'
import { startingTargets } from './starting-targets.ts'
import { imageCosts, layOut } from './target-layout.ts'

const cifar = { height: 32, width: 32, channels: 3 }
const layoutOf = (key: string, input = cifar, classes = 10) =>
  layOut(startingTargets.find((one) => one.key === key)!.targetOf(input, classes))

it.each([
  // He's counts without batch norm's scales and offsets (with them 269,722 for ResNet-20 and 464,154 for ResNet-32: 0.27 and
  // 0.46 million in his table 6), and our two projections: 16 * 32 + 32 * 64.
  ['resnet-8', 74_810 + 2_560],
  ['resnet-8-paper', 74_810 + 2_560],
  ['resnet-14', 171_578 + 2_560],
  ['resnet-20', 268_346 + 2_560],
  ['resnet-32', 461_882 + 2_560],
  ['resnet-32-paper', 464_442],
  ['lenet-5', 62_006],
])('%s has its known number of weights on CIFAR-10', (key, weights) => {
  expect(layoutOf(key).weightCount).toBe(weights)
})

it('has the paper’s MNIST target, with 20,018 weights', () => {
  expect(layoutOf('mnist-paper', { height: 28, width: 28, channels: 1 }).weightCount).toBe(20_018)
})

it('has the authors’ sizes between the stages, and their arithmetic', () => {
  const layout = layoutOf('resnet-32-paper')
  expect(layout.layers.map(({ output }) => output.join()).filter((shape, i, all) => shape !== all[i - 1])).toEqual([
    '16,16,16',
    '8,8,16',
    '4,4,32',
    '2,2,64',
    '1,1,64',
    '1,1,10',
  ])
  expect(imageCosts(layout).operations / 2 / 1e6).toBeCloseTo(4.4, 0)
})

it.each(startingTargets)('$key is a target that the schema takes, of any classes, for all images it says it suits', ({ targetOf, key }) => {
  const side = Number(/at least (\d+)/.exec(startingTargets.find((one) => one.key === key)!.description)?.[1] ?? 8)
  for (const input of [cifar, { height: side, width: side + 3, channels: 1 }]) {
    const target = targetOf(input, 7)
    expect(targetSchema.parse(target)).toEqual(target)
    expect(layOut(target).classes).toBe(7)
  }
})
