/** What a command touches outside the lab: injected, so that whole command lines run in tests. */
import type { DemoPlan } from '../lab/tasks/demo.ts'
import type { EngineHost } from '../../shared/engine-host.ts'

export interface CliHost {
  /** How the program is called, for help and hints. */
  program: string
  version: string
  stdout(text: string): void
  stderr(text: string): void
  /** Whether stderr is a terminal: bars are drawn only there. */
  terminal: boolean
  /** Characters a line of the terminal. */
  columns: number
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  home: string
  /** Milliseconds since the epoch. */
  now(): number
  /** What runs jobs, in the place of engine processes. */
  openEngine?(): EngineHost
  /** Folder of the built page. */
  pages: string
  /** Shows an address to the person in a browser, where there is one. */
  openBrowser(address: string): void
  /** Changes to what the demo does. */
  demo?: Partial<DemoPlan>
  /** Calls the handler at each Ctrl+C (or polite kill); returns what ends that. */
  onInterrupt(handler: () => void): () => void
  /** Calls the handler when nobody reads what is printed any more (`| head`), instead of leaving at once; returns what ends that. */
  onUnread?(handler: () => void): () => void
  /** Leaves at once. */
  exit(code: number): void
}
