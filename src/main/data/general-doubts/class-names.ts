/** Names of classes: made by machines, or alike but for how they are spelled. */
import type { Doubt } from '../../../shared/import-options.ts'
import { editDistance } from '../../../shared/edit-distance.ts'
import { listed } from '../../../shared/split-doubts.ts'
import { acceptable, accepting } from '../doubts.ts'

/** Names of folders that systems, web pages and programs make, and of archives and shards. */
const machineNames =
  /^([@#$].*|lost\+found|thumb(nail)?s?|docs?|static|assets|src|lib|node_modules|img|imgs|images?|pictures?|photos?|data|output|tmp|temp|unpacked|.*[-_.](shard[-_]?)?\d{5,}|shard.*|.*\.(tar|zip|gz|tgz|png|jpe?g|csv|npz))$/i

export function nameDoubts(names: readonly string[]): Doubt[] {
  const doubts: Doubt[] = []
  const machine = names.filter((name) => machineNames.test(name))
  if (machine.length > 0)
    doubts.push(
      acceptable(
        'machine-names',
        `${machine.length === names.length ? 'All' : `${machine.length} of ${names.length}`} classes are called like folders of machines, or like archives: ${listed(machine)}.`,
        'They are the classes.',
      ),
    )
  const alike = new Map<string, string[]>()
  for (const name of names) {
    const plain = plainName(name)
    alike.set(plain, [...(alike.get(plain) ?? []), name])
  }
  // What a file manager calls a second copy: beside the first it is alike.
  for (const name of names) {
    const plain = plainName(name.replace(/([-_ ]+(copy|kopie|copie|copia))?([-_ ]*\(\d+\))?$/i, ''))
    const group = alike.get(plain)
    if (plain !== plainName(name) && group !== undefined) group.push(name)
  }
  const pairs = [...alike.entries()].filter(([plain, group]) => group.length > 1 && plain !== '').map(([, group]) => group)
  if (pairs.length > 0)
    doubts.push({
      code: 'classes-alike',
      message: `Names of classes differ in case, blanks, dashes, zeros in front or letters that look alike, or are called copies: ${listed(pairs.map((group) => group.map((name) => `"${name}"`).join(' and ')))}.`,
      choices: [
        accepting('classes-alike', 'They are different classes.'),
        {
          words: 'They are the same: one class each.',
          options: { rename: Object.fromEntries(pairs.flatMap(([first, ...others]) => others.map((name) => [name, first]))) },
        },
      ],
    })
  return doubts
}

function plainName(name: string): string {
  // The sign of a number is no dash.
  if (/^-\d/.test(name)) return name
  const plain = name
    .normalize('NFKC')
    .replace(/[\s_-]|\p{Cf}/gu, '')
    .toLowerCase()
    .replace(/^0+(?=\d+$)/, '')
  // Alphabets have letters of their own that look alike.
  return plain.length < 2 ? plain : plain.replace(/\p{L}/gu, (letter) => lookAlikes.get(letter) ?? letter)
}

/** Cyrillic and Greek letters that look like Latin ones, small or large. */
const lookAlikes: ReadonlyMap<string, string> = new Map(
  [...'аaвbеeкkмmнhоoрpсcтtуyхxіiјjѕsοoαaνvρpτtκkεeιi'.matchAll(/(.)(.)/gu)].map(([, letter, latin]) => [letter, latin]),
)

/** Whether words differ by one letter, or two in long ones, or by what makes a plural; numbers never do. */
export function areAlmostAlike(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => plainName(name).replace(/ies$/, 'y').replace(/e?s$/, ''))
  if (/\d/.test(a + b)) return a === b && one !== other
  return a === b || (Math.min(a.length, b.length) > 3 && editDistance(a, b) <= (Math.min(a.length, b.length) > 6 ? 2 : 1))
}
