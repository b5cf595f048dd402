/** Which checkpoint is meant, and what is answered where it is not there. */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/open-store.ts'
import { inFolder, sampleRun, sampleState } from '../../store/testing/samples.ts'
import type { Run } from '../../store/types.ts'
import type { LabContext } from '../context/lab-context.ts'
import { gentlerFork, resumePoint } from './resume-point.ts'
import { checkpointRecord, loadCheckpoint } from './run-checkpoints.ts'

interface Scene {
  store: Store
  run: Run
  context: LabContext
  /** What the lab noted. */
  noted: string[]
}

/** A run with pinned checkpoints at these steps. */
function withCheckpoints(steps: readonly number[], work: (scene: Scene) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    const store = openStore(folder)
    try {
      const run = await sampleRun(store)
      for (const step of steps) await store.checkpoints.save(run.id, sampleState(step), 'periodic', { pin: true })
      const noted: string[] = []
      const context = { store, note: (text: string) => void noted.push(text) } as unknown as LabContext
      await work({ store, run, context, noted })
    } finally {
      store.close()
    }
  })
}

/** Turns a bit in the file of a step. */
function damage({ store, run }: Scene, step: number): void {
  const { path } = store.checkpoints.list(run.id).find((one) => one.step === step)!
  const bytes = readFileSync(path)
  bytes[bytes.length - 5] ^= 4
  writeFileSync(path, bytes)
}

test('a run without any says to train it', () =>
  withCheckpoints([], async ({ context, store, run }) => {
    const problem = { code: 'not-found', message: `${run.id} has no checkpoint yet.`, help: { action: 'resume', run: run.id } }
    await expect(loadCheckpoint(context, run.id)).rejects.toMatchObject(problem)
    await expect(loadCheckpoint(context, run.id, 3)).rejects.toMatchObject(problem)
    expect(() => checkpointRecord(store, run.id)).toThrow(expect.objectContaining(problem))
  }))

test('without a step it is the newest sound one, and what was skipped is noted', () =>
  withCheckpoints([10, 20, 30], async (scene) => {
    const { context, store, run, noted } = scene
    expect((await loadCheckpoint(context, run.id)).state).toEqual(sampleState(30))
    expect(noted).toEqual([])
    damage(scene, 30)
    expect((await loadCheckpoint(context, run.id)).state).toEqual(sampleState(20))
    expect(noted).toEqual([expect.stringMatching(/^Checkpoint at step 30 was skipped: .*checksum/)])
    expect(checkpointRecord(store, run.id).step).toBe(20)
    expect(checkpointRecord(store, run.id, 30), 'it is there, whatever its state').toMatchObject({ step: 30, damaged: true })
  }))

test('where all are damaged the newest is meant, so that a file that was put back is found', () =>
  withCheckpoints([10, 20], async (scene) => {
    const { context, store, run } = scene
    const whole = readFileSync(checkpointRecord(store, run.id, 20).path)
    for (const step of [10, 20]) damage(scene, step)
    await expect(loadCheckpoint(context, run.id)).rejects.toThrow(/^Every checkpoint/)
    const { step, path } = checkpointRecord(store, run.id)
    await expect(loadCheckpoint(context, run.id, step)).rejects.toMatchObject({
      message: expect.stringContaining('step 20 is damaged') as string,
      remedy: 'Use another checkpoint of the run, or put the file back from a backup.',
    })
    writeFileSync(path, whole)
    expect((await loadCheckpoint(context, run.id, step)).record.damaged).toBe(false)
  }))

test('a step is that step; where it is not kept, the five nearest are named, the nearest first', () =>
  withCheckpoints([10, 20, 30, 40, 50, 60], async ({ context, store, run }) => {
    expect((await loadCheckpoint(context, run.id, 20)).state).toEqual(sampleState(20))
    await expect(loadCheckpoint(context, run.id, 38)).rejects.toMatchObject({
      code: 'not-found',
      message: `${run.id} keeps no checkpoint at step 38.`,
      remedy: 'The nearest kept ones are at: 40, 30, 50, 20, 60.',
      help: { settings: { at: 40 } },
    })
    expect(checkpointRecord(store, run.id, 40).step).toBe(40)
    expect(() => checkpointRecord(store, run.id, 38)).toThrow(
      expect.objectContaining({
        code: 'not-found',
        message: `${run.id} keeps no checkpoint at step 38.`,
        help: { action: 'show-run', run: run.id },
      }),
    )
  }))

test('a run goes on from its newest sound checkpoint, else from where it was forked, else from its beginning', () =>
  withCheckpoints([10, 20], async (scene) => {
    const { store, run, context } = scene
    expect(resumePoint(store, run)).toEqual({ run: run.id, step: 20 })
    expect(gentlerFork(store, run)).toEqual({
      action: 'fork',
      run: run.id,
      settings: { at: 20, 'training.learningRate': run.document.training.learningRate / 2 },
    })
    damage(scene, 20)
    await loadCheckpoint(context, run.id)
    expect(resumePoint(store, run)).toEqual({ run: run.id, step: 10 })

    const fork = store.runs.create({ document: run.document, parent: { run: run.id, step: 10 } })
    expect(resumePoint(store, fork)).toEqual({ run: run.id, step: 10 })
    expect(gentlerFork(store, fork)).toMatchObject({ run: run.id, settings: { at: 10 } })
    const fresh = store.runs.create({ document: run.document })
    expect(resumePoint(store, fresh)).toBeUndefined()
    expect(gentlerFork(store, fresh)).toBeUndefined()
  }))
