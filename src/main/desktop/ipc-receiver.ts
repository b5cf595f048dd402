/** Hears windows: only the app's own page, only from its topmost frame, only what has the right shape. */
import { z } from 'zod'
import { LabError, toErrorValue } from '../../shared/errors.ts'
import type { ErrorValue } from '../../shared/errors.ts'
import type { Frame, Ipc, SentBy } from './electron-platform.ts'
import { isOwnAddress } from './page.ts'

/** Whether a message comes from the page that the app shows, and not from something inside it. */
export function isOwnFrame(frame: Frame | null): boolean {
  return frame !== null && frame.parent === null && isOwnAddress(frame.url)
}

export interface IpcReceiver {
  /** Hears what needs no answer; what is not of the shape is dropped. */
  hear<S extends z.ZodType>(channel: string, values: S, act: (values: z.output<S>, by: SentBy) => void): void
  /** Answers; an error is a value, for thrown ones lose their code on the way. */
  answer<S extends z.ZodType, A extends object>(channel: string, values: S, act: (values: z.output<S>, by: SentBy) => Promise<A>): void
}

export function ipcReceiverOf(ipc: Ipc): IpcReceiver {
  return {
    hear(channel, schema, act) {
      ipc.on(channel, (by, ...values) => {
        if (!isOwnFrame(by.senderFrame)) return
        const checked = schema.safeParse(values)
        if (checked.success) act(checked.data, by)
      })
    },
    answer(channel, schema, act) {
      ipc.handle(channel, async (by, ...values): Promise<object | { error: ErrorValue }> => {
        // A stranger gets nothing to learn from.
        if (!isOwnFrame(by.senderFrame)) throw new Error('Refused.')
        try {
          const checked = schema.safeParse(values)
          if (!checked.success)
            throw new LabError('invalid-argument', `${channel}: ${z.prettifyError(checked.error)}`, 'This is a defect in Weightscape.')
          return await act(checked.data, by)
        } catch (error) {
          return { error: toErrorValue(error) }
        }
      })
    },
  }
}
