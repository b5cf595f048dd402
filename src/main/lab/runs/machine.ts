/** What a run runs on, as its report will say. */
import { availableParallelism, cpus, hostname, release, totalmem, type } from 'node:os'

export function describeMachine(): Record<string, string | number> {
  return {
    machine: hostname(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    os: `${type()} ${release()} ${process.arch}`,
    node: process.version,
  }
}
