/** Filters of several networks beside each other, and the latent cockpit: a place on the pad is a network, and can be kept. */
import { readFile } from 'node:fs/promises'
import { expect } from './lab.ts'
import { expectSure, toldIn } from './told-shares.ts'
import { test } from './trained-lab.ts'

test('a place among latent vectors is a network, which follows the pad and is kept as a receipt', async ({ window }) => {
  await window.getByRole('link', { name: 'Latent cockpit' }).click()
  const pad = window.getByRole('slider', { name: /across, .* up$/ })
  await expect(window.getByRole('list', { name: 'Error rate by class' })).toBeVisible({ timeout: 60_000 })
  expectSure(await toldIn(window), 'cockpit')
  const command = window.getByText(/cockpit .* --directions random .*--amounts=/)
  await expect(command).toContainText('--amounts=0,0,0,0,0,0')
  await pad.focus()
  await pad.press('ArrowRight')
  await pad.press('ArrowUp')
  await expect(command).toContainText('--amounts=0.05,0.05,0,0,0,0')
  const box = (await pad.boundingBox())!
  await pad.click({ position: { x: box.width * 0.75, y: box.height * 0.5 } })
  await expect(command).toContainText(/--amounts=0\.[45]/)
  // A menu of the browser's is no place.
  await pad.click({ button: 'right', position: { x: box.width * 0.1, y: box.height * 0.1 } })
  await expect(command).toContainText(/--amounts=0\.[45]/)
  await window.getByRole('combobox', { name: 'Kind' }).click()
  await window.getByRole('option', { name: 'Line of two networks' }).click()
  await expect(window.getByText('From 0 to 1 across')).toBeVisible()

  const saving = window.waitForEvent('download')
  await window.getByRole('button', { name: 'Save the latent vector' }).click()
  const { checkpoint, z } = JSON.parse(await readFile(await (await saving).path(), 'utf8')) as { checkpoint: string; z: number[] }
  expect(checkpoint).toMatch(/^[0-9a-f]{64}$/)
  expect(z.every((value) => Math.abs(value) <= 1)).toBe(true)
})

test('the same filter of several networks is shown, with the way along z', async ({ window }) => {
  await window.getByRole('link', { name: 'Analyses', exact: true }).click()
  await window.getByRole('link', { name: 'Open Filters' }).click()
  await window.getByRole('button', { name: 'New analysis' }).click()
  const form = window.getByRole('dialog', { name: 'Filters' })
  await form.getByLabel('Networks', { exact: true }).fill('7')
  await form.getByLabel('Layer', { exact: true }).fill('1')
  await form.getByLabel('Filter', { exact: true }).fill('0')
  await form.getByRole('button', { name: 'Start' }).click()
  await expect(window.getByText(/^The same filter of 7 networks, filter 0 of layer 1.*\.$/)).toBeVisible({ timeout: 60_000 })
  await expect(window.getByRole('heading', { name: 'Filter 0 of layer 1, from network 0 to 1' })).toBeVisible()
  await expect(window.getByRole('img', { name: /^Colours from .* \(blue\) by 0 \(white\) to .* \(red\)$/ }).first()).toBeVisible()
})
