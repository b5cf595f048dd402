/** One file on its way to the lab. */
import { LabError, errorSchema } from '../../shared/errors.ts'

/**
 * By XMLHttpRequest, since `fetch` tells nothing of how far an upload is.
 * @throws LabError what the lab answered; `link-lost` when the connection broke; `cancelled`
 */
export function uploadFile(importId: string, path: string, file: File, signal: AbortSignal, sent: (bytes: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const address = [importId, ...path.split('/')].map(encodeURIComponent).join('/')
    const end = () => request.abort()
    const settle = (error?: LabError) => {
      signal.removeEventListener('abort', end)
      if (error === undefined) resolve()
      else reject(error)
    }
    request.open('PUT', `/upload/${address}`)
    request.upload.onprogress = ({ loaded }) => sent(loaded)
    request.onload = () => settle(request.status === 204 ? undefined : answered(request, path))
    request.onerror = () => settle(lost(path))
    request.onabort = () => settle(new LabError('cancelled', 'The upload was cancelled.', 'Drop the files again to import them.'))
    if (signal.aborted) {
      reject(new LabError('cancelled', 'The upload was cancelled.', 'Drop the files again to import them.'))
      return
    }
    signal.addEventListener('abort', end)
    request.send(file)
  })
}

function answered({ responseText, status }: XMLHttpRequest, path: string): LabError {
  try {
    return LabError.from(errorSchema.parse(JSON.parse(responseText)))
  } catch {
    return new LabError('internal', `The lab answered ${status} to ${path}.`, 'Reload the page and drop the files again.')
  }
}

function lost(path: string): LabError {
  return new LabError(
    'link-lost',
    `The connection broke while ${path} was sent, or the file changed on the disk.`,
    'Check that the lab is still running, then drop the files again.',
  )
}
