/** How a process is started and spoken to: the part that differs between Node and Electron. */

export interface ProcessExit {
  /** Exit code, or null when a signal ended it (or it never began). */
  code: number | null
  signal: string | null
}

/** A child process with a message channel that clones values, typed arrays among them. */
export interface EngineProcess {
  readonly pid: number | undefined
  postMessage(message: unknown): void
  onMessage(handler: (message: unknown) => void): void
  /** Called once, after the last message. */
  onExit(handler: (exit: ProcessExit) => void): void
  /** What it prints, in pieces as they come. */
  onOutput(handler: (text: string) => void): void
  /** Ends it at once, whatever it does. */
  kill(): void
}

/** `engine` runs a job (entry.ts), `farm` a farm worker's share of one (farm-entry.ts). */
export type ProcessRole = 'engine' | 'farm'

export type Spawn = (role: ProcessRole, environment: Record<string, string>) => EngineProcess
