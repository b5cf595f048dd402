/** Light or dark: the system's, unless the person said otherwise. */

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const key = 'weightscape.theme'

export class ThemeState {
  chosen = $state<Theme>('system')
  #systemDark = $state(false)
  readonly dark = $derived(this.chosen === 'system' ? this.#systemDark : this.chosen === 'dark')

  /** Kept in the window, not the lab: it must be known before the first paint. */
  follow(window: Window): () => void {
    const kept = window.localStorage.getItem(key)
    this.chosen = themes.find((theme) => theme === kept) ?? 'system'
    const media = window.matchMedia('(prefers-color-scheme: dark)')
    const read = () => (this.#systemDark = media.matches)
    read()
    this.#show(window.document)
    media.addEventListener('change', read)
    return () => media.removeEventListener('change', read)
  }

  choose(theme: Theme): void {
    this.chosen = theme
    window.localStorage.setItem(key, theme)
    this.#show(window.document)
  }

  toggle(): void {
    this.choose(this.dark ? 'light' : 'dark')
  }

  #show(document: Document): void {
    if (this.chosen === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = this.chosen
  }
}
