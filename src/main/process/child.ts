/** A child (process or thread), as whoever starts one speaks to it: the same over Node, over Electron and over threads. */

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

export interface ChildOptions {
  /** What it is for, in lists of processes. */
  role: string
  /** The module that it runs: a source file, or a built one in a packaged app. */
  entry: string
  /** Options of Node or V8: those of this process (a debugger's port, a test runner's loader) are not the child's. */
  flags: readonly string[]
  /** Beside this process's own environment. */
  environment?: Readonly<Record<string, string>>
}

/** How children are started: the part that differs between Node and Electron. */
export type Spawn = (options: ChildOptions) => Child
