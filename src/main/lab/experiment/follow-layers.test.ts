import { describe, expect, it } from 'vitest'
import { LabError } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { presetDocument } from './document.ts'
import { followLayers } from './follow-layers.ts'
import { parseAssignment, setValues } from './set-values.ts'

const dense = (units: number, activation = 'relu') => ({ kind: 'dense', units, activation })
const layers = JSON.stringify([dense(16), dense(10, 'none')])

function follow(preset: string, ...texts: string[]): { method: Experiment['method']; notes: string[] } {
  const settings = texts.map(parseAssignment)
  const notes: string[] = []
  const chosen = new Set(settings.map(({ key }) => key))
  return { method: followLayers(setValues(presetDocument(preset), settings), chosen, (note) => notes.push(note)).method, notes }
}

describe('what goes by the layers', () => {
  it('follows from layers that were set, and says so', () => {
    const { method, notes } = follow('mnist-quick', `target.layers=${layers}`)
    expect(method).toMatchObject({ generators: [Array(3).fill(336), Array(3).fill(48)], code: [10, 5] })
    expect(notes).toEqual([
      expect.stringMatching(/^method\.generators follows from target\.layers: \[\[336,336,336\],\[48,48,48\]\] \(three times/),
      expect.stringMatching(/^method\.code follows from target\.layers: \[10,5\] \(log/),
    ])
    const target = JSON.stringify({ input: { height: 28, width: 28, channels: 1 }, layers: JSON.parse(layers) as unknown })
    expect(follow('mnist-quick', `target=${target}`).method).toEqual(method)
  })

  it('stays where it was set, where there are as many, and where a method has none', () => {
    expect(follow('mnist-quick', `target.layers=${layers}`, 'hypernetwork.generators=[[5],[6]]').method).toMatchObject({
      generators: [[5], [6]],
      code: 15,
    })
    expect(follow('mnist-quick', `target.layers=${layers}`, 'method.code=[3,4]').method).toMatchObject({
      generators: [Array(3).fill(336), Array(3).fill(48)],
      code: [3, 4],
    })
    expect(follow('mnist-quick', 'target.layers.0.filters=8').notes).toEqual([])
    expect(follow('mnist-ensemble', `target.layers=${layers}`).method).toEqual(presetDocument('mnist-ensemble').method)
  })

  it('refuses a target that cannot be', () => {
    expect(() => follow('mnist-quick', `target.layers=${JSON.stringify([dense(3)])}`)).toThrow(LabError)
  })
})
