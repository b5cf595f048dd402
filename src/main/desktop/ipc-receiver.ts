/** Hears windows: only the app's own page, only from its topmost frame, only what has the right shape. */
import { ipcMain } from 'electron'
import type { IpcMainEvent, IpcMainInvokeEvent } from 'electron'
import { z } from 'zod'
import { LabError, toErrorValue } from '../../shared/errors.ts'
import type { ErrorValue } from '../../shared/errors.ts'
import { isOwnAddress } from './page.ts'

/** Whether a message comes from the page that the app shows, and not from something inside it; no frame: it is gone by now. */
function isOwnFrame({ senderFrame: frame }: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return frame !== null && frame.parent === null && isOwnAddress(frame.url)
}

/** Hears what needs no answer; what is not of the shape is dropped. */
export function hear<S extends z.ZodType>(channel: string, schema: S, act: (values: z.output<S>, by: IpcMainEvent) => void): void {
  ipcMain.on(channel, (by, ...values) => {
    if (!isOwnFrame(by)) return
    const checked = schema.safeParse(values)
    if (checked.success) act(checked.data, by)
  })
}

/** Answers; an error is a value, for thrown ones lose their code on the way. */
export function answer<S extends z.ZodType>(
  channel: string,
  schema: S,
  act: (values: z.output<S>, by: IpcMainInvokeEvent) => Promise<object>,
): void {
  ipcMain.handle(channel, async (by, ...values): Promise<object | { error: ErrorValue }> => {
    // A stranger gets nothing to learn from.
    if (!isOwnFrame(by)) throw new Error('Refused.')
    try {
      const checked = schema.safeParse(values)
      if (!checked.success)
        throw new LabError('invalid-argument', `${channel}: ${z.prettifyError(checked.error)}`, 'This is a defect in Weightscape.')
      return await act(checked.data, by)
    } catch (error) {
      return { error: toErrorValue(error) }
    }
  })
}
