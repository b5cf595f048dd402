/** Short notices at the edge of the window. */
import { toast } from 'svelte-sonner'
import { asLabError, wasCancelled } from '../state/errors.ts'
import { inLabels, remedyToShow } from '../state/words.svelte.ts'

export interface NoticeAction {
  label: string
  run(): void
}

export class Notices {
  /** Ways back from deletions, the newest last. */
  #undos = $state.raw<readonly (() => void)[]>([])

  say(message: string): void {
    toast(message)
  }

  success(message: string, action?: NoticeAction): void {
    toast.success(message, action === undefined ? {} : { action: { label: action.label, onClick: action.run } })
  }

  /** Says what was done and offers to take it back, here and by its shortcut. */
  undoable(message: string, undo: () => void): void {
    const once = () => {
      if (!this.#undos.includes(once)) return
      this.#undos = this.#undos.filter((other) => other !== once)
      undo()
    }
    this.#undos = [...this.#undos, once]
    toast(message, { duration: 10_000, action: { label: 'Undo', onClick: once } })
  }

  /** Takes back what was deleted last; false: there is nothing. */
  undoLast(): boolean {
    const undo = this.#undos.at(-1)
    undo?.()
    return undo !== undefined
  }

  failure(thrown: unknown): void {
    if (wasCancelled(thrown)) return
    const error = asLabError(thrown)
    const { text, link } = remedyToShow(error)
    toast.error(inLabels(error.message.split('\n', 1)[0]), {
      description: text,
      duration: 15_000,
      ...(link === null ? {} : { action: { label: link.title, onClick: () => location.assign(link.href) } }),
    })
  }
}
