/** Short notices at the edge of the window. */
import { toast } from 'svelte-sonner'
import { asLabError, wasCancelled } from '../state/errors.ts'

export interface NoticeAction {
  label: string
  run(): void
}

export class Notices {
  #undo: (() => void) | null = null

  say(message: string, action?: NoticeAction): void {
    toast(message, { ...(action === undefined ? {} : { action: { label: action.label, onClick: action.run } }) })
  }

  success(message: string, action?: NoticeAction): void {
    toast.success(message, { ...(action === undefined ? {} : { action: { label: action.label, onClick: action.run } }) })
  }

  /** Says what was done and offers to take it back, here and by its shortcut. */
  undoable(message: string, undo: () => void): void {
    const once = () => {
      if (this.#undo === once) this.#undo = null
      undo()
    }
    this.#undo = once
    toast(message, { duration: 10_000, action: { label: 'Undo', onClick: once } })
  }

  /** Takes back what was deleted last; false: there is nothing. */
  undoLast(): boolean {
    const undo = this.#undo
    undo?.()
    return undo !== null
  }

  failure(thrown: unknown): void {
    if (wasCancelled(thrown)) return
    const { message, remedy } = asLabError(thrown)
    toast.error(message.split('\n', 1)[0], { description: remedy, duration: 15_000 })
  }
}
