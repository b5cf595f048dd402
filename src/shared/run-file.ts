/** Files that runs go into other labs in. */

/** Their ending; the packaged app is what opens them. */
export const runFileEnding = '.weightscape'

export const isRunFile = (path: string): boolean => path.toLowerCase().endsWith(runFileEnding)
