import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { servePage } from './page.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'))
  await mkdir(join(folder, 'page', 'assets'), { recursive: true })
  await mkdir(join(folder, 'page-beside'), { recursive: true })
  await writeFile(join(folder, 'page', 'index.html'), '<p>here</p>')
  await writeFile(join(folder, 'page', 'assets', 'a.js'), 'export {}')
  await writeFile(join(folder, 'page', 'notes.txt'), 'not served')
  await writeFile(join(folder, 'secret.json'), '{}')
  await writeFile(join(folder, 'page-beside', 'secret.json'), '{}')
})
afterAll(() => rm(folder, { recursive: true }))

const get = (url: string): Promise<Response> => servePage(join(folder, 'page'))(new Request(url))

describe('the page', () => {
  it('serves its own files, each under the policy', async () => {
    const page = await get('app://weightscape/index.html')
    expect(page.status).toBe(200)
    expect(await page.text()).toBe('<p>here</p>')
    const script = await get('app://weightscape/assets/a.js')
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    for (const answer of [page, script]) {
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(answer.headers.get('content-security-policy')).not.toContain('unsafe')
    }
  })

  it.each([
    'app://weightscape/..%2fsecret.json',
    'app://weightscape/assets/..%2f..%2fsecret.json',
    'app://weightscape/..%2fpage-beside%2fsecret.json',
    'app://weightscape/%5c..%5csecret.json',
    'app://weightscape/%ff',
    'app://weightscape/index.html%00.js',
    'app://weightscape/notes.txt',
    'app://elsewhere/index.html',
  ])('refuses %s', async (url) => {
    expect((await get(url)).status).toBe(403)
  })

  it('says so when a file is not there', async () => {
    expect((await get('app://weightscape/missing.js')).status).toBe(404)
  })
})
