/** Hands something that the page made to the person, as a file. */

export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser takes hold of the blob before this turn ends, or soon after.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

export const saveText = (name: string, type: string, text: string): void => saveBlob(name, new Blob([text], { type }))

/** `Sampled accuracy` -> `sampled-accuracy` */
export const fileName = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
