/** What a run ran on and with, as a person calls it. */
import type { Run } from '../../../shared/contract/runs.ts'
import { bytes } from '../../../shared/wording.ts'

const names: Readonly<Record<string, string>> = {
  machine: 'Machine',
  cpu: 'Processor',
  cores: 'Cores',
  memoryBytes: 'Memory',
  os: 'System',
  device: 'TensorFlow device',
  platform: 'Platform',
  networks: 'Networks are run',
  node: 'Node',
  tensorflow: 'TensorFlow',
  tfjs: 'TensorFlow.js',
  'tfjs-node': 'tfjs-node',
  weightscape: 'Weightscape',
}

/** Each fact once: what decides the bits is among the versions, and may be among the machine's facts too. */
export function whereItRan({ machine, versions, farmProcesses }: Pick<Run, 'machine' | 'versions' | 'farmProcesses'>): {
  name: string
  value: string
}[] {
  const facts = new Map<string, string>()
  for (const [key, value] of Object.entries({ ...machine, ...versions })) {
    const text = key === 'memoryBytes' ? bytes(Number(value)) : String(value)
    facts.set(names[key] ?? key, text)
  }
  if (farmProcesses !== null) facts.set('Processes', String(farmProcesses))
  return [...facts].map(([name, value]) => ({ name, value }))
}
