/** A layer of the form that is dragged: told apart from files and texts. */
const type = 'application/x-weightscape-layer'

export function dragLayer({ dataTransfer }: DragEvent, id: string): void {
  if (dataTransfer === null) return
  dataTransfer.setData(type, id)
  dataTransfer.effectAllowed = 'move'
}

/** Whether it is one that may be dropped here; where it is, the browser is told so. */
export function takesLayer(event: DragEvent): boolean {
  const takes = event.dataTransfer?.types.includes(type) === true
  if (takes) event.preventDefault()
  return takes
}

/** The one that was dropped; null: it is something else. */
export function droppedLayer(event: DragEvent): string | null {
  const id = event.dataTransfer?.getData(type) ?? ''
  if (id === '') return null
  event.preventDefault()
  return id
}
