import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { cpuTimeOf, residentBytesOf } from './process-usage.ts'

it.runIf(process.platform === 'linux')('time and memory of a process are what it counts itself', () => {
  // Reading folders is work of the system, counting up work of the process.
  const system = () => process.cpuUsage().system / 1000
  for (const begun = system(); system() < begun + 100;) readdirSync('/proc/self/fd')
  const { user, system: ofSystem } = process.cpuUsage()
  expect(Math.abs(cpuTimeOf(process.pid)!.process - (user + ofSystem) / 1000)).toBeLessThan(60)
  expect(cpuTimeOf(process.pid)!.wants).toBe(true)
  expect(residentBytesOf(process.pid)! / process.memoryUsage.rss()).toBeCloseTo(1, 1)
})

it('of a process that is gone nothing is known', () => {
  for (const pid of [undefined, 2 ** 22 + 1]) expect([cpuTimeOf(pid), residentBytesOf(pid)]).toEqual([null, null])
})
