/** Patterns of addresses, such as `/runs/:run/manifold`. */

export type RouteParams = Readonly<Record<string, string>>

/** What `:name` parts of the pattern are in a path; null: another path. */
export function match(pattern: string, path: string): RouteParams | null {
  const parts = split(pattern)
  const given = split(path)
  if (parts.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [index, part] of parts.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = decode(given[index])
    else if (part !== given[index]) return null
  }
  return params
}

/** The address of a pattern with its parts filled in, to be put after `#`. */
export function address(pattern: string, params: RouteParams = {}, query: Readonly<Record<string, string>> = {}): string {
  const path = split(pattern)
    .map((part) => (part.startsWith(':') ? encodeURIComponent(params[part.slice(1)]) : part))
    .join('/')
  const search = new URLSearchParams(query).toString()
  return `/${path}${search === '' ? '' : `?${search}`}`
}

const split = (path: string): string[] => path.split('/').filter((part) => part !== '')

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part // Someone typed a bare %: it is then a name like any other.
  }
}
