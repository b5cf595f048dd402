import { expect, test } from 'vitest'
import { whereItRan } from './where-it-ran.ts'

test('where a run ran is told in words, each fact once', () => {
  const facts = whereItRan({
    machine: { cpu: 'EPYC', cores: 2, memoryBytes: 25e9, node: 'v24.21.0', shoe: 'left' },
    versions: { node: '24.21.0', tensorflow: '2.21.0' },
    farmProcesses: 2,
  })
  expect(facts.map(({ name, value }) => `${name}: ${value}`)).toEqual([
    'Processor: EPYC',
    'Cores: 2',
    'Memory: 25\u00a0GB',
    'Node: 24.21.0',
    'shoe: left',
    'TensorFlow: 2.21.0',
    'Processes: 2',
  ])
  expect(whereItRan({ machine: null, versions: null, farmProcesses: null })).toEqual([])
})
