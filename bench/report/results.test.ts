import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeMachine, machineLine } from './machine.ts'
import { keepResult, type BenchResult } from './results.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bench-results-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const machine = { ...describeMachine(), date: '2026-03-04T05:06:07.000Z' }
const result: BenchResult = {
  event: 'result',
  bench: 'step',
  ours: { minMs: 1, medianMs: 2, count: 3 },
  rivals: {},
  failed: { jax: 'no pip' },
  ratio: null,
  details: {},
  machine,
  versions: { ours: 'x' },
}

describe('keepResult', () => {
  it('writes one file a day and the latest', () => {
    const paths = keepResult(result, folder)
    expect(paths).toEqual([join(folder, 'step-2026-03-04.json'), join(folder, 'latest', 'step.json')])
    for (const path of paths) expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(result)
  })
})

describe('machineLine', () => {
  it('names the processor, the cores and every version', () => {
    const line = machineLine({ ...machine, cpu: 'Some CPU', cores: 2 }, { ours: 'TensorFlow.js 4', jax: 'JAX 1' })
    for (const part of ['Some CPU', '2 cores', `Node ${process.versions.node}`, 'ours: TensorFlow.js 4', 'jax: JAX 1', machine.date])
      expect(line).toContain(part)
  })
})
