/** Options that several commands share: which networks, on which images. */
import { Option } from 'commander'
import type { Command } from 'commander'
import type { Split } from '../../../shared/split.ts'
import { imageCount, seed, wholeNumber } from '../option-values.ts'

export interface NetworkOptions {
  seed?: number
  at?: number
}

/** Networks are drawn anew by their seed, so the same seed gives the same networks. */
export function addNetworkOptions(command: Command): Command {
  return command
    .option('--seed <s>', "which networks: the same seed gives the same ones (default: the run's seed)", seed)
    .option('--at <step>', 'use the checkpoint at this step (default: the newest)', wholeNumber(0))
}

export interface ImageOptions {
  split: Split
  images: number | 'all'
}

/** Images looked at when nobody says: enough for a figure within a percent, quick enough to wait for. */
export const defaultImages = 1000

export function addImageOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--split <split>',
        'which images: those held back for choosing (validation) or for the final figure (test), or those trained on',
      )
        .choices(['validation', 'test', 'train'])
        .default('validation'),
    )
    .option('--images <m>', 'the first M images of the split, or "all"', imageCount, defaultImages)
}

/** What the lab is asked for. A split smaller than the default is taken whole; a number that was typed is meant. */
export function imageChoice(command: Command, { split, images }: ImageOptions, available: number): { split: Split; images?: number } {
  if (images === 'all') return { split }
  if (command.getOptionValueSource('images') === 'default') return { split, images: Math.max(1, Math.min(images, available)) }
  return { split, images }
}

export function networkChoice({ seed, at }: NetworkOptions): NetworkOptions {
  return { ...(seed === undefined ? {} : { seed }), ...(at === undefined ? {} : { at }) }
}
