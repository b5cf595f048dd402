/** Options that several commands share: which networks, on which images. */
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { Option } from 'commander'
import type { Command } from 'commander'
import type { Analysis } from '../../../analyses/analysis.ts'
import type { Split } from '../../../shared/split.ts'
import { checkpointStep, imageCount, seed } from '../option-values.ts'

export interface NetworkOptions {
  seed?: number
  at?: number
}

/** Networks are drawn anew by their seed, so the same seed gives the same networks. */
export function addNetworkOptions(command: Command): Command {
  return command
    .option('--seed <s>', "which networks: the same seed gives the same ones (default: the run's seed)", seed)
    .option('--at <step>', 'use the checkpoint at this step (default: the newest)', checkpointStep)
}

export interface ImageOptions {
  split: Split
  images: number | 'all'
}

export function addImageOptions(command: Command, { default: standard, help }: NonNullable<Analysis['images']>): Command {
  return command
    .addOption(
      new Option(
        '--split <split>',
        'which images: those held back for choosing (validation) or for the final figure (test), or those trained on',
      )
        .choices(['validation', 'test', 'train'])
        .default('validation'),
    )
    .option('--images <m>', help, imageCount, standard)
}

/** What the lab is asked for. A split smaller than the default is taken whole; a number that was typed is meant. */
export function imageChoice(command: Command, { split, images }: ImageOptions, available: number): { split: Split; images?: number } {
  if (images === 'all') return { split }
  if (command.getOptionValueSource('images') === 'default') return { split, images: Math.max(1, Math.min(images, available)) }
  return { split, images }
}

export function networkChoice({ seed, at }: NetworkOptions): NetworkOptions {
  return omitUndefined({ seed, at })
}
