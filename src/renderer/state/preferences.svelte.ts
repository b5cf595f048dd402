/** What the person prefers, kept by the lab, so that window and browser agree. */
import type { LabClient } from '../../shared/contract.ts'
import type { z } from 'zod'
import type { json } from 'zod'

export type Json = z.infer<ReturnType<typeof json>>

export class Preferences {
  #values = $state.raw<Readonly<Record<string, Json>>>({})
  /** They have been read: before that, values are the defaults. */
  ready = $state(false)
  readonly #client: LabClient

  constructor(client: LabClient) {
    this.#client = client
  }

  async read(): Promise<void> {
    this.#values = await this.#client.call('preferences.get', {})
    this.ready = true
  }

  /** @param fallback also where what is kept is not of the schema, as after an older version */
  get<T>(key: string, schema: z.ZodType<T>, fallback: T): T {
    const parsed = schema.safeParse(this.#values[key])
    return parsed.success ? parsed.data : fallback
  }

  /** Holds at once; a lab that cannot keep it is no reason to stop the person. */
  set(key: string, value: Json): void {
    this.#values = { ...this.#values, [key]: value }
    this.#client.call('preferences.set', { key, value }).catch(() => undefined)
  }
}
