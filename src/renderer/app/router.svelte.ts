/** Where the person is: the part of the address after `#`. */

export class Router {
  #address = $state('/')
  readonly path = $derived(this.#address.split('?', 1)[0])
  readonly query = $derived(new URLSearchParams(this.#address.slice(this.path.length)))

  /** Follows the window's address until the returned function is called. */
  follow(window: Window): () => void {
    const read = () => (this.#address = window.location.hash.replace(/^#/, '') || '/')
    read()
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }

  /** Goes to an address, such as `/runs/calm-otter`; Back leads to where the person was. */
  go(address: string): void {
    window.location.hash = address
  }

  /** As {@link go}, but Back passes this place over: for choices within a view. */
  replace(address: string): void {
    window.history.replaceState(null, '', `#${address}`)
    this.#address = address
  }
}
