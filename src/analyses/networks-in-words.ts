/** How many networks, and whether someone picked them: what they reach then says nothing of networks in general. */
import { plural } from '../shared/wording.ts'

/** "100 networks", "12 hand-picked networks" */
export const networksInWords = (count: number, networks: readonly number[] | null): string =>
  plural(count, networks === null ? 'network' : 'hand-picked network')
