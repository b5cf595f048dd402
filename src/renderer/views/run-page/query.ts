/** Choices within a view, kept in its address so that a link leads to them. */
import type { Router } from '../../app/router.svelte.ts'

/** Changes parts of the address's query; null takes one away. Back passes over it. */
export function changeQuery(router: Pick<Router, 'path' | 'query' | 'replace'>, parts: Readonly<Record<string, string | null>>): void {
  const query = new URLSearchParams(router.query)
  for (const [name, value] of Object.entries(parts)) {
    if (value === null) query.delete(name)
    else query.set(name, value)
  }
  const search = query.toString()
  router.replace(`${router.path}${search === '' ? '' : `?${search}`}`)
}

/** A whole number in the address's query; null: there is none. */
export function numberIn(router: Pick<Router, 'query'>, name: string): number | null {
  const text = router.query.get(name)
  return text !== null && /^\d+$/.test(text) ? Number(text) : null
}
