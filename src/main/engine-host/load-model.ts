/** Hands TensorFlow a graph: it reads them from folders only. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoadModel } from '../../engine/native/graph.ts'

export const loadModel: LoadModel = (model, load) => {
  const folder = mkdtempSync(join(tmpdir(), 'weightscape-graph-'))
  try {
    writeFileSync(join(folder, 'saved_model.pb'), model)
    return load(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
