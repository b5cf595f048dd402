import { expect, test } from './lab.ts'

test('a stranger without the token is kept out', async ({ server, page }) => {
  const address = new URL(server.url)
  const response = await page.goto(address.origin)
  expect(response?.status()).toBe(401)
})

test('an empty lab says how to begin', async ({ lab }) => {
  await expect(lab.getByRole('button', { name: /try it on mnist/i })).toBeVisible()
  expect(new URL(lab.url()).search, 'the token is not left in the address').toBe('')
})
