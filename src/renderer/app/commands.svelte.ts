/** Everything that can be done from the palette or by a key; views add theirs while they are open. */

import { untrack } from 'svelte'

export interface Command {
  id: string
  title: string
  group: string
  shortcut?: string
  /** Words that the palette also finds it by. */
  also?: string
  run: () => void
}

export class Commands {
  #sets = $state.raw<readonly (readonly Command[])[]>([])
  readonly all = $derived(this.#sets.flat())
  paletteOpen = $state(false)
  shortcutsOpen = $state(false)

  /** Offers commands until the returned function is called: give it to an effect. */
  add(commands: readonly Command[]): () => void {
    this.#sets = [...untrack(() => this.#sets), commands]
    return () => (this.#sets = this.#sets.filter((set) => set !== commands))
  }
}
