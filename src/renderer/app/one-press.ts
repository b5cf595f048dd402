/** A double click is one press of what was clicked first, and a key that is held is one press too. */

const pressable = 'a, button, label, summary, tr, canvas, [role]'

const isText = (target: EventTarget | null): boolean => target instanceof Element && target.matches('input, textarea, select')

const thingAt = (target: EventTarget | null): Element | null => (target instanceof Element ? target.closest(pressable) : null)

/** The mouse button that is down, or was last, is the rest of a double click that began on something else. */
let isRest = false

/** Asked by what closes where something else is pressed: it has just been opened. */
export const isRestOfPress = (): boolean => isRest

/**
 * Until the returned function is called, the second click of a double click does not reach what came under the
 * pointer after the first (Pause in the place of Start, a row under a dialog that closed), nor does a held Enter
 * press again what it pressed or what the focus went to.
 */
export function pressOnce(window: Window): () => void {
  let first: Element | null = null
  const stop = (event: Event) => {
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  const onDown = (event: MouseEvent) => {
    if (event.detail <= 1) first = thingAt(event.target)
    isRest = thingAt(event.target) !== first
  }
  const onClick = (event: MouseEvent) => {
    if (event.detail > 1 && isRest && !isText(event.target)) stop(event)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.repeat && event.key === 'Enter' && !(event.target instanceof HTMLTextAreaElement)) stop(event)
  }
  window.addEventListener('mousedown', onDown, true)
  window.addEventListener('click', onClick, true)
  window.addEventListener('keydown', onKey, true)
  return () => {
    window.removeEventListener('mousedown', onDown, true)
    window.removeEventListener('click', onClick, true)
    window.removeEventListener('keydown', onKey, true)
  }
}
