import type { ErrorValue } from '../../shared/errors.ts'

/** A part of the window's own files is not there to be fetched. */
export const unfetched: ErrorValue = {
  code: 'not-found',
  message: 'Files of the window could not be loaded.',
  remedy: 'If the lab was updated or ended meanwhile, reload the page.',
}
