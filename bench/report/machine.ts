/** The machine that figures were taken on: they mean nothing without it. */
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os'

export interface Machine {
  cpu: string
  cores: number
  memoryGb: number
  system: string
  node: string
  /** Load average over the last minute when the bench began: of whatever else ran. */
  load: number
  date: string
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.versions.node,
    load: Math.round(loadavg()[0] * 100) / 100,
    date: new Date().toISOString(),
  }
}

/** One line of it, with the versions of what took part. */
export function machineLine(machine: Machine, versions: Readonly<Record<string, string>>): string {
  const software = Object.entries(versions).map(([name, version]) => `${name}: ${version}`)
  const hardware = `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, load before ${machine.load}`
  return [hardware, `Node ${machine.node}`, ...software, machine.date].join('; ')
}
