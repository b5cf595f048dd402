import { describe, expect, it } from 'vitest'
import { presets } from '../shared/presets.ts'
import { startingTargets } from '../shared/starting-targets.ts'
import { layOut } from '../shared/target-layout.ts'
import { distillationBench } from './distillation-bench/definition.ts'
import { optionFacts, optionWords } from './option-facts.ts'
import { knownTarget, namedTargets, ownTarget, splitTargets, targetFault, targetInWords } from './other-target.ts'
import { readOption } from './read-option.ts'

const own = presets['mnist-paper'].target
const inColour = presets['cifar-resnet32'].target
const written = JSON.stringify(knownTarget(own, 'dense-32'))

describe('another target network', () => {
  it('is the run’s own, one to start from in its images and classes, or that of a preset', () => {
    expect(knownTarget(own, ownTarget)).toBe(own)
    const lenet = knownTarget(own, 'lenet-5')!
    expect([lenet.input, layOut(lenet).classes]).toEqual([own.input, 10])
    expect(knownTarget(own, 'cifar-resnet32')).toEqual(inColour)
    expect(knownTarget(own, 'calm-otter')).toBeUndefined()
    expect(knownTarget(own, 'toString')).toBeUndefined()
  })

  it('scales pixels as the run’s own does', () => {
    expect(knownTarget(own, 'dense-32')!.layers.map(({ kind }) => kind)).toEqual(['dense', 'dense'])
    expect(knownTarget(inColour, 'dense-32')!.layers.map(({ kind }) => kind)).toEqual(['pixel-scaling', 'dense', 'dense'])
  })

  it('is refused where it looks at other images, tells other classes apart, or does not fit', () => {
    expect(targetFault(own, inColour, 'cifar-resnet32', 'target')).toMatchObject({
      message: 'The target "cifar-resnet32" looks at images of 32 × 32 colour, and those of the run are 28 × 28 grey.',
      help: { settings: { target: null } },
    })
    const five = startingTargets[1].targetOf(own.input, 5)
    expect(targetFault(own, five, written, 'target')?.message).toBe('The target of the document tells 5 classes apart, and the run 10.')
    const small = startingTargets[1].targetOf({ height: 4, width: 4, channels: 1 }, 10)
    expect(targetFault(small, knownTarget(small, 'lenet-5')!, 'lenet-5', 'target')?.message).toMatch(
      /^The target "lenet-5" does not fit images of 4 × 4 grey: /,
    )
    for (const { key } of startingTargets) expect(targetFault(own, knownTarget(own, key)!, key, 'target'), key).toBeNull()
  })

  it('is one of a list by its name, or written out', () => {
    expect(splitTargets('own, dense-32,')).toEqual(['own', 'dense-32'])
    expect(splitTargets(`own,${written},lenet-5`)).toEqual(['own', written, 'lenet-5'])
    expect(targetInWords(written)).toBe('a document’s, 25,450 weights')
    const facts = optionFacts(distillationBench)
    const targets = facts.find(({ key }) => key === 'targets')!
    expect(targets.type).toBe('targets')
    // A command that was copied is read as it was meant.
    const [, typed] = optionWords(distillationBench, { targets: ['own', written] }, 100)
    expect(readOption(targets, typed)).toEqual({ value: ['own', written] })
    expect(namedTargets(facts, { targets: ['own', 'x'] })).toEqual({ key: 'targets', names: ['own', 'x'] })
  })
})
