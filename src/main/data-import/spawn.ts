/** How a process that reads files is started and spoken to: the part that differs between Node and Electron. */

export interface ImportProcess {
  readonly pid: number | undefined
  postMessage(message: unknown): void
  onMessage(handler: (message: unknown) => void): void
  /** Called once, after the last message. */
  onExit(handler: (exit: { code: number | null; signal: string | null }) => void): void
  /** What it prints, in pieces as they come. */
  onOutput(handler: (text: string) => void): void
  /** Ends it at once, whatever it does. */
  kill(): void
}

export interface ProcessLimits {
  /** Bytes of JavaScript's own objects: `--max-old-space-size`. */
  heapBytes: number
}

export type SpawnImport = (limits: ProcessLimits) => ImportProcess
