/**
 * Text from outside: names of files, classes, runs. It may hold characters that command a terminal (escapes),
 * turn the direction of reading, or take no room: nobody may be shown something else than there is.
 */
import { z } from 'zod'

/** Controls, direction marks, characters without width, tags: all that cannot be seen, but for tab and line feed. */
export const hiddenCharacters =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

/** What cannot be seen, spelled out as JSON does: `\u001b`. In JSON it stays the same text. */
export const spellHidden = (text: string): string =>
  text.toWellFormed().replace(hiddenCharacters, (hidden) =>
    hidden
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )

/** The longest name of a run, a data set or a class, characters. */
export const maxNameLength = 200

/** As a sentence quotes what was typed: cut where no name is so long. */
export const quoted = (text: string): string => `"${text.length > maxNameLength ? `${text.slice(0, maxNameLength)}…` : text}"`

/** On one line, without what cannot be seen. */
const oneLine = (text: string): string => text.toWellFormed().replace(hiddenCharacters, '').replace(/\s+/g, ' ').trim()

/** A name that a file gives, as it is kept: cut where it is too long. */
export const plainName = (text: string): string => oneLine(text).slice(0, maxNameLength).toWellFormed()

/** A name that a person gives. */
export const givenName = (longest = maxNameLength): z.ZodType<string, string> =>
  z
    .string()
    .transform(oneLine)
    .pipe(z.string().min(1, 'A name is missing').max(longest, `A name has at most ${longest} characters`))

/** Tags that a person gives a run. */
export const givenTags = () => z.array(givenName(60)).max(50, 'A run has at most 50 tags')

/** A note of a person on a run. */
export const givenNote = () => z.string().max(10_000, 'A note has at most 10,000 characters')
