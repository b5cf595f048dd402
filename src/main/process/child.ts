/** A child process, as whoever starts one speaks to it: the same over Node and over Electron. */

export interface ProcessExit {
  /** Exit code, or null when a signal ended it (or it never began). */
  code: number | null
  signal: string | null
}

/** It has a message channel that clones values, typed arrays among them. */
export interface Child {
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
