/** Pieces of WebAssembly's text format that kernels repeat. */

/** A piece for each of 0 ... count - 1. */
export const each = (count: number, piece: (i: number) => string): string => Array.from({ length: count }, (_, i) => piece(i)).join('\n')

/** Locals of a type, by their names. */
export const locals = (type: 'i32' | 'v128', ...names: string[]): string => names.map((name) => `(local $${name} ${type})`).join(' ')

/** Names with numbers behind: `s0`, `s1`, ... */
export const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}${i}`)

/** Moves pointers on: by bytes, or by what a local holds. */
export function advance(by: number | string, ...pointers: string[]): string {
  const distance = typeof by === 'number' ? `(i32.const ${by})` : `(local.get $${by})`
  return pointers.map((name) => `(local.set $${name} (i32.add (local.get $${name}) ${distance}))`).join('\n')
}

/** Goes on while a pointer is below its end, which it need not be at the beginning: begins what {@link again} ends. */
export const whileBelow = (pointer: string, end: string): string =>
  `(block $done (loop $next (br_if $done (i32.ge_u (local.get $${pointer}) (local.get $${end})))`
export const again = '(br $next)))'

/** Turns the four vectors $s0 ... $s3 over, by way of $t0 ... $t3: lane i of vector j becomes lane j of vector i. */
export const transpose = `
  ${each(4, (i) => {
    const lanes = i % 2 === 0 ? '0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23' : '8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31'
    const first = i < 2 ? 0 : 2
    return `(local.set $t${i} (i8x16.shuffle ${lanes} (local.get $s${first}) (local.get $s${first + 1})))`
  })}
  ${each(4, (i) => {
    const lanes = i % 2 === 0 ? '0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23' : '8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31'
    const first = i < 2 ? 0 : 1
    return `(local.set $s${i} (i8x16.shuffle ${lanes} (local.get $t${first}) (local.get $t${first + 2})))`
  })}`
