/** Light or dark: the system's, unless the person said otherwise. */
import { MediaQuery } from 'svelte/reactivity'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const key = 'weightscape.theme'

export class ThemeState {
  chosen = $state<Theme>('system')
  readonly #system = new MediaQuery('(prefers-color-scheme: dark)')
  readonly dark = $derived(this.chosen === 'system' ? this.#system.current : this.chosen === 'dark')

  /** Kept in the window, not the lab: it must be known before the first paint. */
  read(): void {
    const kept = window.localStorage.getItem(key)
    this.#show(themes.find((theme) => theme === kept) ?? 'system')
  }

  choose(theme: Theme): void {
    window.localStorage.setItem(key, theme)
    this.#show(theme)
  }

  #show(theme: Theme): void {
    this.chosen = theme
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
  }

  toggle(): void {
    this.choose(this.dark ? 'light' : 'dark')
  }
}
