/** What a view shows, without a browser: its texts, and where its links lead. */
import type { Component } from 'svelte'
import { render } from 'svelte/server'
import type { Platform } from '../../shared/bridge.ts'
import { App, type AppEnvironment } from '../app/app.svelte.ts'
import { scriptedClient } from './scripted-client.ts'
import WithApp from './WithApp.svelte'

/** One that knows nothing yet; lists are filled by their `apply`. */
export function emptyApp(): App {
  const connection: AppEnvironment['client']['connection'] = { value: { state: 'connecting' }, subscribe: () => () => undefined }
  return new App({ client: { ...scriptedClient(), connection }, platform: {} as Platform })
}

export interface Shown {
  html: string
  /** Of the whole, by single blanks. */
  text: string
  /** Title and address of each link. */
  links: [text: string, href: string][]
  /** Of each row of each table, its cells. */
  rows: string[][]
  /** Of each item of each list. */
  items: string[]
}

export function shown<Props extends object>(view: Component<Props>, props: Props, app = emptyApp()): Shown {
  const { body } = render(WithApp, { props: { app, view, props } })
  const html = body.replaceAll(/<!--[^]*?-->|<style>[^]*?<\/style>|<svg[^]*?<\/svg>/g, '')
  return {
    html,
    text: textOf(html),
    links: all(html, 'a').map((link) => [textOf(link), /href="([^"]*)"/.exec(link)?.[1] ?? '']),
    rows: all(html, 'tr').map((row) => all(row, 't[hd]').map(textOf)),
    items: all(html, 'li').map(textOf),
  }
}

/** Elements of a name, which do not lie within each other. */
const all = (html: string, name: string): string[] =>
  [...html.matchAll(new RegExp(`<(${name})[\\s>][^]*?</\\1>`, 'g'))].map(([found]) => found)

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' }
const textOf = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole)
    .replaceAll(/\s+/g, ' ')
    .trim()
