/** How many networks, and whether someone picked them: what they reach then says nothing of networks in general. */
import { plural } from '../shared/wording.ts'

/** "100 networks", "12 hand-picked networks" */
export const networksInWords = (count: number, networks: readonly number[] | null): string =>
  plural(count, networks === null ? 'network' : 'hand-picked network')

/** Said beside figures of networks that someone picked. */
export const pickedInWords = (networks: readonly number[] | null): string[] =>
  networks === null
    ? []
    : [
        'These networks were picked by hand: where they were picked by their accuracy on these same images, that flatters them, and only other images tell.',
      ]
