/** Everything a view may ask for, made once a window and handed down by context. */
import { createContext } from 'svelte'
import type { Platform } from '../../shared/bridge.ts'
import type { LabClient } from '../../shared/contract.ts'
import type { Task } from '../../shared/contract/tasks.ts'
import type { ConnectedClient } from '../../shared/rpc/client.ts'
import type { LabError } from '../../shared/errors.ts'
import { asLabError } from '../state/errors.ts'
import type { ConnectionState } from '../../shared/rpc/connection-state.ts'
import { DatasetsState } from '../state/datasets.svelte.ts'
import { Importing, importDraftSchema } from '../state/importing.svelte.ts'
import { NetworkChoice } from '../state/network-choice.svelte.ts'
import { Preferences } from '../state/preferences.svelte.ts'
import { RunsState } from '../state/runs.svelte.ts'
import { SessionDraft } from '../state/session-draft.ts'
import { SystemState } from '../state/system.svelte.ts'
import { TasksState } from '../state/tasks.svelte.ts'
import { ThemeState } from '../state/theme.svelte.ts'
import { Commands } from './commands.svelte.ts'
import { Dialogs } from './dialogs.svelte.ts'
import { Notices } from './notices.svelte.ts'
import { Router } from './router.svelte.ts'

/** What a window is built on. */
export interface AppEnvironment {
  client: Pick<ConnectedClient, 'call' | 'open' | 'connection'>
  platform: Platform
}

export class App {
  readonly client: LabClient
  readonly platform: Platform
  readonly router = new Router()
  readonly theme = new ThemeState()
  readonly commands = new Commands()
  readonly dialogs = new Dialogs()
  readonly notices = new Notices()
  readonly choice = new NetworkChoice()
  readonly runs: RunsState
  readonly tasks: TasksState
  readonly datasets: DatasetsState
  readonly preferences: Preferences
  readonly system: SystemState
  readonly importing: Importing
  /** Whether the lab can be reached. */
  connection = $state.raw<ConnectionState>({ state: 'connecting' })
  /** The run that run views show: the one in the address, or the last one that was. */
  run = $state<string | null>(null)
  /** Why the lab has no data to show until it is repaired. */
  damage = $state.raw<LabError | null>(null)
  readonly #source: AppEnvironment['client']['connection']

  constructor({ client, platform }: AppEnvironment) {
    this.client = client
    this.platform = platform
    this.#source = client.connection
    this.runs = new RunsState(client)
    this.tasks = new TasksState(client)
    this.datasets = new DatasetsState(client)
    this.preferences = new Preferences(client)
    this.system = new SystemState(client)
    this.importing = new Importing(client, platform, () => this.router.go('/import'), new SessionDraft('import', importDraftSchema))
  }

  /** Follows lab and window until the returned function is called. */
  start(window: Window): () => void {
    this.theme.read()
    this.connection = this.#source.value
    const lists = [this.runs, this.tasks, this.datasets]
    const ends = [
      this.router.follow(window),
      this.#source.subscribe((state) => (this.connection = state)),
      ...lists.map((list) => list.follow()),
    ]
    void this.attempt(this.preferences.read())
    void this.attempt(this.system.read())
    return () => ends.forEach((end) => end())
  }

  /** Waits for a task to be begun, and shows it at once; undefined: it could not be, and the person was told. */
  async begin(beginning: Promise<Task>): Promise<Task | undefined> {
    const task = await this.attempt(beginning)
    if (task !== undefined) this.tasks.apply([task], [])
    return task
  }

  /** Waits for an intent and tells the person when it fails; undefined: it did. */
  async attempt<T>(doing: Promise<T>): Promise<T | undefined> {
    try {
      return await doing
    } catch (thrown) {
      const error = asLabError(thrown)
      // Before anything was shown: the lab is there, its database is not.
      if (error.help?.action === 'repair' && !this.preferences.ready) this.damage = error
      else this.notices.failure(thrown)
      return undefined
    }
  }
}

export const [getApp, setApp] = createContext<App>()
