/** How a process that reads files is started: the part that differs between Node and Electron. */
import type { Child } from '../process/child.ts'

export interface ProcessLimits {
  /** Bytes of JavaScript's own objects: `--max-old-space-size`. */
  heapBytes: number
}

export type SpawnImport = (limits: ProcessLimits) => Child
